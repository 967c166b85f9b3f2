"""Finds when it happened (时间); always resolved to the past, because people report what was.

周五晚 said on a Tuesday is last Friday; 23:22 said at 00:10 is last night; 凌晨 belongs to the new
date, 昨晚十二点半 is 00:30 today. Fuzzy words give a span. Only announcements look forward (明天).
``days`` tells which day, ``hours`` at what time; here they are put together. Called by
``bot.domain.reading``; ``at`` is aware, answers are in the zone of ``at``.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.days import Day, find_day
from bot.domain.hours import Clock, find_clock, in_part
from bot.domain.numbers import to_int
from bot.domain.time_words import Said, SaidTimes, tables_of
from config.reading_rules import TimeWords


@dataclass(frozen=True, slots=True)
class When:
    """Span in which it happened; ``text`` is what was said, ``is_recurring`` for 天天半夜."""

    start: datetime
    end: datetime
    text: str
    is_recurring: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the day: from which to which hour, and where it stands."""

    hours: tuple[float, float]
    span: tuple[int, int]


_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SEVERAL = 3
_LEAD = re.compile(r"(?:过去的?|最近的?|[前上近])\s?$")
_AGO = re.compile(
    r"(?P<n>[\d半几一二两三四五六七八九十](?:(?<=\d)\d{0,2}|(?<=[^\d半几])[一二两三四五六七八九十]{0,2})?)"
    r"(?P<half>个半|多个|来个|个|多)?"
    r"(?P<u>分钟|刻钟|小时|钟头|钟(?!头)|星期|礼拜|秒|天|日|周|月|年)(?P<more>半|多)?钟?"
    r"(?P<end>(?:以前|之前|前(?![面门后台排边]))|以来|了)?"
)
_AGO_SIGNS = re.compile("[前了近上]|过去|以来")
_UNIT = {
    "秒": timedelta(seconds=1),
    "分钟": timedelta(minutes=1),
    "刻钟": timedelta(minutes=15),
    "小时": _HOUR,
    "钟头": _HOUR,
    "钟": _HOUR,
    "天": _DAY,
    "日": _DAY,
    "星期": timedelta(days=7),
    "礼拜": timedelta(days=7),
    "周": timedelta(days=7),
    "月": timedelta(days=30),
    "年": timedelta(days=365),
}
_MAY_LEAN_ON = frozenset("日号一二三四五六天末昨今前明当每几")
_HOUR_FOLLOWS = re.compile(r"\s?(?:\d|[零一二两三四五六七八九十]{1,2}点)")
_AFTERNOON = range(1, 6)
_DEEP_NIGHT = 22
_NEAR = 3


def find_when(text: str, at: datetime, words: TimeWords) -> When | None:
    """When it happened, read from normalised ``text``; None when no time is said."""
    said = tables_of(words).look(text)
    found = _by_day_and_clock(text, at, said, words)
    if found is None or found.start > at or found.end - found.start > _DAY:
        found = _closer(_by_fuzzy_or_ago(text, at, _by_fuzzy_word(said, at, words), found), found)
    if found is None:
        return None
    start, end = min(found.start, found.end), max(found.start, found.end)
    return When(start, end, found.text, bool(said.recurring))


def _closer(fuzzy: When | None, found: When | None) -> When | None:
    """刚才 tells more than 今年 and 明天, 上周 more than 最近."""
    if fuzzy is None or found is None:
        return fuzzy or found
    if found.start <= fuzzy.end and found.end - found.start < fuzzy.end - fuzzy.start:
        return found
    return fuzzy


def _by_day_and_clock(text: str, at: datetime, said: SaidTimes, words: TimeWords) -> When | None:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    named = find_day(text, midnight, said, words)
    clock = find_clock(text)
    part = _part(text, said, clock, words)
    if named and not named.is_one and not clock and not part:
        return _whole(text, at, named)
    today = Day(midnight, midnight + _DAY, (0, 0), named=False)
    day = named if named and named.is_one else today
    if clock:
        return _at_clock(text, at, day, part, clock)
    if part:
        return _in_part(text, at, day, part)
    return _whole(text, at, day) if day.named else None


def _whole(text: str, at: datetime, day: Day) -> When:
    """All of the day, week, month or year, as far as it has passed."""
    end = min(day.end, at) if day.start <= at else day.end
    return When(day.start, end, _said(text, day.span))


def _part(text: str, said: SaidTimes, clock: Clock | None, words: TimeWords) -> _Part | None:
    """The part of the day that belongs to the clock time, else the longest one said."""
    parts = [one for one in said.parts if _is_part(text, one)]
    if not parts:
        return None
    name, span = max(parts, key=lambda one: len(one[0]))
    for other, place in parts:
        if clock and 0 <= clock.span[0] - place[1] <= _NEAR:
            name, span = other, place
    return _Part(words.day_parts[name], span)


