"""When people are to come together (约时间): ``明天下午3点半``, ``周五9:00``, ``3月6日 14点``.

The reader looks for moments that have passed; an appointment lies ahead, so it is read by itself.
Pure; used by ``handlers.meeting`` and ``handlers.mediation_work``.
"""

import re
from datetime import date, datetime, time, timedelta

from bot.domain.clocks import ZONE
from bot.domain.numbers import to_int

_DAYS = {"今天": 0, "今晚": 0, "明天": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3}
_WEEKDAY = re.compile(r"(?P<next>下)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_DATE = re.compile(r"(?:(?P<year>20\d\d)[-年])?(?P<month>\d{1,2})[-月/](?P<day>\d{1,2})[日号]?")
_CLOCK = re.compile(
    r"(?P<part>凌晨|早上?|上午|中午|下午|傍晚|晚上?)?"
    r"(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:[点时]钟?|[:：](?=\d))"
    r"(?P<minute>\d{1,2}|半|一刻|三刻)?分?"
)
_GONE = re.compile("昨|前[天日晚]|上(?:周|星期|礼拜)")
_LATER = ("下午", "傍晚", "晚上", "晚")
_MINUTES = {"半": 30, "一刻": 15, "三刻": 45}
_WEEK = "一二三四五六日"
_MOST_TIME_WORDS = 2


def find(text: str, now: datetime) -> datetime | None:
    """The moment ahead of ``now`` that ``text`` names; None without an hour, or when it is gone."""
    clock = _CLOCK.search(text)
    if clock is None:
        return None
    at = _time(clock)
    local = now.astimezone(ZONE)
    day = _day(text, local.date())
    if at is None or day is None:
        return None
    found = datetime.combine(day, at, ZONE)
    return found if found > now else None


def taken_apart(text: str, now: datetime) -> tuple[datetime | None, str]:
    """The moment that the first word or two name, and the words behind it."""
    words = text.split()
    for count in range(1, _MOST_TIME_WORDS + 1):
        found = find(" ".join(words[:count]), now)
        if found is not None:
            return found, " ".join(words[count:])
    return None, text


def _time(clock: re.Match[str]) -> time | None:
    said = clock["hour"]
    hour = int(said) if said.isdigit() else to_int(said)
    minute = clock["minute"] or "0"
    minutes = int(minute) if minute.isdigit() else _MINUTES[minute]
    if hour is None or hour > 23 or minutes > 59:
        return None
    later = clock["part"] in _LATER or (clock["part"] is None and 1 <= hour <= 6)
    if (later and hour < 12) or (clock["part"] == "中午" and hour < 11):
        hour += 12
    return time(hour, minutes)


def _day(text: str, today: date) -> date | None:
    """The day that is named; today where none is, None for one that is over."""
    if _GONE.search(text):
        return None
    for word in sorted(_DAYS, key=len, reverse=True):
        if word in text:
            return today + timedelta(days=_DAYS[word])
    if found := _WEEKDAY.search(text):
        return _weekday(found, today)
    if found := _DATE.search(text):
        return _date(found, today)
    return today


def _weekday(found: re.Match[str], today: date) -> date:
    wanted = _WEEK.index(found["day"].replace("天", "日"))
    monday = today - timedelta(days=today.weekday())
    if found["next"]:
        return monday + timedelta(days=7 + wanted)
    day = monday + timedelta(days=wanted)
    return day if day >= today else day + timedelta(days=7)


def _date(found: re.Match[str], today: date) -> date | None:
    try:
        day = date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    if found["year"] is None and day < today:
        return day.replace(year=today.year + 1)
    return day
