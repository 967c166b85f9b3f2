"""一地多起, 一类多发, 一人多次: what counts, what is too little to say anything."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.repeats import (
    WEEK,
    Level,
    Occurrence,
    at_place,
    by_person,
    came_back,
    of_kind,
    poisson_tail,
)
from config.repeats_rules import Repeats

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
RULES = Repeats.standard()
LONG_AGO = NOW - timedelta(days=400)


def told(days_ago: float, person: str = "", category: str = "P10", number: int = 0) -> Occurrence:
    persons = frozenset({person}) if person else frozenset[str]()
    at = NOW - timedelta(days=days_ago)
    return Occurrence(number or round(days_ago * 1000) + 1, category, at, persons)


@pytest.mark.parametrize(
    ("seen", "level"),
    [
        pytest.param([told(1, "a"), told(9, "b"), told(29, "a")], Level.YELLOW, id="three"),
        pytest.param([told(1, "a"), told(9, "a"), told(29, "a")], None, id="one_person"),
        pytest.param([told(1, "a"), told(9, "b"), told(31, "a")], None, id="one_too_old"),
        pytest.param([told(1, "a"), told(9), told(29)], Level.YELLOW, id="one_known"),
        pytest.param([told(1), told(9), told(29)], None, id="nobody_known"),
        pytest.param(
            [told(d, p) for d, p in zip((1, 20, 40, 60, 80, 89), "aabbcc", strict=True)],
            Level.RED,
            id="six",
        ),
        pytest.param(
            [told(1, "a"), told(2, "b"), told(3, "c", "P17")], None, id="a_question_counts_not"
        ),
        pytest.param(
            [told(d, p, "N11") for d, p in zip((1, 2, 3), "abc", strict=True)],
            None,
            id="wages_are_no_place",
        ),
    ],
)
def test_place_needs_enough_of_them_by_two_persons(
    seen: list[Occurrence], level: Level | None
) -> None:
    found = at_place(RULES.place, seen, NOW)

    assert (found.level if found else None) == level


def test_members_come_oldest_first_with_the_category_there_is_most_of() -> None:
    seen = [told(1, "a", "P11", 3), told(2, "b", number=2), told(3, "c", number=1)]

    found = at_place(RULES.place, seen, NOW)

    assert found is not None
    assert (found.members, found.category, found.people, found.days) == ((1, 2, 3), "P10", 3, 30)


@pytest.mark.parametrize(
    ("days", "category", "level"),
    [
        pytest.param((1,), "P10", None, id="once"),
        pytest.param((1, 6), "P10", Level.BLUE, id="twice_in_a_week"),
        pytest.param((1, 8), "P10", None, id="twice_in_more"),
        pytest.param((1, 8, 20), "P10", Level.YELLOW, id="three_in_a_month"),
        pytest.param((1, 20, 40, 60, 80), "P10", Level.RED, id="five_in_ninety_days"),
        pytest.param((1, 25, 50, 75, 100, 125, 150, 170), "P10", Level.RED, id="eight"),
        pytest.param((1, 2, 3, 4, 5), "P23", None, id="complaint_about_staff"),
        pytest.param((1, 2, 3, 4, 5), "N11", None, id="wages"),
        pytest.param((1, 2, 3, 4, 5), "N15", None, id="opinion"),
        pytest.param((1, 2, 3, 4, 5), "P04", None, id="victim"),
    ],
)
def test_one_matter_of_one_person(
    days: tuple[int, ...], category: str, level: Level | None
) -> None:
    found = by_person(RULES.person, [told(day, "a", category) for day in days], NOW)

    assert (found.level if found else None) == level


def test_two_matters_of_one_person_are_not_added_up() -> None:
    seen = [told(1, "a", "P10"), told(9, "a", "P11"), told(20, "a", "P14")]

    assert by_person(RULES.person, seen, NOW) is None


def week_of(count: int, each_week: int = 0, weeks: int = 15) -> list[Occurrence]:
    recent = [told(1 + i / 100, number=10_000 + i) for i in range(count)]
    before = [
        told(7.5 + 7 * week + i / 100, number=week * 100 + i + 1)
        for week in range(weeks)
        for i in range(each_week)
    ]
    return recent + before


@pytest.mark.parametrize(
    ("seen", "level"),
    [
        pytest.param(week_of(4), None, id="too_few_to_judge"),
        pytest.param(week_of(5), Level.RED, id="five_out_of_nothing"),
        pytest.param(week_of(5, 4), None, id="five_where_four_are_usual"),
        pytest.param(week_of(9, 4), Level.RED, id="nine_where_four_are_usual"),
        pytest.param(week_of(12, 9), None, id="more_but_chance_can_do_it"),
        pytest.param(week_of(28, 18), Level.YELLOW, id="half_as_much_again"),
        pytest.param(week_of(130, 100), None, id="not_more_than_the_factor"),
    ],
)
def test_kind_is_judged_against_its_own_weeks(seen: list[Occurrence], level: Level | None) -> None:
    found = of_kind(RULES.kind, seen, LONG_AGO, NOW)

    assert (found.level if found else None) == level


def test_kind_says_nothing_before_four_whole_weeks_are_known() -> None:
    assert of_kind(RULES.kind, week_of(9), NOW - 5 * WEEK + timedelta(hours=1), NOW) is None
    assert of_kind(RULES.kind, week_of(9), NOW - 5 * WEEK, NOW) is not None


def test_weeks_before_the_first_ticket_are_no_zeros() -> None:
    found = of_kind(RULES.kind, week_of(9, 3, weeks=5), NOW - 6 * WEEK, NOW)

    assert found is not None
    assert (found.mean, found.weeks) == (3.0, 5)


@pytest.mark.parametrize(
    ("count", "mean", "chance"),
    [(0, 3.0, 1.0), (5, 3.0, 0.184737), (10, 3.0, 0.001102), (1, 0.5, 0.393469)],
)
def test_poisson_tail_is_what_the_tables_say(count: int, mean: float, chance: float) -> None:
    assert poisson_tail(count, mean) == pytest.approx(chance, abs=1e-6)


# By hand: P(X >= 5 | 4) = 1 - e**-4 * (1 + 4 + 8 + 32/3 + 32/3) = 1 - 103/3 * e**-4 = 0.37116;
# P(X >= 9 | 4) = 0.02136; P(X >= 12 | 9) = 0.19699; P(X >= 2 | 0.1) = 1 - 1.1 * e**-0.1 = 0.00468.
@pytest.mark.parametrize(
    ("count", "mean", "chance"),
    [(5, 4, 0.37116), (9, 4, 0.02136), (12, 9, 0.19699), (2, 0.1, 0.00468)],
)
def test_poisson_tail_agrees_with_what_was_counted_by_hand(
    count: int, mean: float, chance: float
) -> None:
    assert poisson_tail(count, mean) == pytest.approx(chance, abs=6e-6)


def test_baseline_is_the_fifteen_weeks_before_this_one_and_no_more() -> None:
    old = [told(7.5 + 7 * 15 + day / 100, number=5_000 + day) for day in range(40)]

    found = of_kind(RULES.kind, week_of(6, 1) + old, LONG_AGO, NOW)

    # 15 weeks with 1 each: mean 1.0, 6 of them by chance 0.00059; 6 > 2 * 1.0 is red.
    assert found is not None
    assert (found.mean, found.weeks, found.level) == (1.0, 15, Level.RED)
    assert (found.days, found.count) == (7, 6)


@pytest.mark.parametrize(
    ("recent", "each_week", "level"),
    [
        # mean 2.0: P(X >= 5 | 2) = 0.05265, not under 0.05; P(X >= 6 | 2) = 0.01656, 6/2 is red
        pytest.param(5, 2, None, id="five_on_two_can_be_chance"),
        pytest.param(6, 2, Level.RED, id="six_on_two"),
        # mean 10: P(X >= 16 | 10) = 0.04874, 1.6 times: yellow; P(X >= 15 | 10) = 0.08346
        pytest.param(16, 10, Level.YELLOW, id="sixteen_on_ten"),
        pytest.param(15, 10, None, id="fifteen_on_ten_can_be_chance"),
        # mean 10: 21 is more than twice as much: red
        pytest.param(21, 10, Level.RED, id="twenty_one_on_ten"),
    ],
)
def test_chance_and_factor_decide_together(
    recent: int, each_week: int, level: Level | None
) -> None:
    found = of_kind(RULES.kind, week_of(recent, each_week), LONG_AGO, NOW)

    assert (found.level if found else None) == level


def test_telling_it_again_counts_and_its_matter_stands_once() -> None:
    seen = [told(20, "a", number=1), told(9, "a", number=1), told(2, "b", number=2)]

    found = at_place(RULES.place, seen, NOW)

    assert found is not None
    assert (found.members, found.count, found.people) == ((1, 2), 3, 2)


@given(st.integers(1, 300), st.floats(0.01, 1500))
def test_poisson_tail_is_a_chance_that_falls_with_the_count(count: int, mean: float) -> None:
    here, less = poisson_tail(count, mean), poisson_tail(count - 1, mean)

    assert 0 <= here <= 1
    assert here <= less + 1e-9
    assert not math.isnan(here)


def test_what_comes_within_the_time_after_a_closing_came_back() -> None:
    closed = NOW - timedelta(days=30)
    seen = [told(31, number=1), told(20, number=2), told(10, number=3), told(0, number=4)]

    assert came_back(closed, timedelta(days=25), seen, {3}) == [2]
