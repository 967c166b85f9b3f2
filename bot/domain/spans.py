"""Which time a report is asked for (哪天、哪周、哪月、哪季、哪年): 昨天, 3月4日, 一季度, 2025年.

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
_QUARTER = re.compile(r"(?:(\d{4})\s*年?)?\s*第?([1-4一二三四])\s*季")
_YEAR = re.compile(r"(20\d{2})\s*年?")
_QUARTERS = "一二三四"


class Length(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


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
        if self.length in (Length.DAY, Length.WEEK):
            return of(self.length, day - timedelta(weeks=52))
        return of(self.length, day.replace(year=day.year - 1))

    @property
    def months(self) -> "tuple[Time, ...]":
        """The months in it, the oldest first."""
        found = [of(Length.MONTH, self.since.astimezone(ZONE).date())]
        while found[-1].until < self.until:
            found.append(of(Length.MONTH, found[-1].until.astimezone(ZONE).date()))
        return tuple(found)


def of(length: Length, day: date) -> Time:
    """The day, the week from Monday, the month, the quarter or the year that holds ``day``."""
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
        case Length.QUARTER:
            first = day.replace(month=day.month - (day.month - 1) % 3, day=1)
            after = (first + timedelta(days=95)).replace(day=1)
            name = f"{first.year}年第{_QUARTERS[first.month // 3]}季度"
        case Length.YEAR:
            first, after = date(day.year, 1, 1), date(day.year + 1, 1, 1)
            name = f"{first.year}年"
    return Time(length, _midnight(first), _midnight(after), name)


def asked(length: Length, words: str, now: datetime) -> Time:
    """The one that ``words`` name; the last one that is over where they name none."""
    return of(length, _day(length, words, now))


def _day(length: Length, words: str, now: datetime) -> date:
    today = now.astimezone(ZONE).date()
    if found := _dated(words, today):
        return found
    if length in (Length.QUARTER, Length.YEAR):
        return _long(length, words, today)
    if length is Length.MONTH and words.strip():
        return months.month_of(words, now).since.astimezone(ZONE).date()
    for word, back in _BACK.items():
        if word in words:
            return today - timedelta(days=back)
    if words.startswith("本") or words.startswith("这"):
        return today
    return of(length, today).before.since.astimezone(ZONE).date()


def _long(length: Length, words: str, today: date) -> date:
    """A day of the quarter or year that is named; the last one that is over where none is."""
    if words.startswith(("本", "这", "今")):
        return today
    if length is Length.QUARTER and (named := _QUARTER.search(words)):
        number = int(named[2]) if named[2].isdigit() else _QUARTERS.index(named[2]) + 1
        first = date(int(named[1] or today.year), 3 * number - 2, 1)
        return first if named[1] or first <= today else first.replace(year=first.year - 1)
    if length is Length.YEAR and (said := _YEAR.search(words)):
        return date(int(said[1]), 1, 1)
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
