"""Training: the same rows give the same model, and it learns what they say."""

from pathlib import Path

import pytest

from bot.domain.second import packed
from config.load import load_rules
from config.reading_rules import ReadingRules
from training.corpus import Row
from training.fit import fitted
from training.space import seen, space_of

_SAID = {
    "P10": ("咚咚咚又开始了", "大半夜还在蹦", "楼上拖椅子", "音响震天响"),
    "N03": ("路灯又瞎了", "井盖哪去了", "坑里能养鱼", "灯杆歪得厉害"),
    "": ("晚饭吃啥", "笑死我了", "早安各位", "明天去爬山"),
}


def row(number: int, text: str, category: str) -> Row:
    kind = "report" if category else "chat"
    danger = text == "灯杆歪得厉害"
    return Row(
        id=f"w{number % 4}-{number}",
        writer=f"w{number % 4}",
        text=text,
        kind=kind,
        category=category,
        also=(),
        danger=danger,
        danger_class="collapse" if danger else "",
        place={},
        when="",
    )


@pytest.fixture(scope="module")
def rules() -> ReadingRules:
    return load_rules(Path("config/site")).reading


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    texts = [
        (f"{text}{end}", code)
        for code, said in _SAID.items()
        for text in said
        for end in ("", "啊", "呢", "了", "吧")
    ]
    return [row(number, text, code) for number, (text, code) in enumerate(texts)]


def test_it_learns_what_the_rows_say(rows: list[Row], rules: ReadingRules) -> None:
    reader, factors = fitted(rows, rules, lambda text: seen(text, rules))
    said = reader.opinion("楼上还在蹦", ())

    assert said.kinds["report"] > said.kinds["chat"]
    assert said.categories[0][0] == "P10"
    assert reader.opinion("晚饭吃啥呢", ()).kinds["chat"] > 0.5
    assert set(factors) == {"kind", "category", "danger", "despair", "danger_class"}


def test_the_same_rows_give_the_same_file(rows: list[Row], rules: ReadingRules) -> None:
    first, _ = fitted(rows, rules, lambda text: seen(text, rules))
    again, _ = fitted(rows, rules, lambda text: seen(text, rules))

    assert packed(first, {}) == packed(again, {})


def test_features_seen_too_seldom_are_dropped(rows: list[Row], rules: ReadingRules) -> None:
    looked = [seen(one.text, rules) for one in rows]

    assert len(space_of(looked, least=20).numbers) < len(space_of(looked).numbers)
