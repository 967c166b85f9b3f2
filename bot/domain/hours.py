"""Clock times and parts of the day (几点): 晚上十点半, 23:22, 两三点, 3pm, 9点到11点.

``find_clock`` gives the hours as said; ``in_part`` puts them into 晚上, 凌晨 …: 昨晚十二点半 is
half past midnight of the next day. 一点 in the sense of a little is no time. Called by
``bot.domain.times``; pure.
"""

import re
from dataclasses import dataclass

from bot.domain.numbers import to_int


@dataclass(frozen=True, slots=True)
class Clock:
    """Hours since midnight as said, where it stands, to which hour, whether only about then."""

    hour: float
    span: tuple[int, int]
    until: float | None = None
    till_now: bool = False
    vague: bool = False
    is_sure: bool = False


_N = r"(?:\d{1,2}|二十[一二三四]?|十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
_MINUTE = (
    r"(?:零|〇)?[一二三四五六七八九](?=分)|[零〇][一二三四五六七八九]"
    r"|[二三四五]?十[一二三四五六七八九]?"
)
_FIRST = (
    r"[\d零〇一二两三四五六七八九十](?:(?<=\d)(?<![\d.:]\d)\d?|(?<=二)十[一二三四]?"
    r"|(?<=十)[一二三四五六七八九]?|(?<=[零〇一二两三四五六七八九]))"
)
_CLOCK = re.compile(
    rf"(?P<h>{_FIRST})(?::(?P<m1>[0-5]\d)(?::(?P<s1>[0-5]\d))?(?![\d:])\s?(?P<ap>[ap](?:m|(?![a-z])))?"
    r"|\s?(?P<ap2>[ap]m)(?![a-z])"
    rf"|(?:点(?!名|评|击|赞|燃|头|菜|外卖|单|火|烟|心|滴)|时(?!候|间|常|不|段|而|代|尚|光|期|装|长|速|刻))"
    rf"(?:(?P<half>半)|(?P<q>[一三])刻|(?:踏|搭)(?P<five>{_N})|(?P<five2>{_N})个字"
    rf"|(?P<m2>\d{{1,2}}(?=分)|\d{{2}}(?![\d\-#号栋幢元块个人多])|{_MINUTE})分?(?:(?P<s2>\d{{1,2}})秒)?)?钟?整?"
    r"(?P<more>多钟?|左右|过后|后头|前后)?)"
)
_PAIR = re.compile(r"([一二两三四五六七八九])(?<![一二三四五六七八九十\d].)([二三四五六七八九])点")
_SPAN = re.compile(rf"(?P<h>{_FIRST})点?(?P<half>半)?\s?[到至~—–-]+\s?(?={_N}(?:点|时|:))")
_TO = re.compile(r"\s?(?:一直)?[到至~—–-]+\s?(?:[一-龥]{0,2}(?=\d|[零一二两三四五六七八九十]))?")
_NOW = re.compile(r"[^,，。]{0,3}(?:到|至)(?:现在|这会儿|刚才|此刻|目前|如今)")
_SIGNS = re.compile(r"[点时:]|[ap]m")


def find_clock(text: str) -> Clock | None:
    """The first clock time of normalised ``text``, or None."""
    if not _SIGNS.search(text):
        return None
    pair = _PAIR.search(text)
    if pair:
        return Clock(float(to_int(pair[1]) or 0), pair.span(), vague=True)
    for found in _CLOCK.finditer(text):
        hour = _hour(found)
        if hour is not None and not _is_a_bit(text, found):
            return _with_end(text, found, hour)
    return None


def _hour(found: re.Match[str]) -> float | None:
    """Hours of one match, or None when no clock shows it."""
    hour = to_int(found["h"])
    minute = _minute(found)
    if hour is None or hour > 24 or minute >= 60:
        return None
    half_day = (found["ap"] or found["ap2"] or "")[:1]
    if half_day == "p" and hour < 12:
        hour += 12
    second = int(found["s1"] or found["s2"] or 0)
    return hour + minute / 60 + second / 3600


def _minute(found: re.Match[str]) -> int:
    minute = int(found["m1"] or to_int(found["m2"] or "") or 0)
    minute += 30 * bool(found["half"]) + 15 * {"一": 1, "三": 3}.get(found["q"] or "", 0)
    return minute + 5 * (to_int(found["five"] or found["five2"] or "") or 0)


def _with_end(text: str, found: re.Match[str], hour: float) -> Clock:
    """The clock time with the end of a span (9点到11点, 8~10点半, 十点到现在) when one is told."""
    sure = bool(found["ap"] or found["ap2"]) or found["h"].startswith("0")
    before = _SPAN.search(text, max(0, found.start() - 8), found.end())
    if before and before.end() == found.start() and _is_hour(before):
        first = (to_int(before["h"]) or 0) + 0.5 * bool(before["half"])
        return Clock(first, (before.start(), found.end()), until=hour, is_sure=sure)
    to = _TO.match(text, found.end())
    other = _CLOCK.match(text, to.end()) if to else None
    until = _hour(other) if other else None
    if other and until is not None:
        return Clock(hour, (found.start(), other.end()), until=until, is_sure=sure)
    if _NOW.match(text, found.end()):
        return Clock(hour, found.span(), till_now=True, is_sure=sure)
    return Clock(hour, found.span(), vague=bool(found["more"]), is_sure=sure)


def _is_hour(said: re.Match[str]) -> bool:
    """True unless the number is none of a clock, or 一到五点 means "as soon as it is five"."""
    return (to_int(said["h"]) or 25) <= 24 and not said.group().startswith("一到")


def _is_a_bit(text: str, found: re.Match[str]) -> bool:
    """True for 一点 in the sense of a little (快一点, 一点一点, 有一点)."""
    if found["h"] != "一" or found.group() != "一点":
        return False
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    return before not in ("到", "夜", "晨", "午", "晚", "天") or after in ("一", "儿", "点")


_EARLY, _LATE_MORNING, _EVENING, _NIGHT = 5, 11, 17, 20


def in_part(hour: float, part: tuple[float, float]) -> float:
    """Hours since the midnight that begins the day of ``part``; over 24 is the day after."""
    low, high = part
    if 12 <= hour < 13:
        return _at_twelve(hour, low, high)
    if hour >= 12 or low <= hour <= high or low < _LATE_MORNING:
        return hour
    if hour < _EARLY <= low - 12 or (low >= _NIGHT and hour <= high - 24):
        return hour + 24
    return hour + 12 if low >= 12 or hour + 12 <= high + 1 else hour


def _at_twelve(hour: float, low: float, high: float) -> float:
    """晚上12点 is midnight, 凌晨12点半 half past it, 中午12点 noon."""
    if low >= _EVENING:
        return hour + 12
    return hour - 12 if high <= 6 else hour
