"""One line of a list of tickets (清单的一行): what is shown of it to this person, in words.

Which fields he reads is said by ``handlers.shown``, here as in a chat.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain import clocks
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Danger, Stage
from handlers import loop, shown
from storage.tickets import Ticket

_SOON_SHARE = 0.7
_MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Due:
    """How the clock stands: ``ok``, ``soon``, ``over``, ``paused`` or ``none``, and in words."""

    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """What the template needs of one ticket."""

    number: str
    serial: str
    stage: Stage
    name: str
    urgency: str
    urgency_label: str
    danger: Danger
    protected: bool
    place: str
    words: str
    grid: str
    unit: str
    owner: str
    opened_at: datetime
    closed_at: datetime | None
    due: Due
    is_open: bool


def line(turn: Turn, ticket: Ticket, person: Person) -> Line:
    """The line of ``ticket`` for ``person``."""
    grid, department = turn.rules.grid(ticket.grid), turn.rules.department(ticket.department)
    owner = turn.rules.person(ticket.owner)
    return Line(
        number=ticket.number,
        serial=ticket.serial,
        stage=ticket.stage,
        name=loop.matter_name(turn, ticket),
        urgency=ticket.urgency.value,
        urgency_label=ticket.urgency.label,
        danger=ticket.danger,
        protected=ticket.protected,
        place=shown.place(turn, ticket, person),
        words=shown.words(turn, ticket, person, _MOST_WORDS),
        grid=grid.name if grid else "说不清网格",
        unit=department.name if department else ticket.unit,
        owner=owner.name if owner else "",
        opened_at=ticket.opened_at,
        closed_at=ticket.closed_at,
        due=due(ticket, turn.now),
        is_open=ticket.is_open,
    )


def due(ticket: Ticket, now: datetime) -> Due:
    """How much time is left of the stage it stands in."""
    if ticket.stage in (Stage.WAITING, Stage.ON_HOLD):
        return Due("paused", "停表")
    if ticket.due_at is None or not ticket.is_open:
        return Due("none", "")
    if ticket.due_at <= now:
        return Due("over", f"超时 {clocks.span_words(now - ticket.due_at)}")
    soon = clocks.share_of(ticket.stage_at, ticket.due_at, _SOON_SHARE)
    return Due("soon" if now >= soon else "ok", f"还剩 {clocks.span_words(ticket.due_at - now)}")
