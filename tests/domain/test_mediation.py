"""Mediation as values: what is a command, how risk is counted, which colour and form it is."""

from pathlib import Path

import pytest

from bot.domain import mediation
from bot.domain.mediation import Move, Result
from config.load import load_rules
from config.mediation_rules import Mediation

SITE = Path(__file__).parents[2] / "config" / "site"


@pytest.fixture(scope="module")
def plan() -> Mediation:
    found = load_rules(SITE).mediation
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("said", "move", "number", "words"),
    [
        ("调解 0012", Move.START, "0012", ""),
        ("0012 调解", Move.START, "0012", ""),
        ("同意调解 0012 双方", Move.AGREE, "0012", "双方"),
        ("不调解0012", Move.REFUSE, "0012", ""),
        ("调解记录 0012：两边各说各的", Move.MINUTES, "0012", "两边各说各的"),
        ("调解结果 0012 成功 镜子移走", Move.RESULT, "0012", "成功 镜子移走"),
        ("履行期限 0012 3月20日", Move.PROMISE, "0012", "3月20日"),
        ("没履行 0012 甲方", Move.BROKEN, "0012", "甲方"),
        ("升级调解 XH260304-0012K 谈不拢", Move.ESCALATE, "XH260304-0012K", "谈不拢"),
    ],
)
def test_command_names_move_number_and_words(
    said: str, move: Move, number: str, words: str
) -> None:
    assert mediation.parse(said) == mediation.Wanted(move, number, words)


@pytest.mark.parametrize(
    "said", ["调解一下吧", "麻烦来调解 吵了三天", "不调解我们就去告", "签收 0012", "调解室在哪"]
)
def test_sentence_without_a_number_is_no_command(said: str) -> None:
    assert mediation.parse(said) is None


def test_number_may_come_with_the_quote() -> None:
    found = mediation.parse("调解", quote="工单 0012 邻里纠纷")

    assert found == mediation.Wanted(Move.START, "0012", "")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("愿意调解 0012", (Move.AGREE, "0012")),
        ("不调解", (Move.REFUSE, "")),
        ("没履行 0012。", (Move.BROKEN, "0012")),
        ("已履行 0012 但是又吵了", None),
        ("调解 0012", None),
        ("你好", None),
    ],
)
def test_resident_answers_only_with_the_words_she_was_given(
    said: str, found: tuple[Move, str] | None
) -> None:
    assert mediation.resident_move(said) == found


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ("成功 镜子移走", Result.SUCCEEDED),
        ("部分成功", Result.PARTLY),
        ("调解不成", Result.FAILED),
        ("转诉讼", Result.COURT),
        ("转仲裁", Result.ARBITRATION),
        ("还在谈", None),
    ],
)
def test_result_is_read_from_words(words: str, result: Result | None) -> None:
    assert mediation.result_in(words) == result


@pytest.mark.parametrize(
    ("words", "earlier", "failed", "points", "colour"),
    [
        ("挂了面镜子", 0, 0, 0, "blue"),
        ("快打起来了，又推搡", 0, 0, 30, "yellow"),
        ("挂了面镜子", 9, 0, 25, "blue"),
        ("喝醉了打人，孩子在哭", 2, 1, 70, "red"),
        ("喝醉了打人，孩子在哭，过年", 9, 9, 100, "red"),
    ],
)
def test_risk_counts_words_once_and_the_past_up_to_a_limit(
    plan: Mediation, words: str, earlier: int, failed: int, points: int, colour: str
) -> None:
    found = mediation.score(plan, words, earlier, failed)

    assert found == points
    assert mediation.colour_at(plan, found).id == colour


def test_colours_go_down_one_by_one(plan: Mediation) -> None:
    lower = mediation.calmer(plan, "red")

    assert lower is not None
    assert lower.id == "yellow"
    assert mediation.calmer(plan, "blue") is None


def test_forces_go_up_to_the_last(plan: Mediation) -> None:
    assert [f.id for f in plan.forces] == ["village", "town", "post", "judicial"]
    assert plan.above("judicial") is None
    higher = plan.above("village", police=True)
    assert higher is not None
    assert higher.id == "post"


@pytest.mark.parametrize(
    ("danger_class", "category", "words"),
    [("domestic", "P03", ""), ("", "P19", ""), ("", "P11", "他说要弄死我")],
)
def test_what_must_be_protected_is_never_mediated(
    plan: Mediation, danger_class: str, category: str, words: str
) -> None:
    assert mediation.is_never(plan, danger_class, category, words)
    assert not mediation.is_never(plan, "", "P11", "挂了面镜子")