def _is_part(text: str, said: Said) -> bool:
    """True unless it is a single character inside another word (早餐, 晚饭, 夜市)."""
    name, (start, end) = said
    if len(name) > 1 or text[max(0, start - 1) : start] in _MAY_LEAN_ON:
        return True
    return bool(_HOUR_FOLLOWS.match(text, end))


def _at_clock(text: str, at: datetime, day: Day, part: _Part | None, clock: Clock) -> When:
    hour = in_part(clock.hour, part.hours) if part else _plain(clock, at, day)
    start = day.start + hour * _HOUR
    if not part and not day.named and int(clock.hour) <= 12 and not clock.is_sure:
        start = _latest_reading(start, at)
    elif start > at and (not day.named or hour >= 24) and day.start <= at:
        start -= _DAY
        start -= _DAY * (start > at)
    end = _end(start, at, clock)
    said = _said(text, day.span, part.span if part else (0, 0), clock.span)
    return When(start, end, said)


def _plain(clock: Clock, at: datetime, day: Day) -> float:
    """昨天三点 is the afternoon, unless that has not been yet; no part of the day was said."""
    later = clock.hour + 12
    if not day.named or clock.is_sure or int(clock.hour) not in _AFTERNOON:
        return clock.hour
    return later if day.start + later * _HOUR <= at else clock.hour


def _end(start: datetime, at: datetime, clock: Clock) -> datetime:
    if clock.till_now:
        return max(start, at)
    if clock.until is None:
        return start + (_HOUR if clock.vague else timedelta())
    length = (clock.until - clock.hour) % 24
    return start + (length - 12 if length > 12 >= clock.until else length) * _HOUR


def _latest_reading(start: datetime, at: datetime) -> datetime:
    """The last time before ``at`` at which a clock showed this hour, morning or afternoon."""
    half_day = timedelta(hours=12)
    while start + half_day <= at:
        start += half_day
    while start > at:
        start -= half_day
    return start


def _in_part(text: str, at: datetime, day: Day, part: _Part) -> When:
    low, high = part.hours
    start, end = (day.start + h * _HOUR for h in (low, high))
    if start > at and day.start <= at and (not day.named or low >= _DEEP_NIGHT):
        start, end = start - _DAY, end - _DAY
    if start <= at < end:
        end = at
    return When(start, end, _said(text, day.span, part.span))


def _by_fuzzy_or_ago(
    text: str, at: datetime, fuzzy: When | None, found: When | None
) -> When | None:
    """刚才 as it is; where only 最近 or 今年 is said beside, a length tells more (最近3天)."""
    if fuzzy and fuzzy.end - fuzzy.start <= _DAY:
        return fuzzy
    ago = _by_span_ago(text, at)
    known = [when.text for when in (fuzzy, found) if when]
    return ago if ago and not any(ago.text in said for said in known) else fuzzy


def _by_fuzzy_word(said: SaidTimes, at: datetime, words: TimeWords) -> When | None:
    if not said.fuzzy:
        return None
    word = max((name for name, _ in said.fuzzy), key=len)
    start, end = (at + timedelta(minutes=m) for m in words.fuzzy[word])
    return When(start, end, word)


def _by_span_ago(text: str, at: datetime) -> When | None:
    """三天前 is a moment; 两个小时了, 过去5分钟, 前两个钟头 reach until now."""
    if not _AGO_SIGNS.search(text):
        return None
    for found in _AGO.finditer(text):
        lead = _LEAD.search(text[max(0, found.start() - 4) : found.start()])
        if lead:
            return When(at - _length(found), at, lead.group() + found.group())
        if found["end"]:
            return _ago(found, at)
    return None


def _ago(found: re.Match[str], at: datetime) -> When:
    start = at - _length(found)
    if not found["end"].endswith("前"):
        return When(start, at, found.group())
    slack = _UNIT[found["u"]] / 2 if found["n"] == "几" else timedelta()
    return When(start - slack, start + slack, found.group())


def _length(found: re.Match[str]) -> timedelta:
    said = found["n"]
    count = {"半": 0.5, "几": float(_SEVERAL)}.get(said, float(to_int(said) or 0))
    return _UNIT[found["u"]] * (count + 0.5 * ("半" in (found["half"] or found["more"] or "")))


def _said(text: str, *spans: tuple[int, int]) -> str:
    """The piece of text that holds all spans, or them side by side when far apart."""
    real = sorted(s for s in spans if s[1] > s[0])
    if real[-1][1] - real[0][0] <= 20:
        return text[real[0][0] : real[-1][1]]
    return " ".join(text[s:e] for s, e in real)
