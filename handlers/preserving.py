"""Legal hold (保全): nothing of a ticket goes while a dispute, a complaint or a court needs it.

Asked for by one person, agreed to by another, both ways; while it stands the nightly deletions
and a resident's wish leave the ticket alone. Called by ``orders``.
"""

from bot.domain import rights
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import approving, loop
from storage import holds
from storage.approvals import Approval
from storage.tickets import Ticket

_MAY_ASK = frozenset(
    {
        Role.OFFICER,
        Role.NARCOTICS,
        Role.INSPECTOR,
        Role.LEGAL_OFFICER,
        Role.COMMAND_ROOM,
        Role.LEADER,
    }
)


def ask(turn: Turn, ticket: Ticket, person: Person, reason: str, *, lift: bool = False) -> str:
    """保全 0012 理由 and 解除保全 0012 理由: the answer; done once a second person has agreed.

    Raises: Refused for who may not ask or not see, or where it stands (or not) already.
    """
    matter = loop.matter_of(ticket)
    if not rights.may_see(person, matter, turn.rules):
        raise Refused("not_found", number=ticket.number)
    if person.role not in _MAY_ASK:
        raise Refused("hold_refused")
    if holds.is_held(turn.db, ticket.id) is not lift:
        raise Refused("hold_not_there" if lift else "hold_there", number=ticket.number)
    return approving.ask(turn, ticket, Act.PRESERVE, person, reason, {"lift": lift})


def _granted(turn: Turn, ticket: Ticket, decider: Person, wish: Approval) -> str:
    """Raises: Refused when it stands so already."""
    lift = bool(wish.data["lift"])
    change = holds.end if lift else holds.begin
    if not change(turn.db, ticket.id, wish.asked_by, decider.id, turn.now):
        raise Refused("approval_over")
    words = "解除保全" if lift else "保全"
    turn.note(ticket, Act.PRESERVE, by=decider.id, reason=f"{words}：{wish.reason[:80]}")
    return turn.text("hold_lifted" if lift else "hold_placed", number=ticket.number)


approving.when_granted(Act.PRESERVE, _granted)
