"""Likeness of two messages: a number with meaning, not an accident of length."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import attach
from bot.domain.alike import Sieve, best_likeness, likeness
from config.alike_rules import Alike
from config.load import load_rules
from tests.domain.conftest import SITE

RULES = load_rules(SITE).alike
SIEVE = Sieve(("桂花苑", "桂花社区"), RULES.common_words)
WORDS = st.frozensets(st.text("甲乙丙丁戊己", min_size=2, max_size=2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("东门那家烧烤店油烟太大了，呛得人不敢开窗", "烧烤店的油烟往楼上飘，窗户不敢开，呛得慌"),
        ("村口的路灯坏了", "村口路灯不亮了，黑得很"),
        ("快递柜旁边有条大狗没拴绳", "快递柜那边有只大狗没牵绳，吓到孩子"),
        ("3號樓電梯又壞了", "3号楼电梯又坏了"),
    ],
)
def test_same_matter_in_other_words_joins_by_itself(one: str, other: str) -> None:
    assert best_likeness(one, other, SIEVE) >= RULES.attach_at


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("小区停水了", "停水了，一滴水都没有"),
        ("垃圾桶满了好几天没人收", "9号楼楼下垃圾没人清，臭死了"),
        ("楼下半夜打牌的又吵又闹，吵得睡不着", "5号楼楼下半夜总有人打牌吵得睡不着"),
    ],
)
def test_perhaps_the_same_is_worth_a_question(one: str, other: str) -> None:
    assert RULES.ask_at <= best_likeness(one, other, SIEVE) < RULES.attach_at


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("我的电动车昨晚被偷了", "东门口的井盖没了"),
        ("桂花苑业主强烈要求物业解决路灯问题", "桂花苑业主强烈要求物业解决电梯问题"),
        ("希望有关部门尽快处理一下噪音", "希望有关部门尽快处理一下油烟"),
        ("13800001111 联系我", "13800001111 路灯"),
        ("", "路灯坏了"),
    ],
)
def test_what_every_report_says_makes_nothing_alike(one: str, other: str) -> None:
    assert best_likeness(one, other, SIEVE) < RULES.ask_at


def test_one_voice_among_many_is_enough() -> None:
    ticket = "\n".join(["东门烧烤店油烟太大", "烧烤摊半夜还在划拳", "木炭味熏得孩子咳嗽"])

    alone = best_likeness("木炭味熏得孩子直咳嗽", "东门烧烤店油烟太大", SIEVE)

    assert alone < RULES.ask_at
    assert best_likeness("木炭味熏得孩子直咳嗽", ticket, SIEVE) >= RULES.attach_at


def test_word_for_word_is_one_even_when_nothing_is_left_to_compare() -> None:
    assert best_likeness("请问怎么处理", "请问怎么处理", SIEVE) == 1.0


def test_short_accident_is_met_with_caution() -> None:
    few, many = frozenset({"甲乙"}), frozenset({"甲乙", "丙丁", "戊己", "甲丙", "乙丁", "丙戊"})

    assert likeness(few, few) < RULES.attach_at
    assert likeness(many, many) > likeness(few, few)


@given(WORDS, WORDS)
def test_likeness_is_a_share_and_has_no_direction(
    one: frozenset[str], other: frozenset[str]
) -> None:
    found = likeness(one, other)

    assert 0.0 <= found <= 1.0
    assert found == likeness(other, one)
    assert (found == 0.0) is not bool(one & other)


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_it(one: str, other: str) -> None:
    assert 0.0 <= best_likeness(one, other, SIEVE) <= 1.0


def test_figures_on_public_letters_hold() -> None:
    for field in ("text", "title"):
        figures = attach.measure(field)
        if not figures:
            pytest.skip(f"no {attach.data_file()}")
        assert figures["wrong"] <= 0.005
        assert figures["recall"] >= 0.94


def test_without_data_the_bench_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JINGGE_DATA", "/nowhere")

    attach.main()

    assert attach.measure() == {}
    assert capsys.readouterr().out.startswith("skipped: no /nowhere/")


def test_rows_that_were_never_labelled_give_no_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("JINGGE_DATA", str(tmp_path))
    (tmp_path / "taidi_c_hot.jsonl").write_text('{"id": "x", "text": "", "time": "2020-01-01"}\n')

    attach.main()

    assert attach.measure() == {}
    assert "none of the labelled rows" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"attach_at": 0.2, "ask_at": 0.5}, "ask_at"),
        ({"most_shown": 4}, "most_shown"),
        ({"attach_at": 1.5}, "attach_at"),
        ({"quick_categories": ["路灯"]}, "quick_categories"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(values: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Alike.model_validate({"attach_at": 0.5, "ask_at": 0.2, **values})


def test_naming_the_estate_or_not_is_word_for_word_the_same() -> None:
    said, told = "桂花苑3号楼楼道堆满纸箱，走不过去！", "3号楼楼道堆满纸箱 走不过去"

    assert best_likeness(said, told, SIEVE) == 1.0
    assert best_likeness(said, told.replace("3", "5"), SIEVE) < 1.0
    assert best_likeness("桂花苑", "桂花苑", SIEVE) < 1.0
