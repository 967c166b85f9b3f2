"""What cannot be closed: one table, each guard alone; and what is looked at twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import closing
from bot.domain.closing import Case
from config.closing_rules import Closing
from config.vocabulary import Act, ClosingCode

RULES = Closing.standard()
DONE = Case(category="N03", code=ClosingCode.SOLVED, result="修好了", signed=True)
MORNING = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
HALF_DAYS = tuple(MORNING + timedelta(hours=h) for h in (0, 6, 24))
SAME_MORNING = tuple(MORNING + timedelta(minutes=m) for m in (0, 5, 9))


def _case(**changes: object) -> Case:
    return replace(DONE, **changes)  # type: ignore[arg-type]  # a table of values


@pytest.mark.parametrize(
    ("act", "case", "key"),
    [
        pytest.param(Act.CLOSE, DONE, "", id="done"),
        pytest.param(Act.CLOSE, _case(signed=False), "close_unsigned", id="unsigned"),
        pytest.param(Act.RESOLVE, _case(signed=False), "", id="result_is_a_signature"),
        pytest.param(Act.CLOSE, _case(code=""), "close_no_result", id="no_result"),
        pytest.param(Act.CLOSE, _case(open_parts=1), "close_open_parts", id="open_part"),
        pytest.param(
            Act.RESOLVE,
            _case(code=ClosingCode.NOT_OURS, result="不在职责"),
            "close_needs_detail",
            id="whose_then",
        ),
        pytest.param(
            Act.RESOLVE,
            _case(code=ClosingCode.HANDED_OVER, result="已移交 区住建局 0331"),
            "",
            id="handed_over_by_name",
        ),
        pytest.param(
            Act.RESOLVE,
            _case(code=ClosingCode.UNREACHABLE, tries=SAME_MORNING),
            "close_unreached",
            id="three_calls_in_one_morning",
        ),
        pytest.param(
            Act.RESOLVE, _case(code=ClosingCode.UNREACHABLE, tries=HALF_DAYS), "", id="tried"
        ),
        pytest.param(
            Act.RESOLVE,
            _case(category="P04", code=ClosingCode.MEDIATED),
            "close_never_mediated",
            id="domestic_mediated",
        ),
        pytest.param(
            Act.RESOLVE,
            _case(never_mediated=True, code=ClosingCode.MEDIATED),
            "close_never_mediated",
            id="threat_mediated",
        ),
        pytest.param(
            Act.RESOLVE, _case(never_mediated=True), "", id="threat_that_was_dealt_with_by_law"
        ),
        pytest.param(
            Act.RESOLVE,
            _case(danger_class="domestic", known=frozenset({"warning"})),
            "close_needs_warning",
            id="domestic_without_visits",
        ),
        pytest.param(
            Act.RESOLVE,
            _case(category="P04", code=ClosingCode.UNFOUNDED),
            "",
            id="domestic_that_was_none",
        ),
        pytest.param(Act.RESOLVE, _case(category="P19"), "close_needs_report", id="minor"),
        pytest.param(
            Act.RESOLVE, _case(category="P05", minor=True), "close_needs_report", id="young"
        ),
        pytest.param(Act.RESOLVE, _case(category="P11", level="red"), "close_needs_sign", id="red"),
        pytest.param(Act.RESOLVE, _case(category="P11", level="yellow"), "", id="yellow"),
        pytest.param(Act.RESOLVE, _case(category="N06"), "", id="hazard_gets_its_result"),
        pytest.param(Act.CLOSE, _case(category="N06"), "close_needs_recheck", id="hazard"),
        pytest.param(Act.ARCHIVE, _case(signed=False, code=""), "", id="other_acts"),
    ],
)
def test_guard_says_what_is_missing(act: Act, case: Case, key: str) -> None:
    assert closing.refusal(act, case, RULES) == key


@pytest.mark.parametrize(
    ("words", "is_minor"),
    [
        ("他才14岁", True),
        ("女儿十六周岁", True),
        ("孩子三岁", True),
        ("未成年人", True),
        ("他24岁", False),
        ("二十岁的儿子", False),
        ("18岁了", False),
        ("儿子不见了", False),
    ],
)
def test_age_under_eighteen_is_a_minor(words: str, is_minor: bool) -> None:
    assert closing.names_a_minor(words, RULES) is is_minor


@pytest.mark.parametrize(
    ("case", "needed"),
    [
        pytest.param(DONE, False, id="ordinary"),
        pytest.param(_case(category="N06"), True, id="hazard"),
        pytest.param(_case(category="N06", danger_class="fire"), False, id="fire_put_out"),
        pytest.param(_case(category="N06", known=frozenset({"recheck"})), False, id="seen"),
        pytest.param(_case(category="P23"), True, id="complaint"),
        pytest.param(_case(danger_class="domestic"), True, id="domestic"),
        pytest.param(
            _case(category="P04", code=ClosingCode.UNFOUNDED), True, id="domestic_called_none"
        ),
        pytest.param(_case(category="P11", level="blue"), False, id="blue"),
        pytest.param(_case(category="P11", level="yellow"), True, id="yellow"),
    ],
)
def test_second_look_where_the_field_asks_for_it(case: Case, needed: bool) -> None:
    assert closing.needs_recheck(case, RULES) is needed
