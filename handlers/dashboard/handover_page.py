"""The shift (交接班): what is handed over, who is away, who took over when; 接班 is an order.

What is on it is counted by ``handlers.handover``, the same for the page and for the message.
"""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from config.rights_rules import Page
from handlers import handing_over, handover, loop
from handlers.dashboard import rows
from handlers.dashboard.entry import Seat
from handlers.dashboard.rows import Line
from handlers.dashboard.shell import Look, Shell
from handlers.handover import Content
from storage import handovers
from storage.handovers import Handover

_SHIFTS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One heap of tickets: the lines that stand in no heap above, and how many do (``above``)."""

    name: str
    title: str
    count: int
    above: int
    lines: list[Line]
    more: str


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift that was taken over, with names."""

    row: Handover
    user: str
    before: str


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is on the page; ``is_mine`` when the shift is this person's already."""

    content: Content
    parts: list[Part]
    promised: dict[str, datetime | None]
    shifts: list[Shift]
    is_mine: bool
    may_take: bool


class HandoverPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/handover", self._shell.page(Page.HANDOVER, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """What is handed over now."""
        found = await self._shell.look(seat, desk)
        return self._shell.render(request, seat, "handover.html", it=found)


def desk(look: Look) -> Desk:
    """What is on the page, for who looks."""
    turn, person = look.turn, look.seat.person
    found = handover.content(turn, person)
    office = handing_over.office_of(turn, person)
    last = handovers.newest(turn.db, office.role, _SHIFTS) if office else []
    return Desk(
        content=found,
        parts=_parts(look, found),
        promised={one.number: one.finish_at for one in found.promised.tickets},
        shifts=[
            Shift(one, loop.name_of(turn, one.user),
                  loop.name_of(turn, one.before) if one.before else "")
            for one in last
        ],
        is_mine=bool(last) and last[0].user == person.id,
        may_take=office is not None,
    )  # fmt: skip


def _parts(look: Look, found: Content) -> list[Part]:
    """The heaps, each ticket once, in the gravest heap it belongs to."""
    parts: list[Part] = []
    told: set[int] = set()
    for heap in found.heaps:
        fresh = [ticket for ticket in heap.tickets if ticket.id not in told]
        lines = [rows.line(look.turn, ticket, look.seat.person) for ticket in fresh]
        above = len(heap.tickets) - len(fresh)
        parts.append(Part(heap.name, heap.title, heap.count, above, lines, heap.more))
        told |= {ticket.id for ticket in heap.tickets}
    return parts
