"""The bands of the weekly figures: every span in exactly one, small numbers left unsaid."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.bands import Step, band_of, counted, slowest, stretches


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


def test_each_stretch_is_counted_from_what_began_it() -> None:
    at = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    steps = [
        ("open", at),
        ("assign", at),
        ("assign", at + timedelta(minutes=5)),  # handed on: the new one's time
        ("accept", at + timedelta(minutes=6)),
        ("verify", at + timedelta(minutes=18)),
        ("verify", at + timedelta(minutes=40)),  # there a second time
        ("feedback", at + timedelta(hours=3)),
        ("feedback", at + timedelta(hours=9)),
    ]

    assert list(stretches(steps)) == [
        (Step.SIGN, at + timedelta(minutes=6), timedelta(minutes=1)),
        (Step.START, at + timedelta(minutes=18), timedelta(minutes=12)),
        (Step.FEEDBACK, at + timedelta(hours=3), timedelta(hours=3)),
    ]
