"""More ways to say when, on Wednesday 2026-03-04 at 09:00: calendars, clocks, spans, lookalikes."""

from datetime import datetime

import pytest

from bot.domain.times import find_when
from config.reading_rules import ReadingRules

_MOMENTS = [
    ("昨天三点来过", "2026-03-03 15:00"),
    ("昨天8点40出的门", "2026-03-03 08:40"),
    ("昨晚5点", "2026-03-03 17:00"),
    ("昨晚1点还在唱", "2026-03-04 01:00"),
    ("前晚十一点", "2026-03-02 23:00"),
    ("晚上12点敲墙", "2026-03-04 00:00"),
    ("凌晨12点半", "2026-03-04 00:30"),
    ("中午12点", "2026-03-03 12:00"),
    ("下午5:26", "2026-03-03 17:26"),
    ("七点一刻", "2026-03-04 07:15"),
    ("上午8点零五", "2026-03-04 08:05"),
    ("昨日下午四点二十五分", "2026-03-03 16:25"),
    ("昨天22:10:30", "2026-03-03 22:10"),
    ("昨天3pm", "2026-03-03 15:00"),
    ("周一早8点", "2026-03-02 08:00"),
    ("上上周三下午两点", "2026-02-18 14:00"),
    ("3月1号晚八点", "2026-03-01 20:00"),
    ("2025年11月8日22:35", "2025-11-08 22:35"),
    ("2026-03-01 20:05发生的", "2026-03-01 20:05"),
    ("02-28 20:01报过", "2026-02-28 20:01"),
    ("上个月28号晚上9点", "2026-02-28 21:00"),
    ("去年国庆晚上8点", "2025-10-01 20:00"),
    ("今天半夜1点", "2026-03-04 01:00"),
    ("早餐后 昨天7点", "2026-03-03 07:00"),
    ("一到六点就放喇叭", "2026-03-04 06:00"),
    ("麻将搓到一点多", "2026-03-04 01:00"),
    ("17年6月9号上午9点", "2017-06-09 09:00"),
]
_SPANS = [
    ("上周三", "2026-02-25 00:00", "2026-02-26 00:00"),
    ("上周", "2026-02-23 00:00", "2026-03-02 00:00"),
    ("这周", "2026-03-02 00:00", "2026-03-04 09:00"),
    ("上个月丢的", "2026-02-01 00:00", "2026-03-01 00:00"),
    ("上个月底", "2026-02-24 00:00", "2026-03-01 00:00"),
    ("去年", "2025-01-01 00:00", "2026-01-01 00:00"),
    ("去年5月", "2025-05-01 00:00", "2025-06-01 00:00"),
    ("二零二五年十二月", "2025-12-01 00:00", "2026-01-01 00:00"),
    ("零八年的事", "2008-01-01 00:00", "2009-01-01 00:00"),
    ("12月", "2025-12-01 00:00", "2026-01-01 00:00"),
    ("3月5号停水", "2025-03-05 00:00", "2025-03-06 00:00"),
    ("2月29号", "2024-02-29 00:00", "2024-03-01 00:00"),
    ("28号", "2026-02-28 00:00", "2026-03-01 00:00"),
    ("31号", "2026-01-31 00:00", "2026-02-01 00:00"),
    ("周末", "2026-02-28 00:00", "2026-03-02 00:00"),
    ("周日,3月1号", "2026-03-01 00:00", "2026-03-02 00:00"),
    ("2026/2/14", "2026-02-14 00:00", "2026-02-15 00:00"),
    ("20260214", "2026-02-14 00:00", "2026-02-15 00:00"),
    ("元旦", "2026-01-01 00:00", "2026-01-02 00:00"),
    ("2月头3天", "2026-02-01 00:00", "2026-02-04 00:00"),
    ("昨天上午9点到11点", "2026-03-03 09:00", "2026-03-03 11:00"),
    ("昨晚9~11点半", "2026-03-03 21:00", "2026-03-03 23:30"),
    ("昨晚10点半到现在", "2026-03-03 22:30", "2026-03-04 09:00"),
    ("过去的25分钟", "2026-03-04 08:35", "2026-03-04 09:00"),
    ("最近的3天", "2026-03-01 09:00", "2026-03-04 09:00"),
    ("前两个小时", "2026-03-04 07:00", "2026-03-04 09:00"),
    ("一刻钟前", "2026-03-04 08:45", "2026-03-04 08:45"),
    ("一个半小时前", "2026-03-04 07:30", "2026-03-04 07:30"),
    ("今年第三次了 刚才又来", "2026-03-04 08:30", "2026-03-04 09:00"),
    ("明天要停水 现在就没水", "2026-03-04 09:00", "2026-03-04 09:00"),
    ("下周三", "2026-03-11 00:00", "2026-03-12 00:00"),
    ("明年", "2027-01-01 00:00", "2028-01-01 00:00"),
]
_NONE = [
    "早餐店油烟大",
    "晚饭后散步的人很多",
    "夜市太吵",
    "他早就不住这里了",
    "3号楼2单元",
    "农历八月十五放的炮",
    "正月初五",
    "点名批评",
    "周围都是垃圾",
    "九十年代的房子",
    "住了少说七八年",
    "在这里住满15年",
    "每月的物业费",
    "单位门口",
    "13号线",
    "25点",
    "3点名",
]


def _moment(said: str, at: datetime) -> datetime:
    return datetime.strptime(said, "%Y-%m-%d %H:%M").replace(tzinfo=at.tzinfo)


@pytest.mark.parametrize(("text", "expected"), _MOMENTS, ids=[text for text, _ in _MOMENTS])
def test_moment_is_the_one_meant(
    text: str, expected: str, rules: ReadingRules, at: datetime
) -> None:
    when = find_when(text, at, rules.times)

    assert when is not None
    assert when.start.replace(second=0) == _moment(expected, at)


@pytest.mark.parametrize(("text", "start", "end"), _SPANS, ids=[s[0] for s in _SPANS])
def test_span_is_the_one_meant(
    text: str, start: str, end: str, rules: ReadingRules, at: datetime
) -> None:
    when = find_when(text, at, rules.times)

    assert when is not None
    assert (when.start, when.end) == (_moment(start, at), _moment(end, at))


@pytest.mark.parametrize("text", _NONE)
def test_lookalikes_are_no_time(text: str, rules: ReadingRules, at: datetime) -> None:
    assert find_when(text, at, rules.times) is None


def test_friday_night_said_on_tuesday_is_last_friday(rules: ReadingRules, at: datetime) -> None:
    tuesday = at.replace(day=3)

    when = find_when("周五晚打的架", tuesday, rules.times)

    assert when is not None
    assert when.start == _moment("2026-02-27 18:00", at)


def test_a_clock_said_shortly_after_is_of_the_same_evening(
    rules: ReadingRules, at: datetime
) -> None:
    evening = at.replace(hour=22)

    when = find_when("9点半就开始了", evening, rules.times)

    assert when is not None
    assert when.start == at.replace(hour=21, minute=30)


@pytest.mark.parametrize("text", ["九九九九年十二月三十一日", "9999-12-31"])
def test_a_year_nobody_speaks_of_is_not_believed(
    text: str, rules: ReadingRules, at: datetime
) -> None:
    when = find_when(text, at, rules.times)

    assert when is None or when.start.year in (2025, 2026)


def test_words_of_the_site_are_its_own(rules: ReadingRules, at: datetime) -> None:
    times = rules.times.model_copy(update={"days": {"昨朝": -1}})

    assert find_when("昨朝打的", at, times) is not None
    assert find_when("昨天打的", at, times) is None
