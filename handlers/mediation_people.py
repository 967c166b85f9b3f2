"""Who has to do with a mediation (谁来调解): its ticket, its force, who may work it and read it.

A mediator of a named force sees the mediations that are his and nothing else of a grid. Asked by
all modules ``handlers.mediation_*`` before anything is shown or done.
"""

from bot.domain import rights, ticket_numbers
from bot.domain.mediation import Result
from bot.turn import Turn
from config.faults import Refused
from config.mediation_rules import Force
from config.mediation_rules import Mediation as Plan
from config.people_rules import Person
from config.vocabulary import Role
from handlers import closing, loop, opening
from storage import mediations, tickets
from storage.mediations import Mediation
from storage.tickets import Ticket

_STATION = (Role.LEADER, Role.COMMAND_ROOM)
_OUTSIDE = (Role.DEPARTMENT, Role.DEPARTMENT_LEAD)


def plan_of(turn: Turn) -> Plan:
    """The site's mediation.yaml. Raises: LookupError where there is none."""
    if turn.rules.mediation is None:
        raise LookupError("this site has no mediation.yaml")
    return turn.rules.mediation


def ticket_for(turn: Turn, person: Person, number: str) -> Ticket:
    """The newest ticket of that number that he may see or mediates, an open one first.

    Raises: Refused where none exists for him.
    """
    full = tickets.by_number(turn.db, number) if ticket_numbers.is_full(number) else None
    found = [full] if full else tickets.by_serial(turn.db, number)
    seen = [ticket for ticket in found if _sees(turn, person, ticket)]
    if not seen:
        raise Refused("not_found", number=number)
    return next((ticket for ticket in seen if ticket.is_open), seen[0])


def _sees(turn: Turn, person: Person, ticket: Ticket) -> bool:
    if rights.may_see(person, loop.matter_of(ticket), turn.rules):
        return True
    mine = (is_of_force(turn, person, ticket, m) for m in mediations.of_ticket(turn.db, ticket.id))
    return not ticket.protected and any(mine)


is_never = closing.is_never_mediated


def current(turn: Turn, ticket: Ticket) -> Mediation | None:
    """The newest mediation of the ticket."""
    return next(reversed(mediations.of_ticket(turn.db, ticket.id)), None)


def active(turn: Turn, ticket: Ticket) -> Mediation | None:
    """The mediation that has not ended."""
    found = current(turn, ticket)
    return found if found and found.state != mediations.ENDED else None


def is_settled(turn: Turn, ticket: Ticket) -> bool:
    """True when the newest mediation came to an agreement."""
    found = current(turn, ticket)
    return found is not None and bool(found.result) and Result(found.result).is_agreed


def members(turn: Turn, force: Force, grid: str) -> list[Person]:
    """Who of this force is there now for that grid, first to be asked first."""
    away = opening.away_now(turn)
    named = [turn.rules.stand_in(user, turn.now, away) for user in force.people]
    found = [person for person in named if person]
    for role in force.roles:
        found += turn.rules.duty(role, turn.now, grid or None, away)
    return list({person.id: person for person in found}.values())


def is_of_force(turn: Turn, person: Person, ticket: Ticket, mediation: Mediation) -> bool:
    """True for the mediator and for whoever is of the force that has it now."""
    if person.id == mediation.mediator:
        return True
    return belongs(person, plan_of(turn).force(mediation.force), ticket.grid)


def belongs(person: Person, force: Force, grid: str) -> bool:
    """True when this person is of that force for that grid."""
    by_role = person.role in force.roles and (grid in person.grids or not grid)
    return person.id in force.people or by_role


def must_work(turn: Turn, person: Person, ticket: Ticket, mediation: Mediation) -> None:
    """Nothing for its force, the ticket's owner and the station. Raises: Refused."""
    if person.id == ticket.owner or person.role in _STATION:
        return
    if not is_of_force(turn, person, ticket, mediation):
        force = plan_of(turn).force(mediation.force)
        raise Refused("mediation_not_yours", number=ticket.number, force=force.name)


def must_be_of_force(turn: Turn, person: Person, ticket: Ticket, mediation: Mediation) -> None:
    """Nothing for its force alone: minutes are written and read there. Raises: Refused."""
    if not is_of_force(turn, person, ticket, mediation):
        force = plan_of(turn).force(mediation.force)
        raise Refused("mediation_not_yours", number=ticket.number, force=force.name)


def must_be_ours(person: Person, ticket: Ticket) -> None:
    """Nothing for station and grid; departments do not begin mediations. Raises: Refused."""
    if person.role in _OUTSIDE:
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)


def reporter_side(turn: Turn, mediation: Mediation) -> str:
    """The account of the reporter where she said she is a side; empty otherwise."""
    if REPORTER not in (mediation.side_a, mediation.side_b):
        return ""
    voice = tickets.get(turn.db, mediation.ticket_id).reporter
    return voice.user if voice else ""


REPORTER = "reporter"


def doors(turn: Turn) -> str:
    """Where people may go, in words."""
    return "、".join(door.words for door in plan_of(turn).doors)
