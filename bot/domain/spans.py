"""Which time a report is asked for (哪天、哪周、哪月): 昨天, 3月4日, 上周, 3月 and the like.

Without words it is the last one that is over: yesterday, last week, last month. Pure; called by
``handlers.digests`` and the page of reports.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain import months
from bot.domain.clocks import ZONE

_DATE = re.compile(r"(?:(\d{4})[年-])?(\d{1,2})[月-](\d{1,2})[日号]?")
_BACK = {"今天": 0, "昨天": 1, "前天": 2}


class Length(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Time:
    """From ``since`` on, before ``until``; ``name`` is how people say it."""

    length: Length
    since: datetime
    until: datetime
    name: str

    @property
    def before(self) -> "Time":
        """The one before it (环比)."""
        return of(self.length, (self.since - timedelta(hours=12)).astimezone(ZONE).date())

    @property
    def year_before(self) -> "Time":
        """The same one a year ago (同比); a week is the one 52 weeks ago."""
        day = self.since.astimezone(ZONE).date()
        if self.length is Length.MONTH:
            return of(self.length, day.replace(year=day.year - 1))
        return of(self.length, day - timedelta(weeks=52))


def of(length: Length, day: date) -> Time:
    """The day, the week from Monday, or the month that holds ``day``."""
    match length:
        case Length.DAY:
            first, after = day, day + timedelta(days=1)
            name = f"{day.month}月{day.day}日"
        case Length.WEEK:
            first = day - timedelta(days=day.weekday())
            after = first + timedelta(days=7)
            last = after - timedelta(days=1)
            name = f"{first.month}月{first.day}日至{last.month}月{last.day}日"
        case Length.MONTH:
            first = day.replace(day=1)
            after = (first + timedelta(days=32)).replace(day=1)
            name = f"{first.year}年{first.month}月"
    return Time(length, _midnight(first), _midnight(after), name)


def asked(length: Length, words: str, now: datetime) -> Time:
    """The one that ``words`` name; the last one that is over where they name none."""
    return of(length, _day(length, words, now))


def _day(length: Length, words: str, now: datetime) -> date:
    today = now.astimezone(ZONE).date()
    if found := _dated(words, today):
        return found
    if length is Length.MONTH and words.strip():
        return months.month_of(words, now).since.astimezone(ZONE).date()
    for word, back in _BACK.items():
        if word in words:
            return today - timedelta(days=back)
    if words.startswith("本") or words.startswith("这"):
        return today
    return of(length, today).before.since.astimezone(ZONE).date()


def _dated(words: str, today: date) -> date | None:
    match = _DATE.search(words)
    if match is None:
        return None
    try:
        day = date(int(match[1] or today.year), int(match[2]), int(match[3]))
        return day if match[1] or day <= today else day.replace(year=day.year - 1)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)
