"""A moment to come, as a leader says it (将来的时刻): 明天 6:30, 周五早上7点半, 3月8日 21:00.

``bot.domain.times`` reads what has happened; this reads an appointment. Only whole words of a day
and an hour count; without a day the next such hour is meant. Called for wake drills.
"""

import re
from datetime import date, datetime, time, timedelta

from bot.domain.clocks import ZONE

_DAYS = {"今天": 0, "今晚": 0, "今早": 0, "明天": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3}
_DAY = re.compile(
    r"大后天|今天|今晚|今早|明天|明早|明晚|后天"
    r"|(?P<next>下)?(?:周|星期|礼拜)(?P<week>[一二三四五六日天])"
    r"|(?:(?P<year>\d{4})[年-])?(?P<month>\d{1,2})[月-](?P<day>\d{1,2})[日号]?"
)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:：](?P<minute>\d{2})|[点时](?P<half>半|(?P<min>\d{1,2})分?)?)"
)
_AFTERNOON = re.compile("下午|傍晚|晚上|今晚|明晚|夜里")
_EARLY = re.compile("凌晨")
_WEEKDAYS = "一二三四五六日"
_NOON = 12


def moment_of(text: str, now: datetime) -> datetime | None:
    """The moment that ``text`` names, in the site's zone; None without an hour or in the past."""
    local = now.astimezone(ZONE)
    said_day = _DAY.search(text)
    rest = text[: said_day.start()] + " " + text[said_day.end() :] if said_day else text
    clock = _clock(rest, text)
    if clock is None:
        return None
    if said_day is None:
        at = datetime.combine(local.date(), clock, ZONE)
        return at if at > local else at + timedelta(days=1)
    day = _day(said_day, local.date())
    named = datetime.combine(day, clock, ZONE) if day else local
    return named if named > local else None


def _clock(rest: str, text: str) -> time | None:
    found = _CLOCK.search(rest)
    if found is None:
        return None
    hour = int(found["hour"])
    minute = 30 if found["half"] == "半" else int(found["minute"] or found["min"] or 0)
    if _AFTERNOON.search(text) and not _EARLY.search(text) and hour < _NOON:
        hour += _NOON
    try:
        return time(hour % 24 if hour == 24 else hour, minute)
    except ValueError:
        return None


def _day(found: re.Match[str], today: date) -> date | None:
    if found["week"]:
        weekday = _WEEKDAYS.index(found["week"].replace("天", "日"))
        monday = today - timedelta(days=today.weekday())
        ahead = monday + timedelta(days=weekday + (7 if found["next"] else 0))
        return ahead if found["next"] or ahead >= today else ahead + timedelta(days=7)
    if found["month"]:
        return _date(found, today)
    return today + timedelta(days=_DAYS[found.group()])


def _date(found: re.Match[str], today: date) -> date | None:
    try:
        named = date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
        if not found["year"] and named < today:
            named = named.replace(year=today.year + 1)
    except ValueError:
        return None
    return named
