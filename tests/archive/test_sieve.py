"""Only what the station listed and residents allow is read; everything else is counted and gone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.door_events import Recalled
from bot.engine.archive_sieve import Sieve
from bot.events import Heard
from bot.wecom.archive_rows import Nothing, Recall, Said
from config.rules import Rules
from tests.archive.sites import GROUP

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
RESIDENT, STAFF = "wmWANG", "lin_zhiyuan"


@pytest.fixture
def sieve(archive_rules: Rules) -> Sieve:
    return Sieve(rules=archive_rules, begin=NOW, robots=frozenset({"aibXIAOJING"}))


def said(**more: Any) -> Said:
    plain = {
        "msgid": "m1",
        "at": NOW,
        "by": RESIDENT,
        "room": GROUP,
        "to": (STAFF,),
        "text": "堵了",
    }
    return Said(**{**plain, **more})


def test_resident_in_a_listed_group_is_heard(sieve: Sieve) -> None:
    found = sieve.passed(said())

    assert isinstance(found, Heard)
    assert (found.key, found.chat, found.by, found.door) == (
        "archive:m1", GROUP, RESIDENT, "archive",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"room": "wrSOMEBODYS"}, "room_not_listed"),
        ({"room": "wrGUIHUA01"}, "room_not_listed"),
        ({"by": "wbROBOT01"}, "robot"),
        ({"by": "aibXIAOJING"}, "robot"),
        ({"at": NOW - timedelta(seconds=1)}, "before_begin"),
        ({"room": "", "to": ()}, "single_not_read"),
        ({"room": "", "to": ("wmLI",)}, "single_not_read"),
        ({"room": "", "by": STAFF, "to": ("tang_shuo",)}, "single_not_read"),
    ],
    ids=[
        "another group", "group that only hears mentions", "robot", "our own robot", "too early",
        "nobody to", "two strangers", "two colleagues",
    ],
)  # fmt: skip
def test_everything_else_is_left_unread(sieve: Sieve, more: dict[str, Any], why: str) -> None:
    """Trap 21: robots' own messages, empty roomid."""
    assert sieve.passed(said(**more)) == Nothing(why)


def test_resident_and_staff_alone_share_one_conversation(sieve: Sieve) -> None:
    one = sieve.passed(said(room=""))
    other = sieve.passed(said(room="", by=STAFF, to=(RESIDENT,)))

    assert isinstance(one, Heard)
    assert isinstance(other, Heard)
    assert one.chat == other.chat == f"archive:{RESIDENT}:{STAFF}"


def test_site_may_leave_singles_unread(sieve: Sieve) -> None:
    closed = replace(sieve, reads_singles=False)

    assert closed.passed(said(room="")) == Nothing("single_not_read")


def test_who_refused_is_not_read_and_staff_cannot_refuse(sieve: Sieve) -> None:
    """Trap 21: a sender who refused consent."""
    told = replace(sieve, consents={RESIDENT: False, STAFF: False})

    assert told.passed(said()) == Nothing("refused")
    assert isinstance(told.passed(said(by=STAFF)), Heard)


@pytest.mark.parametrize(("known", "is_read"), [({}, False), ({RESIDENT: True}, True)])
def test_site_may_ask_for_a_spoken_yes(sieve: Sieve, known: dict[str, bool], is_read: bool) -> None:
    strict = replace(sieve, needs_consent=True, consents=known)

    assert isinstance(strict.passed(said()), Heard) is is_read


def test_staff_are_called_as_the_roster_calls_them(sieve: Sieve) -> None:
    """Trap 26: userid upper and lower case; an external account keeps its case."""
    staff = sieve.passed(said(by="LIN_Zhiyuan"))
    resident = sieve.passed(said(by="wmwang"))

    assert isinstance(staff, Heard)
    assert isinstance(resident, Heard)
    assert (staff.by, resident.by) == (STAFF, "wmwang")


def test_recall_points_at_the_key_of_what_it_takes_back(sieve: Sieve) -> None:
    recall = Recall(msgid="m2", at=NOW, by=RESIDENT, room=GROUP, to=(), of="m1")

    found = sieve.passed(recall)

    assert isinstance(found, Recalled)
    assert (found.key, found.of, found.chat) == ("archive:m2", "archive:m1", GROUP)
