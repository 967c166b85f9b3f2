"""Nobody to be reached (无法联系): a waiting ticket ends after its days and enough tries.

Three tries on three half-days at least, as closing.yaml says; else work goes on without an answer.
Called by ``handlers.asking`` when the waiting is over.
"""

from bot.domain import closing as rules_of_closing
from bot.domain.lifecycle import SYSTEM
from bot.turn import Turn
from config.vocabulary import Act, ClosingCode
from handlers import cards, closing, loop, opening
from storage.tickets import Ticket


def closed(turn: Turn, ticket: Ticket) -> bool:
    """True when it is closed as 无法联系; danger and protected matters never are."""
    case = closing.case_of(turn, ticket)
    if loop.is_danger(ticket) or ticket.protected:
        return False
    if not rules_of_closing.tried_enough(case, turn.rules.closing):
        return False
    code = ClosingCode.UNREACHABLE
    public = opening.public_result(turn, ticket, code)
    saved = loop.step(
        turn,
        ticket,
        Act.CLOSE,
        SYSTEM,
        reason=f"联系了{len(case.tries)}次，没有回音",
        closing_code=code,
        result_internal=f"联系了{len(case.tries)}次，没有回音",
        result_public=public,
        closed_at=turn.now,
    )
    turn.clear_timers(saved)
    cards.refresh(turn, saved, greyed=code.label)
    turn.tell_reporter(saved, "result_told", summary=loop.summary(saved), public_result=public)
    if saved.owner:
        turn.tell(saved.owner, turn.text("unreached_staff", number=saved.number), ticket=saved.id)
    return True
