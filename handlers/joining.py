"""A report that nobody spoke to us (外部来件、上报单): beside what stands open, as any words are.

Other systems and orders of 政民沟通 bring reports without a conversation: nobody to answer, no
earlier words. Whether they tell of an open ticket is judged as for everybody else
(``domain.deciding``), and what is the same matter joins it as one more source: never a second
card, and danger rings as it always does. Called by ``filing`` and ``order_sheets``.
"""

from dataclasses import replace
from datetime import timedelta

from bot.domain import deciding
from bot.domain.deciding import Context, Decision, Known, Move
from bot.domain.reading import Place, Reading
from bot.turn import Turn
from config.vocabulary import Act, Danger, Kind, Stage
from handlers import cards, danger, likeness, loop, shown
from storage import tickets
from storage.tickets import Sketch, Ticket

_MOST_MASKED, _MOST_ORIGINAL, _MOST_ADDED = 2000, 20_000, 200
_JOINS = (Move.JOIN, Move.VOICE, Move.UPDATE)


def as_report(reading: Reading) -> Reading:
    """The words as the report that they are, whatever they sound like."""
    return replace(reading, kind=Kind.REPORT, is_praise=False, is_status_question=False)


def decided(turn: Turn, reading: Reading, grid: str) -> Decision:
    """What a report leads to beside the open tickets of its grid."""
    context = Context(
        now=turn.now,
        window=timedelta(0),
        known=[known(one, is_own=False) for one in near(turn, grid)],
        has_media=False,
        place_key=deciding.place_key(grid, reading.place),
        alike=turn.rules.alike,
    )
    return deciding.decide(reading, likeness.compared(turn, reading, context, grid))


def near(turn: Turn, grid: str) -> list[Sketch]:
    """Open tickets of this grid of the last days, newest first; protected ones stay apart."""
    if not grid:
        return []
    rules = turn.rules.alike
    since = turn.now - max(rules.slow_window, rules.quick_window)
    found = tickets.open_in_grid(turn.db, grid, since)
    return [t for t in found if not t.protected or t.danger is not Danger.NONE]


def known(ticket: Ticket | Sketch, *, is_own: bool) -> Known:
    """What ``deciding`` looks at of a ticket."""
    return Known(
        id=ticket.id,
        category=ticket.category,
        danger=ticket.danger,
        danger_class=ticket.danger_class,
        opened_at=ticket.opened_at,
        place_key=ticket.place_key,
        is_own=is_own,
        protected=ticket.protected,
        unit=ticket.unit if isinstance(ticket, Sketch) else ticket.place.get("unit", ""),
        is_told=ticket.stage is Stage.EVALUATION or ticket.stage in tickets.ENDED,
    )


def joined(
    turn: Turn, decision: Decision, reading: Reading, original: str, by: str
) -> Ticket | None:
    """The open ticket that has the report now; None when it is a matter of its own."""
    if not decision.ticket:
        return None
    if decision.move is Move.RAISE:
        return danger.raised(turn, tickets.get(turn.db, decision.ticket), reading, by)
    if decision.move not in _JOINS:
        return None
    return attached(turn, tickets.get(turn.db, decision.ticket), reading, original, by)


def added(turn: Turn, ticket: Ticket, reading: Reading, original: str, by: str) -> Ticket:
    """A further word on a report: it raises where it must, else it is attached."""
    graver = reading.danger is Danger.CONFIRMED and ticket.danger is not Danger.CONFIRMED
    if graver or (reading.danger is not Danger.NONE and ticket.danger is Danger.NONE):
        return danger.raised(turn, ticket, reading, by)
    return attached(turn, ticket, reading, original, by)


def attached(turn: Turn, ticket: Ticket, reading: Reading, original: str, by: str) -> Ticket:
    """The words on the ticket's story, and one line to who works it."""
    words = reading.masked[:_MOST_ADDED]
    place = {n: getattr(reading.place, n) for n in Place.__slots__ if getattr(reading.place, n)}
    saved = loop.change(
        turn,
        ticket,
        Act.SUPPLEMENT,
        by=by,
        reason=words,
        place={**place, **ticket.place},
        place_key=ticket.place_key or deciding.place_key(ticket.grid, reading.place),
        masked=f"{ticket.masked}\n{words}"[:_MOST_MASKED],
        original=f"{ticket.original}\n{original}"[:_MOST_ORIGINAL],
    )
    if saved.owner:
        _tell_owner(turn, saved, words)
    return saved


def _tell_owner(turn: Turn, ticket: Ticket, words: str) -> None:
    text = turn.text(
        "new_ticket_again_staff",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=shown.place(turn, ticket, ticket.owner),
        summary=shown.said(turn, ticket, ticket.owner, words),
    )
    turn.tell(ticket.owner, text, danger=loop.is_danger(ticket), ticket=ticket.id)
    cards.refresh(turn, ticket)
