"""今天、明天: what one member of staff has before him that day, and the calendar of visits.

Own tickets whose limit, promised date or deadline falls on the day, and the visits that the
calendar names; a day without work passes its visits on to the next working day. Called by
``field`` and ``routine``.
"""

from collections import Counter
from datetime import date, datetime, timedelta

from bot.domain import clocks
from bot.domain.clocks import ZONE
from bot.turn import Turn
from config import workdays
from config.checklist_rules import Checklist
from config.people_rules import Grid, Person
from config.vocabulary import Role, Stage
from handlers import loop, opening, rounds, shown
from handlers.outside_log import ON_ROUND
from storage import forms, hazards, tickets
from storage.tickets import Ticket

JOB = "visits"
AT = "30 8 * * *"
_MOST = 15
_DONE = (Stage.RESOLVED, Stage.EVALUATION, Stage.RECHECK)


def of_day(turn: Turn, person: Person, ahead: int) -> str:
    """What that person has before him today (0) or tomorrow (1)."""
    day = (turn.now.astimezone(ZONE) + timedelta(days=ahead)).date()
    found = []
    for ticket in tickets.open_of_owner(turn.db, person.id):
        at = _moment(turn, ticket)
        if at is None:
            continue
        on = at.astimezone(ZONE).date()
        if on == day or (ahead == 0 and on < day):
            found.append((at, ticket))
    lines = [
        _line(turn, person, at, ticket) for at, ticket in sorted(found, key=lambda pair: pair[0])
    ]
    lines = lines[:_MOST] + [
        turn.text("agenda_visit", name=one.name) for one in _visits(turn, person, day)
    ]
    lines += rounds.lines_of(turn, person, day)
    name = "今天" if ahead == 0 else "明天"
    if not lines:
        return turn.text("agenda_none", what=name)
    return "\n".join([turn.text("agenda_head", what=name, count=len(lines)), *lines])


def _moment(turn: Turn, ticket: Ticket) -> datetime | None:
    """The date agreed, else the deadline of a hazard, else the limit of its stage."""
    if at := hazards.promised(turn.db, ticket.id):
        return at
    if ticket.stage in _DONE:
        return None
    known = hazards.of_ticket(turn.db, ticket.id)
    moments = [m for m in (ticket.due_at, known.due_at if known else None) if m]
    return min(moments, default=None)


def _line(turn: Turn, person: Person, at: datetime, ticket: Ticket) -> str:
    return turn.text(
        "agenda_line",
        time=clocks.moment_words(at, turn.now),
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=shown.place(turn, ticket, person),
    )


def visits_on(turn: Turn, day: date) -> list[Checklist]:
    """The visit lists that fall on ``day``, those of days off before it included."""
    work = turn.rules.times.work
    return [
        one
        for one in turn.rules.checklists.of_kind("visit")
        if one.calendar
        and any(workdays.is_moved_to(day, number, work) for number in one.calendar.days)
    ]


def _visits(turn: Turn, person: Person, day: date) -> list[Checklist]:
    return visits_on(turn, day) if person.role in ON_ROUND and person.grids else []


def remind(turn: Turn) -> None:
    """In the morning of a visit day: who goes hears what is due, once, with the month so far."""
    lists = visits_on(turn, turn.now.astimezone(ZONE).date())
    away = opening.away_now(turn)
    for one in lists:
        for person in turn.rules.people:
            on_round = person.role in (Role.OFFICER, Role.GRID_WORKER) and person.grids
            if on_round and person.id not in away:
                shown = "；".join(_grid_share(turn, one, grid) for grid in _grids(turn, person))
                turn.tell(person.id, turn.text("visit_today", name=one.name, share=shown))


def coverage(turn: Turn, person: Person) -> str:
    """走访进度 of this month: households by list and grid; nobody's name, no ranking."""
    lines = [
        f"{one.name}：" + "；".join(_grid_share(turn, one, grid) for grid in _grids(turn, person))
        for one in turn.rules.checklists.of_kind("visit")
    ]
    if not lines:
        return turn.text("visit_which", names="无")
    return "\n".join([turn.text("coverage_head"), *lines])


def _grids(turn: Turn, person: Person) -> list[Grid]:
    every = turn.rules.grids.grids
    return [grid for grid in every if grid.id in person.grids] or list(every)


def _grid_share(turn: Turn, one: Checklist, grid: Grid) -> str:
    local = turn.now.astimezone(ZONE)
    begins = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    count, found = forms.coverage(turn.db, one.id, begins).get(grid.id, (0, 0))
    planned = one.calendar.households if one.calendar else None
    share = f"{count}/{planned}户" if planned else f"{count}户"
    ticks: Counter[int] = forms.ticked(turn.db, one.id, begins).get(grid.id, Counter())
    known = enumerate(one.items, 1)
    told = " ".join(f"{item.ask}{ticks[n]}" for n, item in known if n in ticks)
    return f"{grid.name} {share}，发现{found}件" + (f"（{told}）" if told else "")
