"""Which days are working days (工作日), and how far the library of holidays reaches.

Weekends, public holidays and 调休 come from the library chinesecalendar, which gets a new release
each November when the next year's holidays are announced; ``extra_holidays`` and
``extra_workdays`` of times.yaml lie above it. Used by ``bot.domain.clocks``, the roster's patterns
and ``check``.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import chinese_calendar
from chinese_calendar import constants

from config.time_rules import WorkCalendar


def is_workday(day: date, calendar: WorkCalendar) -> bool:
    """True when people of the working calendar are at their desks that day."""
    if day in calendar.extra_workdays:
        return True
    if day in calendar.extra_holidays:
        return False
    if not calendar.public_holidays:
        return day.isoweekday() in calendar.days
    known = _by_law(day)
    return day.isoweekday() in calendar.days if known is None else known


@lru_cache(maxsize=4096)
def _by_law(day: date) -> bool | None:
    """What the library says, asked once a day: reports ask it for every ticket.

    None where the library ends before that year; then weekends decide.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def is_first_workday(day: date, of: Literal["week", "month"], calendar: WorkCalendar) -> bool:
    """True on the first working day of the week from Monday, or of the month."""
    before = day.weekday() if of == "week" else day.day - 1
    earlier = (day - timedelta(days=back) for back in range(1, before + 1))
    return is_workday(day, calendar) and not any(is_workday(one, calendar) for one in earlier)


def is_moved_to(day: date, number: int, calendar: WorkCalendar) -> bool:
    """True when that day of the month, moved to a working day, is ``day``."""
    if not is_workday(day, calendar):
        return False
    back = day
    while back.day != number:
        back -= timedelta(days=1)
        if is_workday(back, calendar):
            return False
    return True


def last_known_day() -> date:
    """The last day of which the library knows whether it is a holiday."""
    return date(max(day.year for day in constants.holidays), 12, 31)
