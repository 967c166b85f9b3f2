"""抽查 by an auditor (审计): a few ended matters by lot, masked, without place and names.

He sees no ticket otherwise. Protected matters and dangers are never drawn; that it was drawn stands
in the journal. Everybody else's 抽查 is the daily sample. Called by ``orders``.
"""

from datetime import timedelta

from bot.domain import outbound
from bot.lines import line_of
from bot.turn import Turn
from config.closing_codes import ClosingCode
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import loop, sampling
from storage import archiving, tickets
from storage.tickets import Ticket

_SINCE = timedelta(days=30)
_MOST = 5


def asked(turn: Turn, person: Person) -> str:
    """The answer. Raises: Refused for who may see neither the sample nor a draw."""
    if person.role is not Role.AUDITOR:
        return sampling.asked(turn, person)
    ended = archiving.ended_since(turn.db, turn.now - _SINCE)
    by_lot = sorted(ended, key=lambda one: line_of(f"{turn.event.key}:{one}"))
    drawn = [tickets.get(turn.db, one) for one in by_lot[:_MOST]]
    seen = [ticket for ticket in drawn if person.id not in ticket.barred]
    for ticket in seen:
        turn.note(ticket, Act.NOTE, by=person.id, reason="审计抽看（遮过的）")
    if not seen:
        return turn.text("audit_none")
    return "\n".join([turn.text("audit_head", count=len(seen)), *(_line(turn, t) for t in seen)])


def _line(turn: Turn, ticket: Ticket) -> str:
    known = {code.value: code.label for code in ClosingCode}
    said = outbound.for_public_result(loop.summary(ticket, 60), outbound.published(turn.rules))
    return turn.text(
        "audit_line",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        stage=ticket.stage.label,
        what=known.get(ticket.closing_code, "—"),
        summary=said,
    )
