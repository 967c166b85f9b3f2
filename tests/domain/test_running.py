"""Which clock runs on when a ticket is handed around, and until when."""

import pytest

from bot.domain.running import runs_on, step_of
from config.vocabulary import Act, Stage

GIVEN = {
    "unsigned": (Stage.ASSIGNED, "", Act.TRANSFER, Stage.ASSIGNED, Stage.ASSIGNED),
    "in the work": (Stage.HANDLING, "", Act.TRANSFER, Stage.ASSIGNED, Stage.HANDLING),
    "handed on twice": (Stage.ASSIGNED, "handling", Act.TRANSFER, Stage.ASSIGNED, Stage.HANDLING),
    "standing still": (Stage.ON_HOLD, "verifying", Act.TRANSFER, Stage.ASSIGNED, Stage.VERIFYING),
    "signed again": (Stage.ASSIGNED, "handling", Act.ACCEPT, Stage.ACCEPTED, Stage.HANDLING),
    "there again": (Stage.ACCEPTED, "verifying", Act.VERIFY, Stage.VERIFYING, Stage.VERIFYING),
    "further than before": (Stage.ACCEPTED, "accepted", Act.VERIFY, Stage.VERIFYING, None),
    "first signature": (Stage.ASSIGNED, "", Act.ACCEPT, Stage.ACCEPTED, None),
    "begins to work": (Stage.VERIFYING, "", Act.HANDLE, Stage.HANDLING, None),
    "to a department": (Stage.HANDLING, "", Act.DIVERT, Stage.ASSIGNED, None),
    "from outside": (Stage.DIVERTED, "", Act.TRANSFER, Stage.ASSIGNED, None),
    "result": (Stage.ASSIGNED, "handling", Act.RESOLVE, Stage.RESOLVED, None),
}


@pytest.mark.parametrize(("stage", "prior", "act", "to", "step"), GIVEN.values(), ids=GIVEN)
def test_clock_runs_on_until_its_step_is_left_behind(
    stage: Stage, prior: str, act: Act, to: Stage, step: Stage | None
) -> None:
    assert runs_on(stage, prior, act, to) is step


def test_step_is_the_one_before_the_hand_over() -> None:
    assert step_of(Stage.ACCEPTED, "handling") is Stage.HANDLING
    assert step_of(Stage.ACCEPTED, "") is Stage.ACCEPTED
    assert step_of(Stage.ARCHIVED, "closed") is Stage.ARCHIVED
