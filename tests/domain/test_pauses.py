"""Limits without their pauses: worked examples, and what holds for every set of pauses."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import clocks, pauses
from config.load import load_rules
from config.time_rules import Allowance, Pause
from tests.config.sites import SAMPLE
from tests.domain.test_clocks import local, working

WORK = load_rules(SAMPLE).times.work
START = local("03-04 09:00")


def day_and_night(**span: float) -> Allowance:
    return Allowance(timedelta(**span), round_the_clock=True)


def pause(begins: str, ends: str | None = None) -> Pause:
    return Pause(local(begins), local(ends) if ends else None)


@pytest.mark.parametrize(
    ("allowance", "stood", "due"),
    [
        pytest.param(working(hours=2), [], "03-04 11:00", id="none"),
        pytest.param(
            working(hours=2), [pause("03-04 10:00", "03-04 12:00")], "03-04 13:00", id="at_noon"
        ),
        pytest.param(
            working(hours=2), [pause("03-04 10:00", "03-06 10:00")], "03-06 11:00", id="for_days"
        ),
        pytest.param(
            working(hours=2), [pause("03-04 10:00", "03-06 20:00")], "03-09 09:30", id="to_a_night"
        ),
        pytest.param(
            working(hours=9), [pause("03-04 20:00", "03-05 07:00")], "03-05 09:00", id="by_night"
        ),
        pytest.param(
            working(hours=2),
            [pause("03-04 10:00", "03-04 12:00"), pause("03-04 11:00", "03-04 13:00")],
            "03-04 14:00",
            id="two_that_overlap",
        ),
        pytest.param(
            working(hours=2), [pause("03-04 11:00", "03-05 17:00")], "03-05 17:00", id="extension"
        ),
        pytest.param(
            working(hours=2), [pause("03-04 12:00", "03-05 17:00")], "03-04 11:00", id="too_late"
        ),
        pytest.param(
            working(hours=2), [pause("03-04 08:00", "03-04 10:00")], "03-04 12:00", id="before"
        ),
        pytest.param(
            day_and_night(hours=2),
            [pause("03-04 10:00", "03-04 22:00")],
            "03-04 23:00",
            id="round_the_clock",
        ),
    ],
)
def test_limit_is_counted_without_its_pauses(
    allowance: Allowance, stood: list[Pause], due: str
) -> None:
    assert pauses.due_at(START, allowance, WORK, stood) == local(due)
    assert pauses.due_at(START, allowance, WORK, reversed(stood)) == local(due)


def test_clock_that_stands_still_now_has_no_limit() -> None:
    assert pauses.due_at(START, working(hours=2), WORK, [pause("03-04 10:00")]) is None


def test_pause_that_began_after_the_limit_changes_nothing() -> None:
    assert pauses.due_at(START, working(hours=2), WORK, [pause("03-04 11:30")]) == local(
        "03-04 11:00"
    )


MINUTES = st.lists(st.integers(0, 20_000), max_size=6).map(sorted)


def _apart(marks: list[int]) -> list[Pause]:
    moments = [START + timedelta(minutes=mark) for mark in marks]
    return [Pause(a, b) for index, (a, b) in enumerate(pairwise(moments)) if index % 2 == 0]


@given(MINUTES, st.integers(1, 5_000))
def test_round_the_clock_a_limit_moves_by_what_stood_before_it(
    marks: list[int], minutes: int
) -> None:
    stood = _apart(marks)

    due = pauses.due_at(START, day_and_night(minutes=minutes), WORK, stood)

    assert due is not None
    before = sum(
        (min(one.ends, due) - one.begins for one in stood if one.ends and one.begins < due),
        timedelta(0),
    )
    assert due - START - before == timedelta(minutes=minutes)


@given(MINUTES, st.integers(1, 5_000))
def test_pauses_never_bring_a_limit_forward(marks: list[int], minutes: int) -> None:
    allowance = working(minutes=minutes)

    due = pauses.due_at(START, allowance, WORK, _apart(marks))

    assert due is not None
    assert due >= clocks.due_at(START, allowance, WORK)


@given(st.integers(0, 30_000), st.integers(1, 5_000))
def test_working_time_up_to_a_limit_is_its_allowance(later: int, minutes: int) -> None:
    start: datetime = START + timedelta(minutes=later)
    allowance = working(minutes=minutes)

    assert clocks.worked(start, clocks.due_at(start, allowance, WORK), WORK) == allowance.span
