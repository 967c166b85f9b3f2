"""The bands of the weekly figures: every span in exactly one, small numbers left unsaid."""

from datetime import timedelta

import pytest

from bot.domain.bands import Step, band_of, counted, slowest


@pytest.mark.parametrize(
    ("step", "seconds", "band"),
    [
        (Step.SIGN, 0, "0–30秒"),
        (Step.SIGN, 30, "0–30秒"),
        (Step.SIGN, 31, "30–60秒"),
        (Step.SIGN, 181, "180秒以上"),
        (Step.START, 600, "5–10分"),
        (Step.START, 1801, "30分以上"),
        (Step.FEEDBACK, 3601, "1–2小时"),
        (Step.FEEDBACK, 4 * 3600, "2–4小时"),
    ],
)
def test_span_falls_into_its_band(step: Step, seconds: int, band: str) -> None:
    assert band_of(step, timedelta(seconds=seconds)) == band


def test_every_band_is_named_even_when_empty() -> None:
    counts = counted(Step.SIGN, [timedelta(seconds=5), timedelta(seconds=5), timedelta(hours=1)])

    assert list(counts.values()) == [2, 0, 0, 0, 1]


def test_slowest_unit_is_named_only_with_enough_to_compare() -> None:
    quick, slow = [timedelta(minutes=1)] * 10, [timedelta(minutes=9)] * 10

    assert slowest({"甲": quick, "乙": slow}) == "乙"
    assert slowest({"甲": quick, "乙": slow[:9]}) == ""
    assert slowest({"乙": slow}) == ""
