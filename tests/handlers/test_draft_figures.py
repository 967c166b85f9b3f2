"""Median and worst of heard → on a phone → sent, door by door."""

from datetime import UTC, datetime, timedelta

from handlers.draft_figures import by_door
from storage.drafts import Spans

NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


def span(door: str, phone_s: float | None, sent_s: float | None, *, danger: bool = True) -> Spans:
    phone = None if phone_s is None else NINE + timedelta(seconds=phone_s)
    sent = None if sent_s is None else NINE + timedelta(seconds=sent_s)
    return Spans(door, danger, NINE, phone, sent)


def test_median_and_worst_are_told_for_each_door_danger_first() -> None:
    found = by_door(
        [
            span("archive", 3, 40, danger=False),
            span("archive", 2, 30),
            span("archive", 4, 95),
            span("archive", 60, None),
            span("socket", 1, 5),
        ]
    )

    assert [one.words for one in found] == [
        "会话存档 险情：3句，发出2句；听到→到手机 4秒/1分0秒，听到→发出 30秒/1分35秒（中位/最慢）",
        "智能机器人 险情：1句，发出1句；听到→到手机 1秒/1秒，听到→发出 5秒/5秒（中位/最慢）",
        "会话存档 平常：1句，发出1句；听到→到手机 3秒/3秒，听到→发出 40秒/40秒（中位/最慢）",
    ]


def test_what_never_came_so_far_is_a_dash_and_not_a_zero() -> None:
    (found,) = by_door([span("archive", None, None)])

    assert "听到→到手机 —/—，听到→发出 —/—" in found.words
