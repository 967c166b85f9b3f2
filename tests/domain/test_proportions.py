"""Shares with their interval, and the fair draw."""

import pytest

from bot.domain.drawing import draw
from bot.domain.proportions import Proportion


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (5, 5, 0.566, 1.0),
        (0, 5, 0.0, 0.434),
        (45, 50, 0.786, 0.957),
        (500, 1000, 0.469, 0.531),
    ],
)
def test_interval_is_wilsons(hits: int, n: int, low: float, high: float) -> None:
    found = Proportion(hits, n)

    assert found.low == pytest.approx(low, abs=0.001)
    assert found.high == pytest.approx(high, abs=0.001)


def test_nothing_tried_says_nothing() -> None:
    found = Proportion(0, 0)

    assert (found.share, found.low, found.high, found.words) == (0.0, 0.0, 1.0, "没有")


def test_words_name_count_share_and_interval() -> None:
    assert Proportion(45, 50).words == "45/50（90%，79–96%）"


def test_draw_shares_out_evenly() -> None:
    pools = {"a": range(100), "b": range(100, 200), "c": range(200, 300)}

    taken = draw(pools, 21, "20260304")

    assert [sum(low <= one < low + 100 for one in taken) for low in (0, 100, 200)] == [7, 7, 7]
    assert len(set(taken)) == 21


def test_kind_with_too_little_gives_its_places_away() -> None:
    taken = draw({"a": [1], "b": [], "c": range(10, 90)}, 20, "x")

    assert len(taken) == 20
    assert 1 in taken


def test_little_is_drawn_whole() -> None:
    assert sorted(draw({"a": [1, 2], "b": [3]}, 20, "x")) == [1, 2, 3]


def test_same_seed_draws_the_same_and_another_day_something_else() -> None:
    pools = {"a": range(500)}

    assert draw(pools, 20, "20260304") == draw(pools, 20, "20260304")
    assert draw(pools, 20, "20260304") != draw(pools, 20, "20260305")
