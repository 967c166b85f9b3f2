"""Looking at a result a second time (复核): who, and how he is asked.

Hazards, domestic violence, complaints and disputes from yellow on: closing.yaml says which. A
hazard goes first to who found it or to the police of its grid, nothing to the one who worked it.
``handlers.second_look`` is what comes of it.
"""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain import clocks, closing, lifecycle, rights
from bot.domain.lifecycle import Actor
from bot.events import Due
from bot.turn import Turn
from config.people_rules import Person
from config.time_rules import Allowance
from config.vocabulary import Act, Role, Stage
from handlers import cards, loop, opening, shown
from handlers.closing import case_of
from storage import hazards
from storage.tickets import Ticket

TIMER = "recheck_due"
_BEAT = (Role.OFFICER, Role.AUXILIARY)
_ROLES = (Role.LEADER, Role.COMMAND_ROOM, Role.INSPECTOR, Role.SUPERVISOR, Role.DEPARTMENT_LEAD)


def asked(turn: Turn, ticket: Ticket, by: str, who: Actor) -> Ticket | None:
    """The ticket in 复核, shown to who looks at it; None where nobody has to, or nobody can."""
    if ticket.stage is not Stage.RESOLVED:
        return None
    if not _is_needed(turn, ticket):
        return None
    person = checker(turn, ticket)
    if person is None:
        turn.note(ticket, Act.NOTE, reason="要复核，但没有第二个人可以看")
        return None
    saved = loop.step(turn, ticket, Act.RECHECK, who, by=by, reason=f"请{person.name}复核")
    cards.refresh(turn, saved)
    cards.show(turn, saved, person)
    text = turn.text(
        "recheck_staff",
        number=saved.number,
        category=loop.category_name(turn, saved.category),
        place=shown.place(turn, saved, person),
        result=shown.result(turn, saved, person) or "未写",
    )
    turn.tell(person.id, text, ticket=saved.id)
    _remind_later(turn, saved, 1)
    return saved


def _is_needed(turn: Turn, ticket: Ticket) -> bool:
    known = hazards.of_ticket(turn.db, ticket.id)
    if known is not None and known.fixed_at is None:
        return True
    return closing.needs_recheck(case_of(turn, ticket), turn.rules.closing)


def checker(turn: Turn, ticket: Ticket) -> Person | None:
    """Who looks: on duty, may pass it, may see it, and never had it in hand."""
    return next((one for one in _there(turn, ticket) if _may_look(turn, one, ticket)), None)


def _there(turn: Turn, ticket: Ticket) -> Iterator[Person]:
    away, known = opening.away_now(turn), hazards.of_ticket(turn.db, ticket.id)
    if known is not None:
        finder = turn.rules.person(known.found_by)
        yield from [finder] if finder and finder.id not in away else []
        for role in _BEAT:
            yield from turn.rules.duty(role, turn.now, ticket.grid or None, away)
    for role in _ROLES:
        yield from turn.rules.duty(role, turn.now, None, away)


def _may_look(turn: Turn, person: Person, ticket: Ticket) -> bool:
    fits = lifecycle.may(Stage.RECHECK, Act.RECHECK, person.role)
    worked = person.id in (ticket.owner, *ticket.past_owners)
    refused = rights.may_act(person, Act.RECHECK, loop.matter_of(ticket), turn.rules)
    return fits and not worked and not refused


def due(turn: Turn, event: Due, ticket: Ticket) -> None:
    """Nobody has looked for a working day: he is reminded, each day in other words."""
    if ticket.stage is not Stage.RECHECK:
        return
    person = checker(turn, ticket)
    days = int(event.data["days"])
    if person is not None:
        text = turn.text(
            "recheck_waits",
            number=ticket.number,
            category=loop.category_name(turn, ticket.category),
            days=days,
        )
        turn.tell(person.id, text, ticket=ticket.id)
    _remind_later(turn, ticket, days + 1)


def _remind_later(turn: Turn, ticket: Ticket, days: int) -> None:
    work = turn.rules.times.work
    span = Allowance(work.hours.length, round_the_clock=False)
    at = clocks.due_at(turn.now + timedelta(seconds=1), span, work)
    turn.set_timer(ticket, TIMER, loop.by_day(turn, at), days=days)
