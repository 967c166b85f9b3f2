"""Behaviour (行为): what the station does at each event, the whole of it on one screen.

``handle`` is plugged into the engine by ``run_bot.py``; mypy fails if a kind of event is
forgotten. ``refused``, ``dead`` and ``unsent`` are its three companions.
"""

from typing import assert_never

from bot.events import Clicked, Due, Event, Heard, Joined, Ordered, OrderSeen, Scheduled
from bot.turn import Turn
from handlers import desk, order_sheets, overdue, routine, shadow
from handlers.desk import dead, refused, unsent

jobs = routine.jobs


def handle(turn: Turn, event: Event) -> None:
    """Do what the station does when ``event`` happens; commit nothing, the writer does."""
    match event:
        case Heard():
            shadow.heard(turn, event)
        case Clicked():
            desk.clicked(turn, event)
        case Ordered():
            desk.ordered(turn, event)
        case Due():
            overdue.due(turn, event)
        case Joined():
            desk.joined(turn, event)
        case Scheduled():
            routine.scheduled(turn, event)
        case OrderSeen():
            order_sheets.seen(turn, event)
        case _:
            assert_never(event)


__all__ = ["dead", "handle", "jobs", "refused", "unsent"]
