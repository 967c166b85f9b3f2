"""Who reads a report first (四级工作机制): a grid leader, before the police, but not for long.

Called by ``opening`` for what a grid worker reports, and by ``tiers`` for what comes of it.
"""

from dataclasses import replace

from bot.domain import clocks, pipeline
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Act, Stage
from storage import tickets
from storage.tickets import Ticket


def reader(turn: Turn, ticket: Ticket, away: tuple[str, ...]) -> Person | None:
    """The grid leader who reads it first; None where it goes straight to the police."""
    return pipeline.reader(
        grid_id=ticket.grid,
        category=ticket.category,
        urgency=ticket.urgency,
        danger=ticket.danger,
        protected=ticket.protected,
        carrier=ticket.carrier,
        at=turn.now,
        away=away,
        rules=turn.rules,
    )


def begun(turn: Turn, draft: Ticket, leader: Person, by: str) -> Ticket:
    """The ticket in stage 待审核 with its leader, who has a while to read it."""
    held = replace(draft, stage=Stage.DRAFT, owner=leader.id, unit=leader.unit)
    opened = tickets.create(turn.db, held)
    turn.note(opened, Act.OPEN, by=by, reason=opened.masked[:200])
    wait(turn, opened)
    return opened


def wait(turn: Turn, ticket: Ticket) -> None:
    """It waits no longer for its reader than a ticket of its grade for a signature."""
    times = turn.rules.times
    allowance = times.allowance(Stage.ASSIGNED, ticket.urgency)
    assert allowance is not None  # times.yaml has one for every grade  # noqa: S101
    turn.set_timer(ticket, pipeline.TIMER, clocks.due_at(turn.now, allowance, times.work))
