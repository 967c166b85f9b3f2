"""Joint meetings (联席会商): the ladder's last rung calls the people of a matter together.

The program names a day, the post and whom to ask: who has the matter and his leader, every
department that had it, the street, the district, the officer of the grid. Who is told of the rung
chairs it and may change all of it by 召集; his minutes (纪要) are the answer. Nobody is asked to
what he may not see; whoever is not in WeCom is named to the chair. Called by ``handlers.ladder``.
"""

from collections.abc import Iterator
from datetime import datetime

from bot.domain import clocks, nearby, rights, teamwork
from bot.turn import Turn
from config.people_rules import Person
from config.rights_rules import Class
from config.vocabulary import Role, Urgency
from handlers import loop, meeting, opening
from storage import diversions
from storage.papers import Paper
from storage.tickets import Ticket

_STREET = "street"


def moment(turn: Turn) -> datetime:
    """When a meeting that is called now begins: the hour of times.yaml, some working days ahead."""
    times = turn.rules.times
    ahead = times.spread(times.joint.ahead, Urgency.U4)
    day = clocks.due_at(turn.now, ahead, times.work).astimezone(clocks.ZONE).date()
    return datetime.combine(day, times.joint.at, clocks.ZONE)


def called(turn: Turn, ticket: Ticket, chair: Person, paper: Paper) -> list[str]:
    """The lines that ``chair`` hears of the meeting; everybody else has a card.

    Without one where somebody has called one already, or nobody may be asked.
    """
    if meeting.to_come(turn, ticket) is not None:
        return [turn.text("confer_known", number=ticket.number)]
    people = _people(turn, ticket, chair)
    if not people:
        return []
    begins_at = moment(turn)
    place = nearby.post_at(ticket.grid, begins_at, turn.rules) or turn.rules.station.name
    topic = turn.text("confer_topic", category=loop.matter_name(turn, ticket), paper=paper.id)
    said = meeting.convene(turn, chair, ticket, meeting.Plan(begins_at, place, topic, people))
    outside = "、".join(_outside(turn, ticket))
    lines = [said, turn.text("confer_outside", names=outside)] if outside else [said]
    return [*lines, turn.text("confer_how", number=ticket.serial)]


def _people(turn: Turn, ticket: Ticket, chair: Person) -> list[Person]:
    """Whom to ask, each once; nobody where the matter is not for meetings."""
    matter = loop.matter_of(ticket)
    if teamwork.may_assign(chair, matter, turn.rules):
        return []
    found = dict.fromkeys(_concerned(turn, ticket))
    may = (p for p in found if not teamwork.may_take_part(chair, p, matter, turn.rules))
    return [person for person in may if person.id not in (chair.id, *ticket.barred)]


def _concerned(turn: Turn, ticket: Ticket) -> Iterator[Person]:
    rules, away = turn.rules, opening.away_now(turn)
    owner = rules.stand_in(ticket.owner, turn.now, away)
    led = rules.unit_leader(owner) if owner else None
    officers = rules.duty(Role.OFFICER, turn.now, ticket.grid, away) if ticket.grid else []
    yield from (person for person in (owner, led, *officers[:1]) if person)
    for department in _departments(turn, ticket):
        there = (rules.stand_in(p.id, turn.now, away) for p in rules.contacts(department))
        yield from [person for person in there if person][:1]


def _departments(turn: Turn, ticket: Ticket) -> list[str]:
    """Every department that had it, then the street and the district; the street of a dispute.

    None where the matter is the police's alone.
    """
    had = [one.department for one in diversions.of_ticket(turn.db, ticket.id)]
    if any((*had, ticket.department)):
        found = (*had, ticket.department, _STREET, turn.rules.divert.district)
        return list(dict.fromkeys(name for name in found if name))
    is_dispute = rights.class_of(loop.matter_of(ticket), turn.rules) is Class.DISPUTE
    return [_STREET] if is_dispute else []


def _outside(turn: Turn, ticket: Ticket) -> list[str]:
    """The departments that are not in WeCom, by name."""
    named = (turn.rules.department(one) for one in _departments(turn, ticket))
    return [one.name for one in named if one is not None and one.is_outside]
