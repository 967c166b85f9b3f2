"""What stands on a ticket as a fact, in words for its card.

Called by ``cards`` and ``recording``.
"""

from bot.turn import Turn
from storage import ticket_facts
from storage.ticket_facts import Fact
from storage.tickets import Ticket

_RECORDS = (Fact.RECORDED, Fact.UNRECORDED)


def recorded(turn: Turn, ticket: Ticket) -> str:
    """The number in the police's own system, why there is none, or 还没录入; the last counts."""
    known = ticket_facts.of_ticket(turn.db, ticket.id)
    last = next((one for one in reversed(known) if one.kind in _RECORDS), None)
    if last is None:
        return turn.text("recorded_none")
    why = last.kind is Fact.UNRECORDED
    return turn.text("recorded_why", reason=last.words) if why else last.words
