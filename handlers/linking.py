"""Two tickets that belong together and stay two (关联): neither merged nor split.

关联 0013 0012, 取消关联 0013 0012. A link shows only to who may see both.
"""

from bot.domain import rights
from bot.domain.commands import Command, Order
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act
from handlers import loop, merging
from storage import links, tickets
from storage.tickets import Ticket


def ordered(turn: Turn, person: Person, command: Command) -> str:
    """The answer. Raises: Refused unless two tickets are named that this person may sort."""
    if len(command.numbers) != 2:
        raise Refused("needs_two_numbers")
    one, other = (merging.by_number(turn, person, number) for number in command.numbers)
    merging.must_see(turn, person, one, other)
    if one.id == other.id:
        raise Refused("needs_two_numbers")
    if command.what is Order.UNLINK:
        return _unlinked(turn, person, one, other)
    if links.link(turn.db, one.id, other.id, turn.now):
        for here, there in ((one, other), (other, one)):
            turn.note(here, Act.LINK, by=person.id, reason=f"关联 {there.number}")
    return turn.text("linked_ok", number=one.number, other=other.serial)


def _unlinked(turn: Turn, person: Person, one: Ticket, other: Ticket) -> str:
    if not links.unlink(turn.db, one.id, other.id):
        raise Refused("link_unknown", number=one.number, other=other.serial)
    for here, there in ((one, other), (other, one)):
        turn.note(here, Act.LINK, by=person.id, reason=f"取消关联 {there.number}")
    return turn.text("unlinked_ok", number=one.number, other=other.serial)


def line(turn: Turn, person: Person, ticket: Ticket) -> str:
    """The numbers linked with it that this person may know of; empty where there are none."""
    found = [tickets.get(turn.db, other) for other in links.of_ticket(turn.db, ticket.id)]
    seen = [t for t in found if rights.may_see(person, loop.matter_of(t), turn.rules)]
    numbers = "、".join(t.number for t in seen)
    return turn.text("linked_line", numbers=numbers) if numbers else ""
