"""Which day, week or month a report is asked for, in the words of who asks."""

from datetime import datetime

import pytest

from bot.domain import sheets, spans
from bot.domain.clocks import ZONE
from bot.domain.spans import Length

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=ZONE)  # a Wednesday


@pytest.mark.parametrize(
    ("length", "words", "name"),
    [
        (Length.DAY, "", "3月10日"),
        (Length.DAY, "今天", "3月11日"),
        (Length.DAY, "3月4日", "3月4日"),
        (Length.DAY, "12月4号", "12月4日"),
        (Length.DAY, "2月31日", "3月10日"),
        (Length.WEEK, "", "3月2日至3月8日"),
        (Length.WEEK, "本周", "3月9日至3月15日"),
        (Length.WEEK, "2026-03-05", "3月2日至3月8日"),
        (Length.MONTH, "", "2026年2月"),
        (Length.MONTH, "1月", "2026年1月"),
        (Length.MONTH, "12月", "2025年12月"),
        (Length.MONTH, "本月", "2026年3月"),
        (Length.QUARTER, "", "2025年第四季度"),
        (Length.QUARTER, "一季度", "2026年第一季度"),
        (Length.QUARTER, "第2季度", "2025年第二季度"),
        (Length.QUARTER, "2024年四季度", "2024年第四季度"),
        (Length.QUARTER, "2月5日", "2026年第一季度"),
        (Length.YEAR, "", "2025年"),
        (Length.YEAR, "今年", "2026年"),
        (Length.YEAR, "2024年", "2024年"),
    ],
)
def test_words_name_a_period_and_without_them_it_is_the_last_whole_one(
    length: Length, words: str, name: str
) -> None:
    assert spans.asked(length, words, NOW).name == name


def test_periods_follow_each_other_without_a_gap() -> None:
    for length in Length:
        one = spans.asked(length, "", NOW)
        assert one.before.until == one.since
        longer = (one.until - one.since) - (one.year_before.until - one.year_before.since)
        assert abs(longer.days) <= (length in (Length.QUARTER, Length.YEAR)), "a leap day"
    assert spans.asked(Length.MONTH, "3月", NOW).year_before.name == "2025年3月"


def test_year_has_its_months() -> None:
    year = spans.asked(Length.YEAR, "2025年", NOW)

    assert [one.name for one in year.months][::11] == ["2025年1月", "2025年12月"]
    assert len(year.months) == 12
    assert year.months[-1].until == year.until


def test_message_that_holds_nothing_says_only_how_much_is_left() -> None:
    assert sheets.cut(["很长" * 20], lambda left: f"还有{left}行", most=20) == "还有1行"
