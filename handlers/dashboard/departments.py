"""Departments (部门): what lies with each, what came back, and how well the list sends (分流清单).

Absolute numbers; a percentage only from ten on. Who answers for one department sees that one. No
person is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

from aiohttp import web

from bot.domain import divert_figures
from bot.domain.divert_figures import Precision
from config.people_rules import Person
from config.rights_rules import Page, Scope
from config.rules import Rules
from handlers import divert_orders
from handlers.dashboard import reach
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look, Shell
from storage import board_counts
from storage.board_counts import Counts, RowFigures

DAYS = divert_orders.DAYS


@dataclass(frozen=True, slots=True)
class Row:
    """One department."""

    id: str
    name: str
    contact: str
    counts: Counts
    returned: int
    diverted: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the list, its shares in words, and what a clerk should look at."""

    name: str
    department: str
    it: Precision
    returned: str
    on_time: str
    satisfied: str
    hint: str


@dataclass(frozen=True, slots=True)
class Board:
    """All that is on the page."""

    rows: list[Row]
    figures: list[Figure]
    diverted: int


class DepartmentsPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/departments", self._shell.page(Page.DEPARTMENTS, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """Every department that this person may see."""
        found = await self._shell.look(seat, board)
        return self._shell.render(request, seat, "departments.html", it=found, days=DAYS)


def board(look: Look) -> Board:
    """What lies where, and what became of the diversions of the last days."""
    turn, person = look.turn, look.seat.person
    since = turn.now - timedelta(days=DAYS)
    scope = reach.of(person, turn.rules)
    only = own_only(person, turn.rules)
    found = board_counts.list_figures(turn.db, since, only)
    counts = board_counts.by_department(turn.db, scope, turn.now)
    returned = board_counts.returned(turn.db, since)
    return Board(
        rows=_rows(turn.rules, only, counts, returned, found),
        figures=[_figure(turn.rules, one) for one in found],
        diverted=sum(one.diverted for one in found),
    )


def own_only(person: Person, rules: Rules) -> str:
    """The one department that he may see; empty for who sees the whole station."""
    wide = any(one.scope is Scope.STATION for one in reach.of(person, rules))
    return "" if wide else person.department or "-"


def _rows(
    rules: Rules,
    only: str,
    counts: Mapping[str, Counts],
    returned: Mapping[str, int],
    found: list[RowFigures],
) -> list[Row]:
    rows = [
        Row(
            one.id,
            one.name,
            _contact(rules, one.contacts, one.minder),
            counts.get(one.id, Counts()),
            returned.get(one.id, 0),
            sum(figure.diverted for figure in found if figure.department == one.id),
        )
        for one in rules.divert.departments
        if only in ("", one.id)
    ]
    return sorted(rows, key=lambda row: (-row.counts.over, -row.counts.open, -row.diverted))


def _contact(rules: Rules, contacts: tuple[str, ...], minder: str | None) -> str:
    """Who takes it there; for a department outside, who of us minds it."""
    people = [person.name for user in contacts if (person := rules.person(user))]
    if people:
        return "、".join(people[:2])
    watch = rules.person(minder) if minder else None
    return f"{watch.name}盯办" if watch else ""


def _figure(rules: Rules, one: RowFigures) -> Figure:
    known = rules.department(one.department)
    it = Precision(**{name.name: getattr(one, name.name) for name in fields(Precision)})
    return Figure(
        name=one.row or "人工分流",
        department=known.name if known else one.department,
        it=it,
        returned=divert_figures.share(one.returned, one.diverted),
        on_time=_share(one.on_time, one.answered),
        satisfied=_share(one.satisfied, one.rated),
        hint=divert_figures.hint_of(it),
    )


def _share(part: int, whole: int) -> str:
    return divert_figures.share(part, whole) if whole else "还没有"
