"""When something is due: the worked examples, holidays and 调休 included, and spans in words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import clocks
from bot.domain.clocks import ZONE
from config import workdays
from config.load import load_rules
from config.time_rules import Allowance, WorkCalendar
from config.vocabulary import Stage, Urgency
from tests.config.sites import SAMPLE

TIMES = load_rules(SAMPLE).times
WORK = TIMES.work  # Monday to Friday, 08:30 to 17:30, public holidays


def local(words: str) -> datetime:
    """The moment ``MM-DD HH:MM`` of 2026 on the station's wall."""
    return datetime.strptime(f"2026-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def working(**span: float) -> Allowance:
    return Allowance(timedelta(**span), round_the_clock=False)


# Spring Festival 2026: closed from Sunday 15 to Monday 23 February; the Saturdays 14 and 28
# February are worked instead (调休).
@pytest.mark.parametrize(
    ("start", "allowance", "due"),
    [
        pytest.param("03-04 09:00", working(minutes=30), "03-04 09:30", id="within_the_morning"),
        pytest.param("03-04 17:20", working(minutes=30), "03-05 08:50", id="over_the_night"),
        pytest.param("03-04 07:00", working(minutes=30), "03-04 09:00", id="before_the_doors_open"),
        pytest.param("03-04 20:00", working(minutes=30), "03-05 09:00", id="after_work"),
        pytest.param("03-04 17:30", working(minutes=30), "03-05 09:00", id="as_the_doors_close"),
        pytest.param("03-04 08:30", working(hours=9), "03-04 17:30", id="exactly_one_day"),
        pytest.param("03-04 12:00", working(hours=9), "03-05 12:00", id="one_working_day"),
        pytest.param("03-06 17:00", working(hours=1), "03-09 09:00", id="over_the_weekend"),
        pytest.param("03-07 11:00", working(hours=1), "03-09 09:30", id="said_on_a_saturday"),
        pytest.param(
            "02-13 17:00", working(hours=1), "02-14 09:00", id="saturday_is_worked_before"
        ),
        pytest.param("02-14 17:00", working(hours=1), "02-24 09:00", id="over_the_spring_festival"),
        pytest.param("02-17 10:00", working(hours=2), "02-24 10:30", id="said_at_new_year"),
        pytest.param("02-27 17:00", working(hours=1), "02-28 09:00", id="saturday_is_worked_after"),
        pytest.param("02-28 17:00", working(hours=1), "03-02 09:00", id="sunday_after_it_is_not"),
    ],
)
def test_allowance_counts_working_time_only(start: str, allowance: Allowance, due: str) -> None:
    assert clocks.due_at(local(start), allowance, WORK) == local(due)


def test_round_the_clock_counts_through_night_and_holiday() -> None:
    allowance = TIMES.allowance(Stage.ASSIGNED, Urgency.U2)

    assert allowance is not None
    assert clocks.due_at(local("02-16 23:58"), allowance, WORK) == local("02-17 00:03")


def test_three_working_days_over_the_festival_are_the_promise_of_a_routine_matter() -> None:
    promise = TIMES.promise(Urgency.U3)

    assert clocks.due_at(local("02-13 12:00"), promise, WORK) == local("02-25 12:00")


def test_moment_in_utc_is_counted_on_the_stations_wall() -> None:
    start = datetime(2026, 3, 4, 9, 20, tzinfo=UTC)  # 17:20 in Shanghai

    due = clocks.due_at(start, working(minutes=30), WORK)

    assert due == local("03-05 08:50")


@pytest.mark.parametrize(
    ("change", "day", "is_workday"),
    [
        pytest.param({}, date(2026, 2, 14), True, id="worked_saturday"),
        pytest.param({}, date(2026, 2, 17), False, id="new_year"),
        pytest.param({"public_holidays": False}, date(2026, 2, 17), True, id="holidays_off"),
        pytest.param({"public_holidays": False}, date(2026, 2, 14), False, id="only_weekdays"),
        pytest.param({"extra_holidays": (date(2026, 3, 5),)}, date(2026, 3, 5), False, id="closed"),
        pytest.param({"extra_workdays": (date(2026, 3, 7),)}, date(2026, 3, 7), True, id="opened"),
        pytest.param({}, date(2150, 1, 5), True, id="monday_beyond_the_library"),
        pytest.param({}, date(2150, 1, 4), False, id="sunday_beyond_the_library"),
    ],
)
def test_calendar_knows_who_is_at_the_desk(
    change: dict[str, object], day: date, is_workday: bool
) -> None:
    assert workdays.is_workday(day, WORK.model_copy(update=change)) is is_workday


def test_calendar_without_a_working_day_says_so() -> None:
    closed = tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(800))
    never = WORK.model_copy(update={"extra_holidays": closed})

    with pytest.raises(clocks.CalendarEmpty):
        clocks.due_at(local("03-04 09:00"), working(minutes=1), never)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=ZONE)
)


