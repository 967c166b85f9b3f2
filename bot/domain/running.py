"""Clocks that run on (不重新计时): handing a ticket around wins no time.

The clock of the signature runs from the first assignment. What is handed on in the midst of the
work waits for another signature, and the limit of the step it had reached stays: its clock runs on
until that step is left behind. Between the two the ticket remembers that step (``prior_stage``).
Used by ``handlers.loop``.
"""

from bot.domain.lifecycle import STANDING
from config.vocabulary import Act, Stage

_STEPS = (Stage.ASSIGNED, Stage.ACCEPTED, Stage.VERIFYING, Stage.HANDLING)
_KEEPING = frozenset({Act.TRANSFER, Act.ACCEPT, Act.VERIFY, Act.HANDLE})


def step_of(stage: Stage, prior: str) -> Stage:
    """The step whose clock runs: the one before the hand-over, where there was one."""
    return Stage(prior) if stage in _STEPS and prior in _STEPS else stage


def runs_on(stage: Stage, prior: str, act: Act, to: Stage) -> Stage | None:
    """The step whose clock runs on when ``act`` leads to ``to``; None where a clock begins."""
    if act not in _KEEPING or to not in _STEPS:
        return None
    step = Stage(prior) if stage in STANDING and prior else step_of(stage, prior)
    if step not in _STEPS or _STEPS.index(to) > _STEPS.index(step):
        return None
    return step
