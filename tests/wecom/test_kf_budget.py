"""Five messages in 48 hours (trap 24): what is sent, what falls, what takes another way."""

from datetime import timedelta

import pytest

from bot.messages import Weight
from bot.wecom.kf_budget import BOT, ENDED, HUMAN, NEW, POOL, Standing, Verdict, left_of, verdict
from tests.wecom.fakes import NOON

HOUR = timedelta(hours=1)
SEND, DROP, OTHER = Verdict.SEND, Verdict.DROP, Verdict.OTHER_WAY


def standing(said: int = 0, *, hours: float = 1, state: int = NEW) -> Standing:
    return Standing(heard_at=NOON - hours * HOUR, said=said, state=state)


@pytest.mark.parametrize(
    ("said", "weight", "danger", "expected"),
    [
        pytest.param(2, Weight.PROGRESS, False, SEND, id="progress_while_more_than_the_reserve"),
        pytest.param(3, Weight.PROGRESS, False, DROP, id="progress_falls_at_the_reserve"),
        pytest.param(3, Weight.WORD, False, OTHER, id="a_question_goes_to_a_human_at_the_reserve"),
        pytest.param(3, Weight.ANSWER, False, OTHER, id="an_answer_too"),
        pytest.param(3, Weight.CLOSING, False, SEND, id="result_takes_the_fourth"),
        pytest.param(4, Weight.CLOSING, False, SEND, id="rating_takes_the_fifth"),
        pytest.param(5, Weight.CLOSING, False, OTHER, id="result_when_all_are_said"),
        pytest.param(4, Weight.PROGRESS, True, SEND, id="danger_takes_the_last"),
        pytest.param(5, Weight.PROGRESS, True, OTHER, id="danger_never_falls"),
    ],
)
def test_two_of_five_are_kept_for_result_and_rating(
    said: int, weight: Weight, danger: bool, expected: Verdict
) -> None:
    assert verdict(standing(said), weight, danger, NOON) is expected


@pytest.mark.parametrize(
    ("state", "weight", "danger", "expected"),
    [
        pytest.param(BOT, Weight.WORD, False, SEND, id="the_program_has_it"),
        pytest.param(POOL, Weight.ANSWER, False, DROP, id="she_waits_for_a_human"),
        pytest.param(HUMAN, Weight.ANSWER, False, DROP, id="a_human_answers"),
        pytest.param(HUMAN, Weight.CLOSING, False, OTHER, id="the_human_tells_the_result"),
        pytest.param(HUMAN, Weight.ANSWER, True, OTHER, id="danger_is_told_to_a_human"),
        pytest.param(ENDED, Weight.CLOSING, False, OTHER, id="it_ended"),
    ],
)
def test_program_is_silent_while_a_human_holds_the_session(
    state: int, weight: Weight, danger: bool, expected: Verdict
) -> None:
    assert verdict(standing(state=state), weight, danger, NOON) is expected


def test_window_is_shut_after_48_hours_and_before_the_first_word() -> None:
    assert left_of(standing(1, hours=47.9), NOON) == 4
    assert left_of(standing(1, hours=48), NOON) == 0
    assert left_of(Standing(), NOON) == 0
    assert verdict(standing(hours=48), Weight.PROGRESS, False, NOON) is DROP
    assert verdict(standing(hours=48), Weight.CLOSING, False, NOON) is OTHER
