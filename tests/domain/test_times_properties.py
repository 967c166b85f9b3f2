"""The time grammar on any text: never raises, never ends before it starts, never slow."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.times import find_when
from bot.domain.words import normalise
from config.load import load_rules
from tests.domain.conftest import SITE
from tests.domain.spent import ALLOWED, steps_per_character

_ZONE = ZoneInfo("Asia/Shanghai")
_AT = datetime(2026, 3, 4, 9, tzinfo=_ZONE)
_TIMES = load_rules(SITE).reading.times
_SIGNS = (
    "0123456789零一二三四五六七八九十点时分半刻:：年月日号周星期礼拜天前昨今明上下午晚早"
    "凌晨夜/-.~到至 pm了个"
)
_MOMENTS = st.integers(0, 6_000_000).map(
    lambda minutes: _AT + timedelta(minutes=minutes - 3_000_000)
)
_HEAVY = [
    "1点",
    "1月",
    "3年",
    "周一",
    "10:30",
    "1-",
    "一",
    "昨晚",
    "9点到",
    "1/",
    "1号",
    "上",
    "前1",
]


@given(text=st.text(max_size=200) | st.text(alphabet=_SIGNS, max_size=80), at=_MOMENTS)
def test_any_text_is_read_without_error(text: str, at: datetime) -> None:
    when = find_when(normalise(text).text, at, _TIMES)

    assert when is None or when.start <= when.end
    assert when is None or when.text


@given(back=st.integers(1, 27), hour=st.integers(13, 23), minute=st.integers(0, 59), at=_MOMENTS)
def test_a_stated_date_and_clock_come_back(back: int, hour: int, minute: int, at: datetime) -> None:
    day = at - timedelta(days=back)

    when = find_when(f"{day.month}月{day.day}号{hour}:{minute:02d}有人翻墙", at, _TIMES)

    assert when is not None
    assert when.start == day.replace(hour=hour, minute=minute, second=0, microsecond=0)


@given(weekday=st.sampled_from("一二三四五六日"), at=_MOMENTS)
def test_a_weekday_is_one_of_the_last_seven_days(weekday: str, at: datetime) -> None:
    when = find_when(f"周{weekday}打的架", at, _TIMES)

    assert when is not None
    assert timedelta(0) <= at - when.start < timedelta(days=8)
    assert when.start.weekday() == "一二三四五六日".index(weekday)


@given(hour=st.integers(1, 12), minute=st.integers(0, 59), at=_MOMENTS)
def test_a_bare_clock_has_been_within_twelve_hours(hour: int, minute: int, at: datetime) -> None:
    when = find_when(f"{hour}点{minute:02d}分开始吵", at, _TIMES)

    assert when is not None
    assert timedelta(0) <= at - when.start <= timedelta(hours=12)


@pytest.mark.serial
@pytest.mark.parametrize("piece", _HEAVY)
def test_time_stays_within_the_allowance(piece: str) -> None:
    text = (piece * 1000)[:1000]

    assert steps_per_character(lambda said: find_when(said, _AT, _TIMES), text) < ALLOWED


@pytest.mark.serial
def test_months_without_a_number_are_not_searched_again_and_again() -> None:
    text = "每月" * 500 + "3月"

    assert steps_per_character(lambda said: find_when(said, _AT, _TIMES), text) < ALLOWED


@pytest.mark.serial
@given(piece=st.text(alphabet=_SIGNS, min_size=1, max_size=12))
def test_no_repeated_piece_is_slow(piece: str) -> None:
    text = normalise((piece * 1000)[:1000]).text

    assert steps_per_character(lambda said: find_when(said, _AT, _TIMES), text) < ALLOWED
