"""Looking at a result a second time (复核): who, and how he is asked.

Hazards, domestic violence, complaints and disputes from yellow on: closing.yaml says which. Never
the one who worked it. ``handlers.second_look`` is what comes of it.
"""

from datetime import timedelta

from bot.domain import clocks, closing, lifecycle, rights
from bot.domain.lifecycle import Actor
from bot.events import Due
from bot.turn import Turn
from config.people_rules import Person
from config.time_rules import Allowance
from config.vocabulary import Act, Role, Stage
from handlers import cards, loop, opening
from handlers.closing import case_of
from storage.tickets import Ticket

TIMER = "recheck_due"
_ROLES = (Role.LEADER, Role.COMMAND_ROOM, Role.INSPECTOR, Role.SUPERVISOR, Role.DEPARTMENT_LEAD)


def asked(turn: Turn, ticket: Ticket, by: str, who: Actor) -> Ticket | None:
    """The ticket in 复核, shown to who looks at it; None where nobody has to, or nobody can."""
    if ticket.stage is not Stage.RESOLVED:
        return None
    if not closing.needs_recheck(case_of(turn, ticket), turn.rules.closing):
        return None
    person = checker(turn, ticket)
    if person is None:
        turn.note(ticket, Act.NOTE, reason="要复核，但没有第二个人可以看")
        return None
    saved = loop.step(turn, ticket, Act.RECHECK, who, by=by, reason=f"请{person.name}复核")
    cards.refresh(turn, saved)
    cards.show(turn, saved, person)
    _remind_later(turn, saved, 1)
    return saved


def checker(turn: Turn, ticket: Ticket) -> Person | None:
    """Who looks: a decider on duty who may see it and did not work it."""
    away = opening.away_now(turn)
    worked = (ticket.owner, *ticket.past_owners)
    matter = loop.matter_of(ticket)
    for role in _ROLES:
        for person in turn.rules.duty(role, turn.now, None, away):
            fits = lifecycle.may(Stage.RECHECK, Act.RECHECK, person.role)
            if fits and person.id not in worked and rights.may_see(person, matter, turn.rules):
                return person
    return None


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
