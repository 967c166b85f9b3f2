"""Visits after an agreement (调解回访): on the days of the colour, or every so long while it lasts.

A colour of mediation.yaml has ``visits``, a list of days, or ``visit_every``: then somebody goes
again and again until the officer has calmed the colour; the lower one's days begin there. Timers
belong to no ticket, because a ticket that is closed forgets its own. Called by
``handlers.mediation_work``, ``mediation_colours`` and ``overdue``.
"""

from bot.events import Due
from bot.turn import Turn
from handlers import colours, loop, shown
from handlers import mediation_after as after
from handlers import mediation_people as people
from storage import mediations, tickets
from storage.mediations import Mediation
from storage.tickets import Ticket

TIMER = "mediation_visit"
_ASKED = 4  # so often the reporter is asked whether it is kept; the mediator asks both each time


def planned(turn: Turn, ticket: Ticket, mediation: Mediation) -> None:
    """The visits of the colour it has now."""
    colour = colours.colour_of(turn, ticket, people.plan_of(turn))
    if colour.visit_every is not None:
        _next(turn, ticket, mediation, 1)
    for index, wait in enumerate(colour.visits):
        data = {"mediation": mediation.id, "count": index + 1}
        mark = f"{mediation.id}:{colour.id}:{index}"
        after.remind(turn, ticket, TIMER, turn.now + wait, mark, **data)


def planned_anew(turn: Turn, ticket: Ticket) -> None:
    """Its colour was changed: an agreement is visited by the colour it has now."""
    mediation = people.current(turn, ticket)
    if mediation is not None and people.is_settled(turn, ticket):
        planned(turn, ticket, mediation)


def _next(turn: Turn, ticket: Ticket, mediation: Mediation, count: int) -> None:
    every = colours.colour_of(turn, ticket, people.plan_of(turn)).visit_every
    if every is not None:
        data = {"mediation": mediation.id, "count": count, "every": True}
        mark = f"{mediation.id}:every:{count}"
        after.remind(turn, ticket, TIMER, turn.now + every, mark, **data)


def due(turn: Turn, event: Due) -> None:
    """A visit, where it still is of the colour's kind; then the next one."""
    mediation = mediations.find(turn.db, int(event.data["mediation"]))
    if mediation is None or turn.rules.mediation is None:
        return
    ticket = tickets.get(turn.db, mediation.ticket_id)
    if people.is_never(turn, ticket) or people.active(turn, ticket):
        return
    again = bool(event.data.get("every"))
    colour = colours.colour_of(turn, ticket, people.plan_of(turn))
    if again != (colour.visit_every is not None):
        return
    count = int(event.data.get("count", 1))
    _visit(turn, ticket, mediation, count)
    if again:
        _next(turn, ticket, mediation, count + 1)


def _visit(turn: Turn, ticket: Ticket, mediation: Mediation, count: int) -> None:
    text = turn.text(
        "mediation_visit",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=shown.place(turn, ticket, mediation.mediator),
        count=count,
    )
    turn.tell(mediation.mediator, text, ticket=ticket.id)
    if count <= _ASKED:
        after.ask_side(turn, ticket, mediation)
