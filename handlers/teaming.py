"""Work done together (协同), as the desk sees it: which buttons and timers belong to it.

Thin: it hands over to ``parts`` (子任务), ``meeting`` (召集) and ``tiers`` (四级工作机制).
"""

from bot.events import ButtonKey, Clicked, Due
from bot.turn import Turn
from config.people_rules import Person
from handlers import meeting, parts, tiers
from storage.tickets import Ticket

TIMERS = frozenset({parts.TIMER, meeting.TIMER, tiers.TIMER})


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when the button was one of a sub-task or a meeting."""
    return parts.pressed(turn, event, key) or meeting.pressed(turn, event, key)


def due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """A timer of a sub-task, a meeting or a report that waits for its grid leader."""
    if event.kind == parts.TIMER:
        parts.due(turn, event, ticket)
    elif event.kind == meeting.TIMER:
        meeting.due(turn, event, ticket)
    else:
        tiers.due(turn, ticket)


def mine(turn: Turn, person: Person) -> list[str]:
    """What he has to do of others' tickets, one line each."""
    return parts.mine(turn, person)


def of_ticket(turn: Turn, ticket: Ticket) -> list[str]:
    """The sub-tasks of a ticket, for who looks at it."""
    found = parts.listed(turn, ticket)
    return [found] if found else []
