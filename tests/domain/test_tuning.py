"""Words that ``tune`` proposes: seen often enough, explained by figures, never protected ones."""

import pytest

from bot.domain.tuning import (
    LEAST_TICKETS,
    Direction,
    Proposal,
    Row,
    propose,
    regressed,
)
from config.own_words import Level
from config.reading_rules import Category, ReadingRules

RULES = ReadingRules(
    categories=(
        Category(code="N03", name="市政设施", handled_by="city_management", words=("路灯",)),
        Category(code="N04", name="物业", handled_by="housing", words=("电梯",)),
        Category(code="P04", name="家暴", handled_by="police", protected=True),
        Category(code="P15", name="另一类", handled_by="police", protected=True),
    )
)
STREETS = (
    "前街",
    "后街",
    "河边",
    "桥头",
    "学校旁",
    "菜场口",
    "加油站",
    "小卖部",
    "公交站",
    "祠堂边",
)


def _rows(pattern: str, truth: str, read_as: str, count: int = 6) -> list[Row]:
    return [Row(pattern.format(STREETS[i]), truth, read_as) for i in range(count)]


def _words(found: list[Proposal], direction: Direction = Direction.ADD) -> set[str]:
    return {one.word for one in found if one.direction is direction}


def test_word_that_tells_a_category_is_proposed_with_its_figures() -> None:
    rows = _rows("{}景观灯一直闪", "N03", "") + _rows("{}停车位被占", "N04", "N04", 4)

    found = propose(rows, RULES)

    first = found[0]
    assert "景观灯" in first.word or "一直闪" in first.word
    assert (first.category, first.direction, first.tickets) == ("N03", Direction.ADD, 6)
    assert (first.precision.hits, first.precision.n) == (6, 6)
    assert (first.recall.hits, first.recall.n) == (6, 6)
    assert first.mended == 6


@pytest.mark.parametrize(("count", "is_proposed"), [(LEAST_TICKETS - 1, False), (5, True)])
def test_word_of_fewer_than_five_tickets_is_not_proposed(count: int, is_proposed: bool) -> None:
    found = propose(_rows("{}景观灯一直闪", "N03", "", count), RULES)

    assert bool(found) is is_proposed


def test_talk_does_not_count_as_a_ticket() -> None:
    rows = _rows("{}景观灯一直闪", "N03", "", 4) + _rows("{}景观灯好看", "", "", 3)

    assert propose(rows, RULES) == []


def test_word_that_stands_in_talk_as_well_is_only_a_weak_sign() -> None:
    rows = [*_rows("{}景观灯", "N03", "", 10), Row("景观灯真好看", "", "")]

    found = propose(rows, RULES)

    assert {one.level for one in found if "景观" in one.word} == {Level.WEAK}


def test_word_seen_often_and_never_in_talk_may_stand_among_the_words() -> None:
    found = propose(_rows("{}景观灯", "N03", "", 10), RULES)

    assert [(one.word, one.level) for one in found] == [("景观灯", Level.WORD)]


def test_what_is_read_rightly_needs_no_new_word() -> None:
    assert propose(_rows("{}景观灯一直闪", "N03", "N03"), RULES) == []


@pytest.mark.parametrize("code", ["P04", "P15"])
def test_nothing_is_learnt_from_protected_classes(code: str) -> None:
    """P04 is fixed in the program; P15 is protected by this site's own categories."""
    assert propose(_rows("{}他又动手了", code, ""), RULES) == []


def test_nothing_is_learnt_from_rows_that_are_read_as_protected() -> None:
    assert propose(_rows("{}景观灯一直闪", "N03", "P04"), RULES) == []


def test_names_are_never_proposed() -> None:
    found = propose(_rows("{}老槐安那边", "N03", ""), RULES, names=["老槐安"])

    assert not [one for one in found if "槐" in one.word]


def test_numbers_and_masks_are_no_words() -> None:
    found = propose(_rows("{}138＊＊＊＊1111和12号", "N03", ""), RULES)

    assert not [one for one in found if any(char in "＊0123456789" for char in one.word)]


def test_word_of_the_rules_that_mostly_misleads_is_weakened_by_one_step() -> None:
    rows = _rows("{}路灯下见面", "", "N03", 8) + _rows("{}电梯里路灯", "N04", "N03", 6)

    found = propose(rows, RULES)

    (weaker,) = [one for one in found if one.direction is Direction.WEAKEN]
    assert (weaker.word, weaker.category, weaker.level) == ("路灯", "N03", Level.WEAK)
    assert (weaker.precision.hits, weaker.precision.n, weaker.mended) == (0, 14, 14)


def test_word_that_is_right_half_of_the_time_is_left_alone() -> None:
    rows = _rows("{}路灯坏", "N03", "N03") + _rows("{}路灯下见", "", "N03")

    assert _words(propose(rows, RULES), Direction.WEAKEN) == set()


def test_regression_names_rows_that_are_read_otherwise() -> None:
    rows = [Row("路灯坏了", "N03", ""), Row("电梯坏了", "N04", "N04")]

    changed = regressed(rows, lambda text: "N03" if "路灯" in text else "N04")

    assert changed == [(rows[0], "N03")]
