"""Old beside new: what counts as worse, what as deaf, and how tickets are parted by time."""

from datetime import UTC, datetime, timedelta

import pytest

from training.compare import Line, of_tickets, table
from training.own import KIND_SHARE, OWN_WORTH, weight_of
from training.site import parted
from training.tickets import Confirmed

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def line(old: int, new: int, total: int, *, is_danger: bool = False) -> Line:
    return Line("组", "项", old, new, total, is_danger)


@pytest.mark.parametrize(
    ("old", "new", "total", "is_worse"),
    [(40, 39, 40, True), (40, 40, 40, False), (900, 891, 999, False), (900, 890, 999, True)],
    ids=["one of forty", "the same", "one in a hundred", "more"],
)
def test_more_than_one_in_a_hundred_lost_is_worse(
    old: int, new: int, total: int, is_worse: bool
) -> None:
    assert line(old, new, total).is_worse is is_worse


def test_one_danger_lost_among_thousands_counts() -> None:
    assert line(3_000, 2_999, 3_000, is_danger=True).loses_danger
    assert not line(3_000, 3_000, 3_000, is_danger=True).loses_danger
    assert not line(3_000, 2_999, 3_000).loses_danger


def test_table_marks_what_is_worse() -> None:
    said = table([line(9, 10, 10), line(10, 9, 10)])

    assert said.splitlines()[1:] == ["组", "  项  9 → 10（10）  +1", "  项  10 → 9（10）  -1  ✗"]


def test_newest_fifth_is_left_out() -> None:
    told = [Confirmed(str(n), "N03", NOW + timedelta(n), "", False) for n in range(11)]

    older, newest = parted(told)

    assert [one.text for one in newest] == ["9", "10"]
    assert [*older, *newest] == told


def test_danger_is_asked_only_of_tickets_worked_as_one() -> None:
    told = [Confirmed("x", "N03", NOW, "", is_danger) for is_danger in (True, False)]

    assert [asked.danger for asked in of_tickets(told)] == [True, None]


def test_ticket_weighs_two_messages_but_never_more_than_the_corpus_together() -> None:
    assert weight_of(300, 10) == OWN_WORTH
    assert weight_of(300, 600) * 600 == 300
    assert weight_of(0, 50) == OWN_WORTH
    assert weight_of(7_000, 7_000, KIND_SHARE) * 7_000 == pytest.approx(700)
