"""失物招领: something lost and something found that may be one; the officer looks, both are told.

A new ticket that names a thing is laid beside the recent ones of the other side. Its owner is
asked; ``对上 0013 0012`` tells both reporters in private where to go, neither learns of the other.
"""

from bot.domain import lost_found
from bot.domain.commands import Command
from bot.domain.lost_found import FOUND, LOST, Thing
from bot.turn import Turn
from config.everyday_rules import LostFound
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act
from handlers import merging, shown
from storage import links, lost_things, tickets
from storage.tickets import Ticket

_KIND = "claim"


def noticed(turn: Turn, ticket: Ticket) -> None:
    """Ask the owner of a new lost-or-found ticket to look at the other one, if there is one."""
    rules = turn.rules.everyday.lost_found
    if rules is None or ticket.category != rules.category or ticket.protected:
        return
    new = _thing(ticket, rules)
    if not new.side or not new.things:
        return
    since = turn.now - rules.within
    near = lost_things.recent(turn.db, rules.category, since)
    others = (tickets.get(turn.db, one) for one in near if one != ticket.id)
    found = lost_found.match(new, (_thing(one, rules) for one in others))
    if found is not None:
        _ask(turn, ticket, tickets.get(turn.db, found.id))


def _thing(ticket: Ticket, rules: LostFound) -> Thing:
    side = lost_found.side_of(ticket.masked, rules)
    return Thing(ticket.id, ticket.grid, side, lost_found.things_in(ticket.masked, rules))


def _ask(turn: Turn, ticket: Ticket, other: Ticket) -> None:
    for user in dict.fromkeys(one for one in (ticket.owner, other.owner) if one):
        both = (shown.quoted(turn, one, user, 30) for one in (other, ticket))
        text = turn.text(
            "lost_found_staff",
            number=ticket.number,
            other=other.serial,
            summary="”“".join(both),
        )
        turn.tell(user, text, ticket=ticket.id)


def claimed(turn: Turn, person: Person, command: Command) -> str:
    """对上: the answer; both reporters are told, once.

    Raises: Refused unless one lost and one found are named that this person may sort.
    """
    rules = turn.rules.everyday.lost_found
    if rules is None or len(command.numbers) != 2:
        raise Refused("claim_wrong")
    pair = [merging.by_number(turn, person, number) for number in command.numbers]
    merging.must_see(turn, person, *pair)
    sides = {lost_found.side_of(one.masked, rules): one for one in pair}
    if set(sides) != {LOST, FOUND} or any(one.category != rules.category for one in pair):
        raise Refused("claim_wrong")
    lost, found = sides[LOST], sides[FOUND]
    if links.link(turn.db, lost.id, found.id, turn.now, _KIND):
        _tell_both(turn, person, lost, found)
    return turn.text("claim_ok", number=lost.number, other=found.serial)


def _tell_both(turn: Turn, person: Person, lost: Ticket, found: Ticket) -> None:
    for here, there, key in ((lost, found, "claim_lost"), (found, lost, "claim_found")):
        turn.note(here, Act.LINK, by=person.id, reason=f"失物对上 {there.number}")
        turn.tell_reporter(here, key, unit=person.unit)
