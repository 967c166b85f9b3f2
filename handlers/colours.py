"""The colour of a dispute (纠纷颜色): one fact of its ticket, the last one counts.

It comes from the risk score when the ticket opens, rises with further words and with time, and is
lowered by the officer alone. ``bot.domain.closing`` asks the same fact for the second look and the
leader's signature. Called by ``opening``, ``supplements`` and ``handlers.mediation_*``.
"""

from bot.domain import mediation as domain
from bot.domain.mediation import Result
from bot.turn import SYSTEM, Turn
from config.mediation_rules import Colour, Mediation
from config.vocabulary import Act
from handlers import closing, loop
from storage import mediations, ticket_facts, timers
from storage.ticket_facts import Fact, Known
from storage.tickets import Ticket

TIMER = "mediation_age"


def level(turn: Turn, ticket: Ticket) -> Known | None:
    """The fact that says its colour; None while nobody gave it one."""
    found = ticket_facts.of_ticket(turn.db, ticket.id)
    return next((one for one in reversed(found) if one.kind is Fact.LEVEL), None)


def colour_of(turn: Turn, ticket: Ticket, plan: Mediation) -> Colour:
    """The colour it has; the lowest while nobody gave it one."""
    known = level(turn, ticket)
    return plan.colour(known.words if known else "")


def shown(turn: Turn, ticket: Ticket) -> str:
    """The name of its colour for a card; empty for the lowest and for what has none."""
    plan = turn.rules.mediation
    if plan is None or level(turn, ticket) is None:
        return ""
    colour = colour_of(turn, ticket, plan)
    return "" if colour == plan.colours[0] else colour.name


def risk(turn: Turn, ticket: Ticket, plan: Mediation, more: str = "") -> tuple[int, Colour]:
    """Score and the colour of that score, as they stand now; ``more``: words said besides."""
    before = mediations.of_ticket(turn.db, ticket.id)
    failed = sum(one.result == Result.FAILED for one in before)
    earlier = mediations.earlier_here(turn.db, ticket.place_key, ticket.id, turn.now)
    points = domain.score(plan, f"{ticket.masked}\n{more}", earlier, failed)
    return points, domain.colour_at(plan, points)


def opened(turn: Turn, ticket: Ticket) -> None:
    """A dispute gets the colour of its risk, and higher ones when it stays open for long."""
    plan = turn.rules.mediation
    if plan is None or not _is_dispute(turn, ticket):
        return
    rescored(turn, ticket)
    set_ages(turn, ticket, plan)


def rescored(turn: Turn, ticket: Ticket, more: str = "") -> None:
    """The colour rises where the words, or ``more`` that staff added, say more; it never falls."""
    plan = turn.rules.mediation
    if plan is None or not _is_dispute(turn, ticket):
        return
    points, colour = risk(turn, ticket, plan, more)
    raised(turn, ticket, colour, f"风险{points}分")


def _is_dispute(turn: Turn, ticket: Ticket) -> bool:
    of_kind = ticket.category in turn.rules.closing.disputes
    return of_kind and not closing.is_never_mediated(turn, ticket)


def raised(turn: Turn, ticket: Ticket, colour: Colour, why: str, by: str = SYSTEM) -> bool:
    """True when that colour is higher than what it had: it has it now.

    One that a leader has to sign is his to supervise at once (督办).
    """
    plan = turn.rules.mediation
    if plan is None or not plan.is_higher(colour, colour_of(turn, ticket, plan)):
        return False
    put(turn, ticket, colour, by, f"{why}，升为{colour.name}")
    if colour.id in turn.rules.closing.sign_levels:
        loop.supervise_soon(turn, ticket, f"矛盾是{colour.name}")
    return True


def put(turn: Turn, ticket: Ticket, colour: Colour, by: str, reason: str) -> None:
    """Keep the colour and journal it."""
    key = f"{turn.event.key}:level:{ticket.id}:{colour.id}"
    ticket_facts.add(turn.db, key, ticket.id, Fact.LEVEL, by, turn.now, colour.id)
    turn.note(ticket, Act.NOTE, by=by, reason=reason[:200])


def set_ages(turn: Turn, ticket: Ticket, plan: Mediation) -> None:
    """When it gets the higher colours by age alone, counted from its opening."""
    for colour in plan.colours:
        if colour.open_for is None:
            continue
        at = max(ticket.opened_at + colour.open_for, turn.now)
        timers.set_timer(
            turn.db,
            timers.Timer(
                key=f"{turn.event.key}:{TIMER}:{ticket.id}:{colour.id}",
                line=ticket.line,
                kind=TIMER,
                due_at=loop.by_day(turn, at),
                data={"number": ticket.number, "colour": colour.id},
            ),
        )
