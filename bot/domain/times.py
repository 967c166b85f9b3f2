"""Finds when it happened (时间); always resolved to the past, because people report what was.

周五晚 said on a Tuesday is last Friday; 23:22 said at 00:10 is last night; 凌晨 belongs to the new
date, 昨晚十二点半 is 00:30 today. Fuzzy words give a span. Only announcements look forward (明天).
Called by ``bot.domain.reading``; ``at`` is aware, answers are in the zone of ``at``.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.numbers import to_int
from config.reading_rules import TimeWords


@dataclass(frozen=True, slots=True)
class When:
    """Span in which it happened; ``text`` is what was said, ``is_recurring`` for 天天半夜."""

    start: datetime
    end: datetime
    text: str
    is_recurring: bool = False


@dataclass(frozen=True, slots=True)
class _Day:
    """Midnight of the day meant, with the words that named it."""

    midnight: datetime
    span: tuple[int, int]
    named: bool


_N = r"(?:\d{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_CLOCK = re.compile(
    rf"(?<![\d.])(?P<h>{_N})(?:(?::(?P<m1>\d{{2}}))(?!\d)|(?:点|时(?!候|间|常|不|段))(?:(?P<half>半)|(?P<q>[一三])刻"
    rf"|(?P<m2>\d{{2}}(?![\d\-#号栋幢])|[二三四五]?十[一二三四五六七八九]?|{_N}(?=分))分?)?(?P<more>多|左右|过后)?)"
)
_TWO_HOURS = re.compile(
    r"(?<![一二三四五六七八九十\d])([一二两三四五六七八九])([二三四五六七八九])点"
)
_WEEKDAY = re.compile(r"(?P<last>上上?个?|这个?|本)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天末])")
_DATE = re.compile(
    rf"(?:(?P<y>\d{{4}}|今|去|前)年)?(?P<m>{_N})(?:月份?|[./](?=\d))"
    r"(?:(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})"
    r"(?:日|号|(?=晚|早|凌晨|上午|下午|夜|$|[ ,，])))?"
)
_ISO_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?(?!\d)"
)
_DAY_NO = re.compile(
    r"(?<![\d年月楼栋座幢路街弄巷村#])(\d{1,2})号(?!楼|院|线|门|房|店|口|机|码|车|桌|单|[\d一二三四五六七八九])"
)
_AGO = re.compile(
    rf"(?P<n>半|几|{_N}|\d{{1,3}})(?P<half>个半|多个|来个|个)?(?P<u>分钟|小时|钟头|天|星期|礼拜|周|月|年)(?:多|半)?(?:以前|之前|前|了)"
)
_UNIT = {
    "分钟": timedelta(minutes=1),
    "小时": timedelta(hours=1),
    "钟头": timedelta(hours=1),
    "天": timedelta(days=1),
    "星期": timedelta(days=7),
    "礼拜": timedelta(days=7),
    "周": timedelta(days=7),
    "月": timedelta(days=30),
    "年": timedelta(days=365),
}
_SEVERAL = 3
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def find_when(text: str, at: datetime, words: TimeWords) -> When | None:
    """When it happened, read from normalised ``text``; None when no time is said."""
    for finder in (_by_day_and_clock, _by_fuzzy_word, _by_span_ago):
        found = finder(text, at, words)
        if found:
            return _marked(found, text, words)
    return None


def _marked(when: When, text: str, words: TimeWords) -> When:
    """The same with end after start and the recurring mark set."""
    start, end = min(when.start, when.end), max(when.start, when.end)
    recurring = any(word in text for word in words.recurring)
    return When(start, end, when.text, recurring)


def _by_day_and_clock(text: str, at: datetime, words: TimeWords) -> When | None:
    day = _day(text, at, words)
    part = _day_part(text, words)
    clock = _clock(text)
    if clock:
        return _at_clock(text, at, day, part, clock)
    if part:
        return _in_part(text, at, day, part)
    if day.named:
        end = day.midnight + _DAY
        return When(
            day.midnight, min(end, at) if day.midnight <= at else end, _said(text, day.span)
        )
    return None


def _day(text: str, at: datetime, words: TimeWords) -> _Day:
    """The day meant; today, not ``named``, when none is said."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    for name in sorted(words.days, key=len, reverse=True):
        place = text.find(name)
        if place >= 0:
            span = (place, place + len(name))
            return _Day(midnight + timedelta(days=words.days[name]), span, named=True)
    for finder in (_iso_day, _weekday, _date, _day_of_month):
        found = finder(text, midnight)
        if found:
            return found
    return _Day(midnight, (0, 0), named=False)


def _iso_day(text: str, midnight: datetime) -> _Day | None:
    found = _ISO_DATE.search(text)
    day = found and _replaced(midnight, int(found["y"]), int(found["m"]), int(found["d"]))
    return _Day(day, found.span(), named=True) if found and day else None


def _weekday(text: str, midnight: datetime) -> _Day | None:
    found = _WEEKDAY.search(text)
    if not found:
        return None
    number = {"末": 5, "天": 6, "日": 6}.get(found["d"], "一二三四五六".find(found["d"]))
    monday = midnight - timedelta(days=midnight.weekday())
    last = found["last"] or ""
    if last.startswith("上"):
        day = monday + timedelta(days=number - 7 * last.count("上"))
    else:
        day = monday + timedelta(days=number)
        if day > midnight and not last:
            day -= timedelta(days=7)
    return _Day(day, found.span(), named=True)


