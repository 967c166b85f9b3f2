"""What other people's time collections expect, brought to one form (时间的标准答案).

Each row of JioNLP's, duckling's and Recognizers' suites becomes a ``Gold``, or a reason why it is
out of scope; ``is_right`` says whether an answer is the expected one. The scope is told in
``bench.reading_parts``, which calls this.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.times import When

ZONE = ZoneInfo("Asia/Shanghai")
Row = dict[str, object]
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

_FORWARD = re.compile(
    r"下(?!午)|明[天早晚年日]|翌|次[年日]|(?<!午)[后後]|未来|再过|将|内$|聽日|听日"
)
_LUNAR = re.compile(
    r"农历|阴历|農曆|闰|閏|正月|腊月|初\d|初[一二三四五六七八九十]|廿|除夕|大年|[^\d零〇一二两三四五六七八九十今去前明上这本到过][一二三四五六七八九十]{1,3}年[正大一二三四五六七八九十\d]"
)
_FROM_TO = re.compile(r"[到至与]|\d{4}-\d{4}|年代|世纪|近.年|过去.年|最近|第.?个|第[一二三四五\d]")
_FEAST = re.compile(
    r"节|節|春节|端午|中秋|元旦|国庆|清明|冬至|大寒|七夕|元宵|暑假|五一|日$(?<!\d日)"
)
_PART = re.compile(r"早|晨|上午|中午|午|晚|夜|晝|昼|pm?$|am?$", re.I)
_TODAY = re.compile(r"今天|今晚|今早|今日|本日|当日|当天|今晨")
_WEEK = re.compile(r"周|週|星期|礼拜|禮拜")
_THIS = re.compile(r"[这這本今]个?個?(?:周|週|星期|礼拜|禮拜|月)")
_DATE = re.compile(r"[月/·.]|\d-\d")
_STATED_YEAR = re.compile(r"\d{4}|\d{2}年|[〇零一二三四五六七八九]{2,4}年|\d+/\d+/\d+")
_MONTH_SAID = re.compile(r"(十[一二]?|[一二三四五六七八九]|\d{1,2})月")
_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"十一": 11, "十二": 12}


@dataclass(frozen=True, slots=True)
class Gold:
    """The span a text means, said at ``at``; ``moved`` when it was moved into the past."""

    id: str
    text: str
    at: datetime
    start: datetime
    end: datetime
    blur: bool = False
    moved: bool = False


def is_right(gold: Gold, when: When | None) -> bool:
    """True when ``when`` is the moment or span expected.

    A moment within the hour expected; a longer span from the same minute to the same minute or to
    now; for spans that are vague by nature (早上) at least half of the shorter one in common.
    """
    if when is None:
        return False
    if gold.blur:
        common = min(gold.end, when.end) - max(gold.start, when.start)
        return (
            common > timedelta() and common >= min(gold.end - gold.start, when.end - when.start) / 2
        )
    if gold.end - gold.start <= _HOUR:
        return gold.start <= when.start <= gold.end and when.end <= gold.end + _HOUR
    ends = (gold.end, min(gold.end, gold.at))
    return abs(when.start - gold.start) < _MINUTE and any(
        abs(when.end - e) <= _MINUTE for e in ends
    )


def in_scope(gold: Gold) -> Gold | str:
    """The gold moved into the past by its own period when need be, or why it is left out."""
    for why, pattern in (
        ("forward", _FORWARD),
        ("lunar", _LUNAR),
        ("feast", _FEAST),
        ("from-to", _FROM_TO),
    ):
        if pattern.search(gold.text):
            return why
    month = _MONTH_SAID.search(gold.text)
    if month and _number(month[1]) not in (gold.start.month, (gold.start - _DAY).month):
        return "lunar"
    if gold.start <= gold.at or _TODAY.search(gold.text):
        return gold
    return _moved(gold)


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _NUMERALS[said]


def _moved(gold: Gold) -> Gold | str:
    if re.search(r"\d{4}", gold.text) or _STATED_YEAR.search(gold.text):
        return "future"
    if _THIS.search(gold.text) and not _WEEK.search(gold.text):
        return "future"
    if _WEEK.search(gold.text):
        back = replace(gold, start=gold.start - 7 * _DAY, end=gold.end - 7 * _DAY, moved=True)
        return (
            "future" if _THIS.search(gold.text) and gold.start - gold.at < 7 * _DAY - _DAY else back
        )
    if _DATE.search(gold.text):
        return _years_back(gold)
    step = (
        _DAY
        if _PART.search(gold.text) or (gold.start.hour > 12 and ":" in gold.text)
        else 12 * _HOUR
    )
    start, end = gold.start, gold.end
    while start > gold.at:
        start, end = start - step, end - step
    return replace(gold, start=start, end=end, moved=True)


def _years_back(gold: Gold) -> Gold | str:
    start, end = gold.start, gold.end
    while start > gold.at:
        start, end = (moment.replace(year=moment.year - 1) for moment in (start, end))
    return replace(gold, start=start, end=end, moved=True)


def jionlp(row: Row) -> Gold | str:
    """One row of ``time_jionlp``; only its points."""
    expect = row["expect"]
    if row["label"] != "time_point" or not isinstance(expect, dict):
        return "no point"
    at = _base(row["base"])
    if row["ret_future"] or at is None:
        return "future" if row["ret_future"] else "no base"
    start, end = (_moment(str(said)) for said in expect["time"])
    if start is None or end is None:
        return "no point"
    blur = expect["definition"] == "blur"
    end = end if blur or end.second != 59 else end + timedelta(seconds=1)
    return in_scope(Gold(str(row["id"]), str(row["text"]), at, start, end, blur))


def _base(base: object) -> datetime | None:
    """The moment of speaking; of a year, month or day alone its last minute."""
    if isinstance(base, int | float):
        return datetime.fromtimestamp(base, ZONE) if base > 10**6 else None
    if isinstance(base, dict):
        base = list(base.values())
    if not isinstance(base, list):
        return None
    year, *rest = (int(part) for part in base)
    month, day, *clock = [*rest, *(1, 1)[len(rest) :]]
    first = datetime(year, month, day, tzinfo=ZONE) + sum(
        (unit * part for unit, part in zip((_HOUR, _MINUTE, _SECOND), clock, strict=False)),
        timedelta(),
    )
    steps = {1: timedelta(days=365), 2: timedelta(days=28), 3: _DAY}
    return first + steps[len(base)] - _MINUTE if len(base) in steps else first


def _moment(said: str) -> datetime | None:
    try:
        return datetime.strptime(said, "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZONE)
    except ValueError:
        return None


_GRAINS = {
    "Second": timedelta(seconds=1),
    "Minute": _MINUTE,
    "Hour": _HOUR,
    "Day": _DAY,
    "Week": 7 * _DAY,
}


def duckling(row: Row) -> Gold | str:
    """One row of ``time_duckling``: points, and of the spans only the parts of a day."""
    said, text = str(row["expect"]), str(row["text"])
    if said.startswith("Holiday"):
        return "feast"
    at = datetime.fromisoformat(str(row["base"]))
    moments = [
        _tuple(found, at)
        for found in re.findall(r"\((\d+), (\d+), (\d+), (\d+), (\d+), (\d+)\)", said)
    ]
    grain = said.rsplit(" ", 1)[-1]
    start = moments[0]
    if start is None:
        return "length"
    if len(moments) == 2:
        end = moments[1]
        if end is None or not (_PART.search(text) and grain == "Hour"):
            return "length"
        return in_scope(Gold(str(row["id"]), text, at, start, end, blur=True))
    return in_scope(Gold(str(row["id"]), text, at, start, _after(start, grain)))


def _after(start: datetime, grain: str) -> datetime:
    if grain == "Month":
        return (start + 31 * _DAY).replace(day=1)
    return start.replace(year=start.year + 1) if grain == "Year" else start + _GRAINS[grain]


def _tuple(numbers: tuple[str, ...], at: datetime) -> datetime | None:
    try:
        year, month, day, hour, minute, second = (int(n) for n in numbers)
        return datetime(year, month, day, hour, minute, second, tzinfo=at.tzinfo)
    except ValueError:
        return None


_RECOGNIZED = ("DateParser", "DateTimeParser", "TimeParser", "DatePeriodParser")


def recognizers(row: Row) -> Gold | str:
    """One row of ``time_recognizers``: the past resolution of its date and time parsers."""
    expect = row["expect"]
    if row["label"] not in _RECOGNIZED or not row["base"] or not isinstance(expect, list):
        return "no point"
    if len(expect) != 1 or not expect[0].get("Value"):
        return "no point"
    past = expect[0]["Value"].get("PastResolution", {})
    at = datetime.fromisoformat(str(row["base"])).replace(tzinfo=ZONE)
    span = _resolved(past, at)
    if span is None:
        return "no point"
    gold = Gold(str(row["id"]), str(row["text"]), at, *span)
    return "future" if gold.start.date() > at.date() else in_scope(gold)


def _resolved(past: dict[str, str], at: datetime) -> tuple[datetime, datetime] | None:
    if "date" in past:
        start = _moment(f"{past['date']} 00:00:00")
        return (start, start + _DAY) if start else None
    if "dateTime" in past:
        start = _moment(past["dateTime"])
        return (start, start + _MINUTE) if start else None
    if "startDate" in past and "endDate" in past:
        start, end = (_moment(f"{past[key]} 00:00:00") for key in ("startDate", "endDate"))
        return (start, end) if start and end else None
    return None
