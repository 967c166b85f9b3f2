"""The language of rule lines: alternatives, groups, nearness, order, bars, edges, shields."""

import pytest
from pydantic import ValidationError

from bot.domain.engine import Engine
from bot.domain.words import Lexicon, normalise
from config.reading_rules import Category, ReadingRules


def _rules(*lines: str, shields: tuple[str, ...] = ()) -> ReadingRules:
    category = Category(code="P03", name="打架", handled_by="police", strong=lines)
    return ReadingRules(
        categories=(category,),
        cues={"人": ("男的", "女的"), "高处": ("窗台", "楼顶")},
        shields=shields,
        typos={"着伙": "着火"},
    )


def _matches(rules: ReadingRules, text: str) -> bool:
    engine = Engine(rules)
    scan = engine.scan(normalise(text))
    return scan.any(rules.categories[0].strong) is not None


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("打架|干仗", "楼下干仗了", True),
        ("打架|干仗", "楼下唱歌", False),
        ("<人> + <高处>", "窗台上站着个女的", True),
        ("<人> + <高处>", "有个女的", False),
        ("<人> + <高处>", "女的" + "很" * 40 + "窗台", False),
        ("没 … 回来", "没看见他回来", True),
        ("没 … 回来", "回来没有", False),
        ("没 … 回来", "没" + "有" * 12 + "回来", False),
        ("着火 ! 电影", "电影里着火", False),
        ("着火 ! 电影", "楼下着火", True),
        ("^又跳了", "又跳了 没电", True),
        ("^又跳了", "他又跳了", False),
        ("谢谢$", "好的谢谢", True),
        ("谢谢$", "谢谢你", False),
        ("着火", "着伙了", True),
        ("k歌", "半夜Ｋ歌", True),
    ],
)
def test_rule_line_matches_as_written(line: str, text: str, expected: bool) -> None:
    assert _matches(_rules(line), text) is expected


def test_shield_hides_the_word_inside_it() -> None:
    assert not _matches(_rules("爆炸", shields=("爆炸好吃",)), "这家爆炸好吃")
    assert _matches(_rules("爆炸", shields=("爆炸好吃",)), "楼下爆炸了")


@pytest.mark.parametrize("line", ["", "打架 + ", "|打架", "打架 ! ", "… 回来", "^"])
def test_empty_part_of_a_line_is_refused(line: str) -> None:
    with pytest.raises(ValidationError):
        _rules(line)


def test_unknown_group_double_code_and_unknown_dialect_are_refused_together() -> None:
    category = Category(code="P03", name="打架", handled_by="police", strong=("<没有的组>",))

    with pytest.raises(ValidationError) as refused:
        ReadingRules(categories=(category, category), dialects_on=("天上话",))

    said = str(refused.value)
    assert all(piece in said for piece in ("没有的组", "P03", "天上话"))


def test_numbers_without_quotes_are_words() -> None:
    category = Category.model_validate(
        {"code": "P02", "name": "诈骗", "handled_by": "police", "words": [96110]}
    )

    assert category.words == ("96110",)


def test_lexicon_names_overlapping_words() -> None:
    found = Lexicon(["打架", "打", "有人打架"]).occurrences("有人打架")

    assert sorted(found) == [("打", 2, 3), ("打架", 2, 4), ("有人打架", 0, 4)]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("打\u200b架", "打架"),
        ("3\ufe0f\u20e3号楼", "3号楼"),
        ("３号楼Ａ座", "3号楼a座"),
        ("樓上漏水", "楼上漏水"),
        ("打 架 了", "打架了"),
        ("没事了 误会", "没事了 误会"),
        ("\ud800坏", " 坏"),
    ],
)
def test_text_is_made_comparable(raw: str, text: str) -> None:
    assert normalise(raw).text == text


def test_offsets_lead_back_to_the_raw_text() -> None:
    raw = "快\u200b来:３号樓"
    normal = normalise(raw)

    start = normal.text.index("3号楼")
    begin, end = normal.raw_span((start, start + 3))

    assert raw[begin:end] == "３号樓"
    assert normal.raw_span((1, 1)) == (2, 2)
