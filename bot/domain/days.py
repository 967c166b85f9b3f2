"""Which day, week, month or year is meant (哪一天): 昨天, 上周五, 3月1号, 去年国庆, 2026-03-04.

People report what was, so a day without a year, a weekday without 下 and a day of the month are
the last ones that have been; only 明天, 下周 and a stated year look forward. The lunar calendar is
not read: no answer is better than a wrong day. Called by ``bot.domain.times``; pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.numbers import to_int
from bot.domain.time_words import SaidTimes
from config.reading_rules import TimeWords

_ONE = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """The day meant, or the week, month or year; where it stands; False when none was named."""

    start: datetime
    end: datetime
    span: tuple[int, int]
    named: bool

    @property
    def is_one(self) -> bool:
        """True for a single day, to which a clock time or a part of the day can belong."""
        return self.end - self.start == _ONE


_H = "零〇一二三四五六七八九"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = rf"(?:3[01]|[12]\d|0?[1-9]|[二三]?十[{_H[2:]}]?|[{_H[2:]}])"
_Y = (
    rf"(?:(?:(?P<y>(?:19|20)\d{{2}}|(?<!\d)\d{{2}}|[{_H}]{{4}}|[{_H}]{{2}}|两千零?[{_H}]"
    r"|大前|今|去|前|明|上|本|这)一?\s?年(?!代))的?\s?)"
)
_DAY_ENDS = r"(?:日|号|(?=晚|早|凌晨|上午|下午|中午|夜|$|[ ,，。]))"
_DATE = re.compile(
    rf"(?:{_Y}(?:(?P<m>{_M})(?:月份?)(?:(?P<d>{_D}){_DAY_ENDS})?)?"
    rf"|(?<![\d前上近过几每第闰历个])(?P<m2>{_M})月份?(?:(?P<d2>{_D}){_DAY_ENDS}|[前头](?P<n>{_D})天)?)"
)
_YEAR_OR_MONTH = re.compile("[年月]")
_TWO = r"(?:0[1-9]|[12]\d|3[01]|[1-9])"
_ISO = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?:\s?[-/.年· ]\s?(?P<m>1[0-2]|0?[1-9])\s?[-/.月· ]\s?"
    rf"(?P<d>{_TWO})(?:日|号)?(?!\d(?!\d:\d))|(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])(?!\d))"
)
_SLASHED = re.compile(
    rf"(?<![\d/.])(?P<m>1[0-2]|0?[1-9])(?:/(?P<d>{_TWO})/(?P<y>(?:19|20)?\d{{2}})(?!\d)"
    rf"|[/·](?P<d2>{_TWO})(?:号|日|(?=[早晚凌,，。 ]|上午|下午|中午|$))"
    rf"|-(?P<d3>{_TWO})(?=\s*\d{{1,2}}:\d{{2}})|\.(?P<d4>{_TWO})(?:号|日))"
)
_NOT_OURS = re.compile(r"农历|阴历|正月|腊月|闰|初[一二三四五六七八九十]|大年|除夕|廿")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)(?P<d>[一二三四五六日天末](?![个年月]))?")
_WEEK_BEFORE = re.compile(r"(上上|上|这|本|今|下下|下)(?:一?个|一)?$")
_MONTH = re.compile(
    rf"(?P<w>上上|上|这|本|今|当|下)(?:一?个|一)?月份?(?:(?P<d>{_D})(?:日|号)|(?P<p>初|底|中旬))?"
)
_DAY_NO = re.compile(
    r"(\d(?<![\d年月楼栋座幢路街弄巷村#·./-]\d)\d?)(?:号(?!楼|院|线|门|房|店|口|机|码|车|桌|单|[\d一二三四五六七八九])|日(?![常子元用报]))"
    r"|((?:二十|三十|十)(?<![楼栋座幢路街弄巷村区苑园]十)(?<![楼栋座幢路街弄巷村区苑园].十)[一二三四五六七八九]?)(?:号|日)(?=晚|早|凌晨|上午|下午|中午|夜|那天|$)"
)
_BACK = {"上上": 2, "上": 1, "下": -1, "下下": -2}
_YEARS_BACK = {"大前": 3, "前": 2, "去": 1, "上": 1, "明": -1}
_EARLIEST, _LATEST = 1900, 2100
_MONTH_PART = {"初": (0, 5), "中旬": (10, 20)}


def find_day(text: str, midnight: datetime, said: SaidTimes, words: TimeWords) -> Day | None:
    """The day named in normalised ``text``; ``midnight`` is that of the day it was said on."""
    if said.days:
        name, span = said.days[0]
        start = midnight + timedelta(days=words.days[name])
        return Day(start, start + _ONE, span, named=True)
    if said.feasts:
        name, span = said.feasts[0]
        return _feast(text, midnight, words.feasts[name], span)
    return _by_calendar(text, midnight)


def _by_calendar(text: str, midnight: datetime) -> Day | None:
    """A date, a month, a weekday or a day of the month, whichever is told most exactly."""
    if _NOT_OURS.search(text):
        return None
    for signs, finder in _FINDERS:
        if signs.search(text):
            day = finder(text, midnight)
            if day:
                return day
    return None


def _one(start: datetime | None, span: tuple[int, int]) -> Day | None:
    return Day(start, start + _ONE, span, named=True) if start else None


def _iso(text: str, midnight: datetime) -> Day | None:
    found = _ISO.search(text)
    if not found:
        return None
    month, day = found["m"] or found["m2"], found["d"] or found["d2"]
    return _one(replaced(midnight, int(found["y"]), int(month), int(day)), found.span())


def _slashed(text: str, midnight: datetime) -> Day | None:
    """10/31/1974, 2/15, 6·30, 11/3号, 09-01 20:01."""
    found = _SLASHED.search(text)
    if not found:
        return None
    month = int(found["m"])
    if found["y"]:
        return _one(
            replaced(midnight, _year(found["y"], midnight), month, int(found["d"])), found.span()
        )
    day = int(found["d2"] or found["d3"] or found["d4"])
    return _one(_last_date(midnight, month, day), found.span())


def _date(text: str, midnight: datetime) -> Day | None:
    for found in _dates(text):
        month = to_int(found["m"] or found["m2"] or "")
        number = to_int(found["d"] or found["d2"] or "")
        if found["y"] and month is None and _is_length(found["y"]):
            continue
        if found["y"] is None:
            day = _without_year(midnight, month or 0, number, found.span())
        else:
            day = _in_year(midnight, _year(found["y"], midnight), month, number, found.span())
        if day and found["n"]:
            return Day(day.start, day.start + (to_int(found["n"]) or 1) * _ONE, found.span(), True)
        if day:
            return day
    return None


def _dates(text: str) -> Iterator[re.Match[str]]:
    """Matches around each 年 and 月; the whole text need not be searched for them."""
    end = 0
    for sign in _YEAR_OR_MONTH.finditer(text):
        if sign.start() < end:
            continue
        found = _DATE.search(text, max(end, sign.start() - 6))
        if not found:
            return
        end = found.end()
        yield found


def _without_year(
    midnight: datetime, month: int, number: int | None, span: tuple[int, int]
) -> Day | None:
    if number:
        return _one(_last_date(midnight, month, number), span)
    start = _last_date(midnight, month, 1)
    return Day(start, _next_month(start), span, named=True) if start else None


def _in_year(
    midnight: datetime, year: int, month: int | None, number: int | None, span: tuple[int, int]
) -> Day | None:
    if number and month:
        return _one(replaced(midnight, year, month, number), span)
    start = replaced(midnight, year, month or 1, 1)
    if start is None:
        return None
    end = _next_month(start) if month else replaced(start, year + 1, 1, 1)
    return Day(start, end or start, span, named=True)


def _is_length(year: str) -> bool:
    """True for 六七年 and 15年 without a month, which are lengths; 零八年 is a year."""
    return len(year) == 2 and year != "大前" and year[0] not in "零〇0"


def _year(said: str, midnight: datetime) -> int:
    """1974, 74, 七四, 二零零六, 去 … as a year; 0 for one that nobody alive speaks of."""
    if said in _YEARS_BACK:
        return midnight.year - _YEARS_BACK[said]
    value = to_int(said.replace("两千", "二千"))
    if value is None or said in ("今", "本", "这"):
        return midnight.year
    if value < 100:
        century = 2000 if value <= midnight.year % 100 + 10 else 1900
        return century + value
    return value if _EARLIEST <= value <= _LATEST else 0


def _month(text: str, midnight: datetime) -> Day | None:
    found = _MONTH.search(text)
    if not found:
        return None
    start = midnight.replace(day=1)
    for _ in range(_BACK.get(found["w"], 0)):
        start = (start - _ONE).replace(day=1)
    if found["w"] == "下":
        start = _next_month(start)
    if found["d"]:
        number = to_int(found["d"]) or 0
        return _one(replaced(start, start.year, start.month, number), found.span())
    end = _next_month(start)
    if found["p"]:
        low, high = _MONTH_PART.get(found["p"], ((end - start).days - 5, (end - start).days))
        start, end = start + low * _ONE, start + high * _ONE
    return Day(start, end, found.span(), named=True)


def _weekday(text: str, midnight: datetime) -> Day | None:
    for found in _WEEKDAY.finditer(text):
        before = _WEEK_BEFORE.search(text[max(0, found.start() - 4) : found.start()])
        week, said = before[1] if before else "", found["d"]
        if not week and not said:
            continue
        span = (found.start() - len(before.group() if before else ""), found.end())
        monday = midnight - midnight.weekday() * _ONE - _WEEK * _BACK.get(week, 0)
        if not said:
            return Day(monday, monday + _WEEK, span, named=True)
        number = {"末": 5, "天": 6, "日": 6}.get(said, "一二三四五六".find(said))
        start = monday + number * _ONE
        if start > midnight and not week:
            start -= _WEEK
        return Day(start, start + (2 if said == "末" else 1) * _ONE, span, named=True)
    return None


def _day_of_month(text: str, midnight: datetime) -> Day | None:
    found = _DAY_NO.search(text)
    number = to_int(found[1] or found[2]) if found else None
    if not found or not number:
        return None
    month = midnight
    for _ in range(3):
        day = replaced(month, month.year, month.month, number)
        if day and day <= midnight:
            return _one(day, found.span())
        month = month.replace(day=1) - _ONE
    return None


def _feast(
    text: str, midnight: datetime, date: tuple[int, int], span: tuple[int, int]
) -> Day | None:
    """A holiday on a fixed date, of the year said right before it or the last one."""
    month, number = date
    year = _DATE.search(text[max(0, span[0] - 5) : span[0]])
    if year and year["y"] and year.end() == min(5, span[0]):
        start = replaced(midnight, _year(year["y"], midnight), month, number)
        return _one(start, (span[0] - len(year.group()), span[1]))
    return _one(_last_date(midnight, month, number), span)


def _last_date(midnight: datetime, month: int, day: int) -> datetime | None:
    """The last time that the calendar showed this date; None for 2月30号."""
    for back in range(9):
        start = replaced(midnight, midnight.year - back, month, day)
        if start and start <= midnight:
            return start
    return None


def replaced(moment: datetime, year: int, month: int, day: int) -> datetime | None:
    """``moment`` on another date, or None when there is no such date."""
    try:
        return moment.replace(year=year, month=month, day=day)
    except ValueError:
        return None


def _next_month(first: datetime) -> datetime:
    return (first + 31 * _ONE).replace(day=1)


_FINDERS = (
    (re.compile("19|20"), _iso),
    (re.compile(r"\d[-/·.]\d"), _slashed),
    (_YEAR_OR_MONTH, _date),
    (re.compile("月"), _month),
    (re.compile("[周期拜]"), _weekday),
    (re.compile("[号日]"), _day_of_month),
)
