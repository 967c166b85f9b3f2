"""The books of diversion (分流台账): written when a ticket goes to a department and when it ends.

Every hand-over stores the list's version and row. Called by ``opening.hand_to``, the second stage
(``diverting``) and by ``loop.step``, so that no ending can be forgotten.
"""

from datetime import datetime

from bot.domain import clocks
from bot.domain.routing import Route
from bot.turn import SYSTEM, Turn
from config.divert_rules import DivertRow
from config.vocabulary import Act
from storage import diversions
from storage.diversions import Diversion, End, Round
from storage.tickets import Ticket

_ENDS = {Act.SEND_BACK: End.RETURNED, Act.RESOLVE: End.ANSWERED, Act.SMALL_LOOP: End.ANSWERED}
_MOVES = frozenset({Act.TRANSFER, Act.FALSE_ALARM, Act.VOID, Act.MERGE, Act.REJECT})


def went(
    turn: Turn,
    ticket: Ticket,
    route: Route,
    by: str = SYSTEM,
    reason: str = "",
    how: Round | None = None,
) -> None:
    """Write down that the ticket is with ``route``'s department now; ``how`` it came there."""
    row = row_of(turn, ticket)
    fits = row is not None and route.department in (row.department, row.backstop)
    count = len(diversions.of_ticket(turn.db, ticket.id))
    one = Diversion(
        key=f"{turn.event.key}:divert:{ticket.id}:{count}",
        ticket_id=ticket.id,
        round=how or _round(turn, ticket, by),
        list_version=turn.rules.divert.version,
        row_id=row.id if row is not None and fits else "",
        department=route.department,
        at=turn.now,
        by=by,
        due_at=due(turn, ticket, route.department),
        minder=route.owner.id if route.owner and route.is_outside else "",
        reason=reason,
    )
    diversions.add(turn.db, one)


def moved(turn: Turn, before: Ticket, after: Ticket, route: Route, by: str, reason: str) -> None:
    """Write it down where a hand-over (转、回避) brought it to another department."""
    if after.department and after.department != before.department:
        went(turn, after, route, by, reason)


def row_of(turn: Turn, ticket: Ticket) -> DivertRow | None:
    """The row of the list that fits the ticket now."""
    return turn.rules.divert_row(ticket.category, ticket.masked, ticket.grid or None, turn.now)


def _round(turn: Turn, ticket: Ticket, by: str) -> Round:
    if by != SYSTEM:
        return Round.CONTACT
    if ticket.reopen_count:
        return Round.AGAIN
    earlier = diversions.of_ticket(turn.db, ticket.id)
    returned = any(one.ended_how == End.RETURNED for one in earlier)
    return Round.BACKSTOP if returned else Round.INTAKE


def due(turn: Turn, ticket: Ticket, department: str) -> datetime | None:
    """Until when the department has time: the row's span, else its own."""
    named, row = turn.rules.department(department), row_of(turn, ticket)
    if named is None:
        return None
    own = row is not None and row.department == department
    span = (row.sla if row is not None and own else None) or named.sla
    times = turn.rules.times
    return clocks.due_at(turn.now, times.spread(span, ticket.urgency), times.work)


def ended(turn: Turn, before: Ticket, after: Ticket, act: Act, reason: str) -> None:
    """Write down how a department was done with it, if it was with one."""
    if not before.department:
        return
    how = _ENDS.get(act)
    elsewhere = act in _MOVES and after.department != before.department
    if how is None and (elsewhere or not after.is_open):
        how = End.MOVED
    if how is not None:
        diversions.end(turn.db, before.id, how, turn.now, reason)


def returns(turn: Turn, ticket: Ticket) -> int:
    """How often departments have sent it back."""
    found = diversions.of_ticket(turn.db, ticket.id)
    return sum(1 for one in found if one.ended_how == End.RETURNED)


def words_key(turn: Turn, ticket: Ticket) -> str:
    """Which sentence tells the resident: the row's; another one for a department outside."""
    named = turn.rules.department(ticket.department)
    if named is not None and named.is_outside:
        return "diverted_outside"
    row = row_of(turn, ticket)
    own = row is not None and row.department == ticket.department
    return row.text if row is not None and own else "diverted_private"


def overdue_at_department(turn: Turn, ticket: Ticket, rung_to: str) -> bool:
    """True where a rung may not be climbed: towards departments only the handler is reminded.

    The matter stands in the list for the street instead.
    """
    owner = turn.rules.person(ticket.owner)
    inside = owner is not None and bool(owner.department) and bool(ticket.department)
    if rung_to == "owner" or not inside:
        return False
    one = diversions.current(turn.db, ticket.id)
    if one is None:
        return False  # diverted before there were books: the ladder goes on as it did
    if one.listed_at is None:
        diversions.listed(turn.db, one.id, turn.now)
        turn.note(ticket, Act.NOTE, reason="部门超时，列入报综治中心清单")
    return True
