"""When it happened, said on Wednesday 2026-03-04 at 09:00; always resolved to the past."""

from datetime import datetime, timedelta

import pytest

from bot.domain.times import find_when
from config.reading_rules import ReadingRules

_POINTS = [
    ("昨晚十点半打起来的", "03-03 22:30"),
    ("昨天下午三点", "03-03 15:00"),
    ("今早七点", "03-04 07:00"),
    ("凌晨两点还在吵", "03-04 02:00"),
    ("昨晚十二点半", "03-04 00:30"),
    ("前天上午9点", "03-02 09:00"),
    ("23:22还在敲", "03-03 23:22"),
    ("晚上8点多", "03-03 20:00"),
    ("周一早上八点", "03-02 08:00"),
    ("上周五晚上九点", "02-27 21:00"),
    ("3月1号下午两点", "03-01 14:00"),
    ("2026年2月14日晚上7点", "02-14 19:00"),
    ("一点半", "03-04 01:30"),
    ("夜里两三点", "03-04 02:00"),
]
_SPANS = [
    ("周五晚上", "02-27 18:00", "02-28 00:00"),
    ("昨天", "03-03 00:00", "03-04 00:00"),
    ("昨晚", "03-03 18:00", "03-04 06:00"),
    ("刚才", "03-04 08:30", "03-04 09:00"),
    ("前几天", "02-25 09:00", "03-02 09:00"),
    ("半个月了", "02-17 09:00", "03-04 09:00"),
    ("三天前", "03-01 09:00", "03-01 09:00"),
    ("两个小时了没人来", "03-04 07:00", "03-04 09:00"),
    ("半小时前", "03-04 08:30", "03-04 08:30"),
    ("2月30号", "", ""),
]


def _moment(said: str, at: datetime) -> datetime:
    return datetime.strptime(f"2026-{said}", "%Y-%m-%d %H:%M").replace(tzinfo=at.tzinfo)


@pytest.mark.parametrize(("text", "expected"), _POINTS, ids=[text for text, _ in _POINTS])
def test_moment_is_the_last_one_meant(
    text: str, expected: str, rules: ReadingRules, at: datetime
) -> None:
    when = find_when(text, at, rules.times)

    assert when is not None
    assert when.start == _moment(expected, at)


@pytest.mark.parametrize(("text", "start", "end"), _SPANS[:-1], ids=[s[0] for s in _SPANS[:-1]])
def test_span_is_the_last_one_meant(
    text: str, start: str, end: str, rules: ReadingRules, at: datetime
) -> None:
    when = find_when(text, at, rules.times)

    assert when is not None
    assert (when.start, when.end) == (_moment(start, at), _moment(end, at))


@pytest.mark.parametrize("text", ["路灯坏了", "快一点", "一点一点挪", "3栋501", "水有一点黄"])
def test_no_time_is_read_into_other_words(text: str, rules: ReadingRules, at: datetime) -> None:
    assert find_when(text, at, rules.times) is None


def test_every_night_is_recurring(rules: ReadingRules, at: datetime) -> None:
    when = find_when("天天半夜一点拖椅子", at, rules.times)

    assert when is not None
    assert when.is_recurring


def test_said_after_midnight_means_the_evening_before(rules: ReadingRules, at: datetime) -> None:
    after_midnight = at.replace(hour=0, minute=10)

    when = find_when("23:22就开始吵", after_midnight, rules.times)

    assert when is not None
    assert after_midnight - when.start == timedelta(minutes=48)
