"""The board of mediations (调解): by stage, with the next session or visit; no words of anybody.

Only what exists for who looks: a mediation is there for those who may see its ticket, and for its
mediator. Minutes and terms are read in the chat, by whom they belong to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.domain import appointments, clocks, rights
from bot.domain.mediation import Result
from config.people_rules import Person
from config.rights_rules import Page
from handlers import loop
from handlers.dashboard import reach, rows
from handlers.dashboard.entry import Seat
from handlers.dashboard.rows import Line
from handlers.dashboard.shell import Look, Shell
from storage import mediation_board, mediations, tickets
from storage.mediation_board import Known
from storage.session import Db
from storage.tickets import Ticket

_FEW, _MOST = 6, 30
_MAX_ID = 2**53
STATES: Mapping[str, str] = {
    mediations.INVITED: "等两边同意",
    mediations.RUNNING: "调解中",
    mediations.ENDED: "结束了，看履行",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One mediation: its ticket's line, who mediates, what comes next."""

    id: int
    line: Line
    force: str
    mediator: str
    agreed: str
    sessions: int
    next_at: datetime | None
    next_is_visit: bool
    is_late: bool
    result: str
    promised: str


@dataclass(frozen=True, slots=True)
class Column:
    """One stage; ``more`` is the id to go on from, 0 when that is all."""

    state: str
    title: str
    cards: list[Card]
    more: int


class MediationPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/mediation", self._shell.page(Page.MEDIATION, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The three stages side by side, or one of them in full."""
        state = request.query.get("state", "")
        state = state if state in STATES else ""
        before = request.query.get("before", "")
        last = min(int(before), _MAX_ID) if before.isdecimal() and len(before) < 17 else 0
        found = await self._shell.look(seat, lambda look: board(look, state, last))
        return self._shell.render(request, seat, "mediation.html", columns=found, state=state)


def board(look: Look, state: str = "", before: int = 0) -> list[Column]:
    """The columns; the first few of each, or one with many."""
    if state:
        return [_column(look, state, _MOST, before)]
    return [_column(look, one, _FEW, 0) for one in STATES]


def _column(look: Look, state: str, most: int, before: int) -> Column:
    turn, person = look.turn, look.seat.person
    scope = reach.of(person, turn.rules)
    found = mediation_board.found(turn.db, scope, person.id, state, most + 1, before)
    more = found[most - 1].id if len(found) > most else 0
    pairs = [(one, tickets.get(turn.db, one.ticket_id)) for one in found[:most]]
    seen = [(one, ticket) for one, ticket in pairs if _may_see(look, person, one, ticket)]
    return Column(state, STATES[state], _cards(look, seen), more)


def _may_see(look: Look, person: Person, one: Known, ticket: Ticket) -> bool:
    if person.id in ticket.barred:
        return False
    mine = one.mediator == person.id
    return mine or rights.may_see(person, loop.matter_of(ticket), look.turn.rules)


def _cards(look: Look, seen: list[tuple[Known, Ticket]]) -> list[Card]:
    db, now = look.turn.db, look.turn.now
    held = mediation_board.held(db, [one.id for one, _ in seen])
    visits = mediation_board.next_visits(db, {ticket.line for _, ticket in seen})
    return [
        _card(look, one, ticket, _session(db, one, now), visits.get(one.id), held.get(one.id, 0))
        for one, ticket in seen
    ]


def _session(db: Db, one: Known, now: datetime) -> datetime | None:
    """The date that was last made for a session, unless it has passed."""
    found = mediations.sessions(db, one.id) if one.state == mediations.RUNNING else []
    planned = [session for session in found if session.kind == mediations.PLANNED]
    if not planned:
        return None
    begins_at, _ = appointments.taken_apart(planned[-1].minutes, planned[-1].at)
    return begins_at if begins_at is not None and begins_at >= now else None


def _card(
    look: Look,
    one: Known,
    ticket: Ticket,
    session: datetime | None,
    visit: datetime | None,
    held: int,
) -> Card:
    turn = look.turn
    promised = clocks.moment_words(one.promised_at, turn.now) if one.promised_at else ""
    late = one.promised_at is not None and one.promised_at <= turn.now
    return Card(
        id=one.id,
        line=rows.line(turn, ticket, look.seat.person),
        force=_force(look, one.force),
        mediator=loop.name_of(turn, one.mediator),
        agreed=_agreed(one),
        sessions=held,
        next_at=session or visit,
        next_is_visit=session is None,
        is_late=late and not (one.kept_a and one.kept_b),
        result=Result(one.result).label if one.result else "",
        promised=promised,
    )


def _force(look: Look, force: str) -> str:
    plan = look.turn.rules.mediation
    return plan.force(force).name if plan is not None else force


def _agreed(one: Known) -> str:
    """Which side still has to agree; nothing of who they are."""
    missing = [side for side, said in (("甲方", one.side_a), ("乙方", one.side_b)) if not said]
    return f"等{'、'.join(missing)}同意" if missing and one.state == mediations.INVITED else ""
