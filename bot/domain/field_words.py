"""Words of work outside (外勤口令): what starts a checklist, what answers it, which day is meant.

Whole-message commands of staff and the items of an open form; everything else goes on to the
other commands and the reader. A day named here lies ahead: 周五 is the next one. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain import ticket_numbers as numbers
from bot.domain.clocks import ZONE
from bot.domain.numbers import to_int


class Field(StrEnum):
    """What may be ordered."""

    INSPECT = "检查"
    VISIT = "走访"
    DONE = "查完"
    STOP = "不查了"
    NOTICE = "通知书"
    RATE = "整改率"
    COVERAGE = "走访进度"
    TODAY = "今天"
    TOMORROW = "明天"
    KIT = "资料"
    PHOTO = "拍"
    AGREED = "约好"
    ANSWERS = "登记内容"
    FAQ = "问答"


_ALONE = (Field.DONE, Field.STOP, Field.RATE, Field.COVERAGE, Field.TODAY, Field.TOMORROW)
_NUMBERED = (Field.NOTICE, Field.AGREED, Field.ANSWERS)
_SAME = {"走访完": Field.DONE, "查完了": Field.DONE, "走访完了": Field.DONE, "不走了": Field.STOP}
_TRAIL = " \t\r\n:：,，、。;；!！"
_HEADS = (Field.INSPECT, Field.VISIT, Field.KIT, Field.PHOTO, Field.FAQ)


@dataclass(frozen=True, slots=True)
class FieldOrder:
    """``what`` is ordered, for which ticket, with which words."""

    what: Field
    number: str = ""
    words: str = ""


def parse(text: str) -> FieldOrder | None:
    """The order that the message is; None when it is something else."""
    said = text.strip().strip("“”").strip(_TRAIL)
    if said in _SAME:
        return FieldOrder(_SAME[said])
    for what in _ALONE:
        if said == what:
            return FieldOrder(what)
    for what in _NUMBERED:
        if said.startswith(what):
            return _numbered(what, said[len(what) :].strip(_TRAIL))
    for what in _HEADS:
        rest = said[len(what) :]
        if said.startswith(what) and (not rest or rest[0] in _TRAIL):
            return FieldOrder(what, words=rest.strip(_TRAIL))
    return None


_NUMBER = re.compile(r"^(?:[A-Z]{1,6}\d{6}-\d{4,6}[A-Z]|\d{4}[A-Z]?(?!\d))", re.IGNORECASE)


def _numbered(what: Field, rest: str) -> FieldOrder | None:
    found = _NUMBER.match(rest)
    if found is None:
        return None
    named = numbers.found_in(found.group())
    return FieldOrder(what, next(iter(named), ""), rest[found.end() :].strip(_TRAIL))


_ITEM = re.compile(r"^\s*(?P<n>\d{1,2})\s*[、.．:：,，)）]?\s*(?P<words>\D.*)?$")
_FINE = frozenset({"都好", "全好", "没问题", "都没问题", "正常", "都正常"})


def items_of(text: str, most: int) -> list[tuple[int, str]]:
    """(item, what is wrong there) of each line; empty when a line is something else."""
    found = []
    for line in filter(None, (part.strip() for part in re.split(r"[\n;；]", text))):
        match = _ITEM.match(line)
        if match is None or not match["words"] or not 1 <= int(match["n"]) <= most:
            return []
        found.append((int(match["n"]), match["words"].strip(_TRAIL)))
    return found


_TICKS = re.compile(r"\d{1,2}(?:[\s、,，.．]+\d{1,2})*")
_ALL = frozenset({"全讲了", "都讲了", "全核了", "都核了", "全问了", "都问了"})


def ticks_of(text: str, most: int) -> set[int]:
    """The points of a visit that were gone through: 1 3 5, or 都讲了; empty for other words."""
    said = text.strip().strip(_TRAIL)
    if said in _ALL:
        return set(range(1, most + 1))
    if _TICKS.fullmatch(said) is None:
        return set()
    found = {int(number) for number in re.findall(r"\d+", said)}
    return found if max(found) <= most and min(found) > 0 else set()


def is_fine(text: str) -> bool:
    """True when nothing is wrong anywhere."""
    return text.strip().strip(_TRAIL) in _FINE


_SPOT = re.compile(r"[\d零一二三四五六七八九十百A-Za-z号楼栋幢座单元门层室房#\-—,，。\s]*")


def is_bare_place(text: str, names: Iterable[str]) -> bool:
    """True when the words are an address and nothing else: a known name, numbers, 号楼单元室."""
    known = [name for name in names if name in text]
    if not known:
        return False
    return _SPOT.fullmatch(text.replace(max(known, key=len), "", 1)) is not None


_DAYS = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_DATE = re.compile(r"(?:(\d{4})[年-])?(\d{1,2})[月-](\d{1,2})[日号]?")
_WEEKDAY = re.compile(r"(下)?(?:周|星期|礼拜)([一二三四五六日天])")
_CLOCK = re.compile(
    r"(?P<part>上午|早上|中午|下午|晚上)?\s*(?:(?P<h>\d{1,2}|[一二三四五六七八九十两]{1,2})"
    r"(?:[:：](?P<m>\d{2})|点(?P<half>半)?(?:(?P<m2>\d{1,2})分?)?))?"
)
_PART_HOURS = {"上午": 9, "早上": 8, "中午": 12, "下午": 14, "晚上": 19}


def day_ahead(text: str, now: datetime) -> datetime | None:
    """The moment in future that the words name; 09:00 where they name a day alone."""
    local = now.astimezone(ZONE)
    day, rest = _day(text, local)
    if day is None:
        return None
    hour, minute = _clock(rest)
    at = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at.astimezone(now.tzinfo) if at > local else None


def _day(text: str, local: datetime) -> tuple[datetime | None, str]:
    for word in sorted(_DAYS, key=len, reverse=True):
        if word in text:
            return local + timedelta(days=_DAYS[word]), text.replace(word, " ", 1)
    if found := _WEEKDAY.search(text):
        index = "一二三四五六日".index(found[2].replace("天", "日"))
        ahead = (index - local.weekday()) % 7
        if found[1]:
            ahead = index - local.weekday() + 7
        return local + timedelta(days=ahead), text.replace(found.group(), " ", 1)
    if found := _DATE.search(text):
        return _dated(found, local), text.replace(found.group(), " ", 1)
    return None, text


def _dated(found: re.Match[str], local: datetime) -> datetime | None:
    year = int(found[1] or local.year)
    try:
        day = local.replace(year=year, month=int(found[2]), day=int(found[3]))
        is_over = not found[1] and day.date() < local.date()
        return day.replace(year=year + 1) if is_over else day
    except ValueError:
        return None


def _clock(text: str) -> tuple[int, int]:
    for found in _CLOCK.finditer(text):
        if not found["part"] and not found["h"]:
            continue
        part = found["part"] or ""
        if not found["h"]:
            return _PART_HOURS[part], 0
        hour = int(found["h"]) if found["h"].isdecimal() else to_int(found["h"]) or 9
        if part in ("下午", "晚上") and hour < 12:
            hour += 12
        minute = 30 if found["half"] else int(found["m"] or found["m2"] or 0)
        if hour < 24 and minute < 60:
            return hour, minute
    return 9, 0
