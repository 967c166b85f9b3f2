"""The colour of a mediation (颜色): it rises with time by itself and falls by the officer alone.

A dispute that stays open for long needs a higher force; the bot says so and moves nobody. Called
by ``handlers.mediation_begin``, ``mediating`` and ``overdue``.
"""

from dataclasses import replace

from bot.domain import mediation as domain
from bot.events import Due
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import loop
from handlers import mediation_after as after
from handlers import mediation_people as people
from storage import mediations, tickets
from storage.mediations import Mediation
from storage.tickets import Ticket

TIMER = "mediation_age"


def set_ages(turn: Turn, ticket: Ticket, mediation: Mediation) -> None:
    """When a matter that is still mediated gets the higher colours; counted from its opening."""
    watched(turn, ticket, mediation)
    for colour in people.plan_of(turn).colours:
        if colour.open_for is not None:
            at = ticket.opened_at + colour.open_for
            data = {"mediation": mediation.id, "colour": colour.id}
            after.remind(turn, ticket, TIMER, at, f"{mediation.id}:{colour.id}", **data)


def watched(turn: Turn, ticket: Ticket, mediation: Mediation) -> None:
    """The highest colour is supervised (督办) at once."""
    highest = people.plan_of(turn).colours[-1]
    if mediation.colour == highest.id:
        loop.supervise_soon(turn, ticket, f"矛盾是{highest.name}")


def aged(turn: Turn, event: Due) -> None:
    """Still not settled: the colour rises, mediator and owner hear which force comes next."""
    mediation = mediations.get(turn.db, int(event.data["mediation"]))
    ticket = tickets.get(turn.db, mediation.ticket_id)
    plan = people.plan_of(turn)
    ids = [colour.id for colour in plan.colours]
    to = str(event.data["colour"])
    is_higher = (
        to in ids and mediation.colour in ids and ids.index(to) > ids.index(mediation.colour)
    )
    if mediation.state == mediations.ENDED or not ticket.is_open or not is_higher:
        return
    saved = mediations.save(turn.db, replace(mediation, colour=to, eventful_at=turn.now))
    watched(turn, ticket, saved)
    name = plan.colour(to).name
    turn.note(ticket, Act.NOTE, reason=f"调解久未结束，升为{name}")
    higher = plan.above(saved.force)
    lines = [turn.text("mediation_aged", number=ticket.number, colour=name)]
    if higher is not None:
        lines.append(turn.text("mediation_next_force", number=ticket.number, force=higher.name))
    for user in dict.fromkeys((saved.mediator, ticket.owner)):
        if user:
            turn.tell(user, "\n".join(lines), ticket=ticket.id)


def calm(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """降色 0012 理由: one colour down, by the officer alone, after a quiet time.

    Raises: Refused for anybody else, too early, from the lowest, or without a reason.
    """
    mediation = people.current(turn, ticket)
    if mediation is None:
        raise Refused("mediation_none", number=ticket.number)
    if person.role is not Role.OFFICER:
        raise Refused("mediation_calm_officer")
    rules = people.plan_of(turn)
    lower = domain.calmer(rules, mediation.colour)
    if lower is None or turn.now - mediation.eventful_at < rules.calm_after:
        raise Refused("mediation_calm_early", number=ticket.number, days=rules.calm_after.days)
    if not words.strip():
        raise Refused("needs_reason", act="降色", number=ticket.number)
    mediations.save(turn.db, replace(mediation, colour=lower.id, eventful_at=turn.now))
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"降为{lower.name}：{words.strip()[:80]}")
    return turn.text("mediation_calmed", number=ticket.number, colour=lower.name)