@dataclass(frozen=True)
class _Count:
    """Working minutes between two moments, counted the slow way."""

    calendar: WorkCalendar

    def between(self, start: datetime, end: datetime) -> timedelta:
        total = timedelta(0)
        day = start.date()
        while day <= end.date():
            if workdays.is_workday(day, self.calendar):
                opens = datetime.combine(day, self.calendar.hours.from_, ZONE)
                closes = datetime.combine(day, self.calendar.hours.to, ZONE)
                total += max(timedelta(0), min(end, closes) - max(start, opens))
            day += timedelta(days=1)
        return total


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=5)))
def test_what_lies_between_start_and_due_is_exactly_the_allowance(
    start: datetime, span: timedelta
) -> None:
    due = clocks.due_at(start, Allowance(span, round_the_clock=False), WORK)

    assert _Count(WORK).between(start, due) == span
    assert workdays.is_workday(due.date(), WORK)


def test_share_of_the_way_is_a_moment_between() -> None:
    start, due = local("03-04 09:00"), local("03-04 10:00")

    assert clocks.share_of(start, due, 0.7) == local("03-04 09:42")


@pytest.mark.parametrize(
    ("at", "morning"),
    [
        pytest.param("03-04 23:10", "03-05 07:00", id="before_midnight"),
        pytest.param("03-05 02:00", "03-05 07:00", id="after_midnight"),
        pytest.param("03-05 07:00", "03-05 07:00", id="at_the_hour"),
        pytest.param("03-05 07:01", "03-06 07:00", id="a_minute_late"),
    ],
)
def test_what_must_not_wake_anybody_waits_for_the_morning(at: str, morning: str) -> None:
    assert clocks.after_night(local(at), time(7)) == local(morning)


@pytest.mark.parametrize(
    ("at", "is_night"),
    [
        pytest.param("03-04 21:59", False, id="evening"),
        pytest.param("03-04 22:00", True, id="as_night_begins"),
        pytest.param("03-05 06:59", True, id="early"),
        pytest.param("03-05 07:00", False, id="as_night_ends"),
    ],
)
def test_night_has_the_sites_hours(at: str, is_night: bool) -> None:
    assert TIMES.is_night(local(at).astimezone(UTC)) is is_night


@pytest.mark.parametrize(
    ("span", "words"),
    [
        pytest.param(timedelta(0), "1分钟", id="never_nothing"),
        pytest.param(timedelta(minutes=31, seconds=59), "31分钟", id="minutes"),
        pytest.param(timedelta(hours=2), "2小时", id="whole_hours"),
        pytest.param(timedelta(hours=2, minutes=5), "2小时5分钟", id="hours_and_minutes"),
        pytest.param(timedelta(days=3), "3天", id="whole_days"),
        pytest.param(timedelta(days=3, hours=4, minutes=9), "3天4小时", id="days_and_hours"),
        pytest.param(timedelta(minutes=-31), "31分钟", id="overdue_is_said_as_a_length"),
    ],
)
def test_span_is_said_as_people_say_it(span: timedelta, words: str) -> None:
    assert clocks.span_words(span) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        pytest.param("03-04 18:00", "今天18:00", id="today"),
        pytest.param("03-05 00:05", "明天00:05", id="tomorrow"),
        pytest.param("03-07 17:30", "3月7日17:30", id="later"),
        pytest.param("03-03 09:05", "3月3日09:05", id="past"),
    ],
)
def test_moment_is_said_as_people_say_it(at: str, words: str) -> None:
    now = local("03-04 23:30").astimezone(UTC)

    assert clocks.moment_words(local(at).astimezone(UTC), now) == words
