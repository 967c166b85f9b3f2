"""What may be counted for everybody: protected matters and whole classes are not even read."""

from datetime import UTC, datetime, timedelta

import pytest

from config.vocabulary import Stage
from storage import open_counts, tickets
from storage.session import Db
from storage.spans import Span
from tests.storage.rows import ticket

BEGIN = datetime(2026, 2, 28, 16, tzinfo=UTC)
MARCH = Span(BEGIN, BEGIN + timedelta(days=31))
IN_MARCH = BEGIN + timedelta(days=3)


def counted(db: Db, *left_out: str) -> list[open_counts.Matter]:
    return list(open_counts.matters(db, MARCH, left_out))


@pytest.mark.parametrize(
    "more",
    [
        {"protected": True},
        {"category": "P23"},
        {"category": "P08"},
        {"category": "P06"},
        {"stage": Stage.MERGED},
        {"stage": Stage.VOID},
        {"origin": "focus"},
        {"opened_at": BEGIN - timedelta(seconds=1)},
        {"opened_at": MARCH.until},
    ],
    ids=lambda more: ",".join(f"{k}={v}" for k, v in more.items())[:40],
)
def test_what_is_left_out(db: Db, more: dict[str, object]) -> None:
    given = {"category": "N03", "opened_at": IN_MARCH, **more}
    tickets.create(db, ticket("XH260304-0001A", **given))

    assert counted(db, "P06") == []


def test_all_of_a_month_comes_by_chunks(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_counts, "_CHUNK", 2)
    for number in range(5):
        made = ticket(f"XH260304-000{number}A", category="N03", opened_at=IN_MARCH)
        tickets.create(db, made)

    assert len(counted(db)) == 5


def test_nobody_known_is_one_and_the_same(db: Db) -> None:
    more = {"category": "N03", "opened_at": IN_MARCH, "reporter_key": ""}
    tickets.create(db, ticket("XH260304-0001A", **more))
    tickets.create(db, ticket("XH260304-0002A", **more))
    tickets.create(db, ticket("XH260304-0003A", **more, carrier="fang_xiaoman"))
    tickets.create(db, ticket("XH260304-0004A", **more, carrier="fang_xiaoman"))

    assert len({one.reporter for one in counted(db)}) == 3
