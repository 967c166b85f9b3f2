"""清单优化: figures by row and version, hints only where the numbers carry them."""

from typing import Any

import pytest

from bot.domain import divert_figures
from bot.domain.divert_figures import Fate


def fate(row: str = "n01", **more: Any) -> Fate:
    values: dict[str, Any] = {
        "row": row,
        "version": "2026-03",
        "department": "城管",
        "was_returned": False,
        "is_answered": True,
        "was_on_time": True,
        "rating": None,
        **more,
    }
    return Fate(**values)


RETURNED: dict[str, Any] = {"was_returned": True, "is_answered": False, "was_on_time": False}


@pytest.mark.parametrize(
    ("fates", "expected"),
    [
        pytest.param([fate()] * 5, "", id="good"),
        pytest.param([fate(**RETURNED)] * 4, "", id="too_few_to_say"),
        pytest.param([fate()] * 3 + [fate(**RETURNED)] * 2, "退回多", id="returned"),
        pytest.param([fate(was_on_time=False)] * 5, "常超时", id="late"),
        pytest.param([fate(rating=2)] * 5, "满意的少", id="unsatisfied"),
        pytest.param([fate(row="")] * 5, "加一行", id="by_hand"),
    ],
)
def test_hint_names_what_to_look_at(fates: list[Fate], expected: str) -> None:
    (one,) = divert_figures.counted(fates)

    hint = divert_figures.hint_of(one)

    assert hint.startswith(expected) if expected != "加一行" else expected in hint
    assert bool(hint) == bool(expected)


def test_versions_are_counted_apart() -> None:
    found = divert_figures.counted([fate(), fate(), fate(version="2026-04")])

    assert [(one.version, one.diverted) for one in found] == [("2026-03", 2), ("2026-04", 1)]


def test_each_share_says_what_it_rests_on() -> None:
    lines = divert_figures.lines([fate(rating=5), fate(**RETURNED)], 90)

    assert lines[0].endswith("分流2件，退回1/2")
    assert "不含110警情" in lines[0]
    assert lines[1] == "n01（2026-03）→城管：分流2，退回1/2，按时1/1，满意1/1"


def test_percentage_stands_from_ten_on() -> None:
    nine, ten = (divert_figures.lines([fate()] * count, 90)[0] for count in (9, 10))

    assert nine.endswith("退回0/9")
    assert ten.endswith("退回0/10（0%）")


def test_nothing_diverted_is_said() -> None:
    assert divert_figures.lines([], 30) == ["近30天没有分流。"]