def _date(text: str, midnight: datetime) -> _Day | None:
    for found in _DATE.finditer(text):
        month = to_int(found["m"])
        if not month or not 1 <= month <= 12 or (not found["d"] and "." in found.group()):
            continue
        said = found["y"]
        year = midnight.year - {"去": 1, "前": 2}.get(said or "", 0)
        if said and said.isdigit():
            year = int(said)
        day = _replaced(midnight, year, month, to_int(found["d"] or "1") or 0)
        if day is None:
            continue
        if day > midnight and not said:
            day = _replaced(day, year - 1, month, day.day) or day
        return _Day(day, found.span(), named=True)
    return None


def _day_of_month(text: str, midnight: datetime) -> _Day | None:
    found = _DAY_NO.search(text)
    if not found:
        return None
    number = int(found[1])
    month = midnight if number <= midnight.day else midnight.replace(day=1) - _DAY
    day = _replaced(midnight, month.year, month.month, number)
    return _Day(day, found.span(), named=True) if day else None


def _replaced(moment: datetime, year: int, month: int, day: int) -> datetime | None:
    try:
        return moment.replace(year=year, month=month, day=day)
    except ValueError:
        return None


def _day_part(text: str, words: TimeWords) -> tuple[tuple[float, float], tuple[int, int]] | None:
    """((from hour, to hour), where it stands) of the longest day part said."""
    named = [(len(name), name) for name in words.day_parts if name in text]
    if not named:
        return None
    name = max(named)[1]
    place = text.find(name)
    return words.day_parts[name], (place, place + len(name))


def _clock(text: str) -> tuple[float, tuple[int, int], bool] | None:
    """(hour, where it stands, vague) of the first clock time."""
    between = _TWO_HOURS.search(text)
    if between:
        return float(to_int(between[1]) or 0), between.span(), True
    for found in _CLOCK.finditer(text):
        hour = to_int(found["h"])
        if hour is None or hour > 24:
            continue
        minute = int(found["m1"] or to_int(found["m2"] or "") or 0)
        minute += 30 * bool(found["half"]) + 15 * {"一": 1, "三": 3}.get(found["q"] or "", 0)
        if minute < 60 and not _is_a_bit(text, found):
            return hour + minute / 60, found.span(), bool(found["more"])
    return None


def _is_a_bit(text: str, found: re.Match[str]) -> bool:
    """True for 一点 in the sense of a little (快一点, 一点一点, 有一点)."""
    if found["h"] != "一" or found["half"] or found["m2"] or found["more"]:
        return False
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    return before not in ("到", "夜", "晨", "午", "晚", "天") or after in ("一", "儿", "点")


def _at_clock(
    text: str,
    at: datetime,
    day: _Day,
    part: tuple[tuple[float, float], tuple[int, int]] | None,
    clock: tuple[float, tuple[int, int], bool],
) -> When:
    hour, span, vague = clock
    shift = 0
    if part:
        hour, shift = _in_day_part(hour, part[0], day.named)
    start = day.midnight + timedelta(hours=hour + 24 * shift)
    if not part and not day.named and hour <= 12:
        start = _latest_reading(start, at)
    elif not day.named and start > at:
        start -= _DAY
    end = start + (_HOUR if vague else timedelta())
    return When(start, end, _said(text, day.span, part[1] if part else (0, 0), span))


def _in_day_part(hour: float, part: tuple[float, float], day_named: bool) -> tuple[float, int]:
    """Hour of the clock in a day part, and by how many days it lies after the day named."""
    low, high = part
    if high > 24 and 12 <= hour < 13:
        return hour - 12, int(day_named)
    if hour < 12 and not low <= hour <= high and low <= hour + 12 <= high:
        return hour + 12, 0
    if high > 24 and hour <= high - 24:
        return hour, int(day_named)
    return hour, 0


def _latest_reading(start: datetime, at: datetime) -> datetime:
    """The last time before ``at`` at which a clock showed this hour, morning or afternoon."""
    half_day = timedelta(hours=12)
    while start + half_day <= at:
        start += half_day
    while start > at:
        start -= half_day
    return start


def _in_part(
    text: str, at: datetime, day: _Day, part: tuple[tuple[float, float], tuple[int, int]]
) -> When:
    (low, high), span = part
    start, end = (day.midnight + timedelta(hours=h) for h in (low, high))
    if start > at and not day.named:
        start, end = start - _DAY, end - _DAY
    if start <= at < end:
        end = at
    return When(start, end, _said(text, day.span, span))


def _by_fuzzy_word(text: str, at: datetime, words: TimeWords) -> When | None:
    named = [(len(word), word) for word in words.fuzzy if word in text]
    if not named:
        return None
    word = max(named)[1]
    start, end = (at + timedelta(minutes=m) for m in words.fuzzy[word])
    return When(start, end, word)


def _by_span_ago(text: str, at: datetime, words: TimeWords) -> When | None:
    found = _AGO.search(text)
    if not found:
        return None
    unit = _UNIT[found["u"]]
    said = found["n"]
    count = {"半": 0.5, "几": float(_SEVERAL)}.get(said, float(to_int(said) or 0))
    count += 0.5 * (found["half"] == "个半")
    length = unit * count
    if found.group().endswith("前"):
        slack = unit / 2 if said == "几" else timedelta()
        return When(at - length - slack, at - length + slack, found.group())
    return When(at - length, at, found.group())


def _said(text: str, *spans: tuple[int, int]) -> str:
    """The piece of text that holds all spans, or them side by side when far apart."""
    real = sorted(s for s in spans if s[1] > s[0])
    if real[-1][1] - real[0][0] <= 20:
        return text[real[0][0] : real[-1][1]]
    return " ".join(text[s:e] for s, e in real)
