"""Who left and who was renamed: known once, followed through several renames."""

from datetime import UTC, datetime
from typing import Any

from storage import facts, staff
from storage.session import Db

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)


def test_change_is_known_once_and_renames_are_followed(db: Db) -> None:
    assert staff.note(db, "k1", "lin", "renamed", NOW, "lin2")
    assert not staff.note(db, "k1", "lin", "renamed", NOW, "lin2")
    assert staff.note(db, "k2", "lin2", "renamed", NOW, "lin3")
    assert staff.note(db, "k3", "qiu", "left", NOW)
    assert staff.renames(db) == {"lin": "lin3", "lin2": "lin3"}

    assert staff.note(db, "k4", "lin3", "renamed", NOW, "lin")
    assert staff.renames(db) == {"lin2": "lin", "lin3": "lin"}


def test_fact_is_new_once_for_each_value(db: Db) -> None:
    seen: list[Any] = [facts.once(db, "told", day) for day in ("1", "1", "2")]

    assert seen == [True, False, True]
    assert facts.known(db, "told") == "2"
    assert facts.known(db, "nothing") == ""
