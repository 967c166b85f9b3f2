"""What the street decides (综治中心定): a line of its list goes back into the ticket.

Towards departments the bot only reminds whoever has it; what waits too long stands in a list for
the street. What it decided is typed in by the command room or a leader: another department gets
it, or it stays, with a new limit. Called by ``divert_orders`` and by the clock.
"""

from bot.domain.commands import Command
from bot.events import Due
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import divert_books, diverting, loop
from storage import diversions
from storage.diversions import Diversion, Round
from storage.tickets import Ticket

TIMER = "street_again"
DECIDERS = (Role.COMMAND_ROOM, Role.LEADER)
_STAYS = ("不变", "不动", "原部门")


def decided(turn: Turn, person: Person, ticket: Ticket, command: Command) -> str:
    """综治定 0012 住建 理由 / 综治定 0012 不变 理由: the answer.

    Raises: Refused for everybody else, for what is not in the list, and without a reason.
    """
    if person.role not in DECIDERS:
        raise Refused("role_refused", act="录综治中心的意见", who=turn.rules.station.room_name)
    one = diversions.current(turn.db, ticket.id)
    if one is None or one.listed_at is None:
        raise Refused("street_not_listed", number=ticket.number)
    said, _, reason = command.words.strip().partition(" ")
    if not reason.strip():
        raise Refused("street_reason", number=ticket.number)
    if said in _STAYS:
        return _stays(turn, ticket, person, one, reason.strip())
    named, reason = diverting.named_in(turn, command.words)
    if named.id == one.department:
        return _stays(turn, ticket, person, one, reason)
    return diverting.sent_on(turn, ticket, person, named, f"综治中心定：{reason}", Round.STREET)


def _stays(turn: Turn, ticket: Ticket, person: Person, one: Diversion, reason: str) -> str:
    """It is off the list until its new limit is over; whoever has it hears what was decided."""
    due_at = divert_books.due(turn, ticket, one.department)
    diversions.stays(turn.db, one.id, due_at)
    words = f"综治中心定：还是{ticket.unit}办，{reason}"
    turn.note(ticket, Act.NOTE, by=person.id, reason=words[:200])
    values = {"number": ticket.number, "department": ticket.unit}
    if ticket.owner:
        told = turn.text("street_stays_staff", **values, reason=reason)
        turn.tell(ticket.owner, told, ticket=ticket.id)
    if due_at is not None:
        turn.set_timer(ticket, TIMER, loop.by_day(turn, due_at), diversion=one.id)
    return turn.text("street_stays_ok", **values)


def due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """The new limit is over too: whoever has it is reminded, and the list has its line again."""
    one = diversions.current(turn.db, ticket.id)
    if one is None or one.id != event.data["diversion"] or one.listed_at is not None:
        return
    diversions.listed(turn.db, one.id, turn.now)
    turn.note(ticket, Act.NOTE, reason="部门又超时，再列入报综治中心清单")
    if ticket.owner:
        values = {"number": ticket.number, "department": ticket.unit}
        words = turn.text("street_again_staff", **values, days=(turn.now - one.at).days)
        turn.tell(ticket.owner, words, ticket=ticket.id)
