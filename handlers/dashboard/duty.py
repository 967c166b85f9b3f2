"""The duty calendar (值班): who is there now and in the next days, who is away, who stands in.

Read from the duty book alone, with what people said of themselves for now; nobody's hours are
counted and nothing is written here: 忙, 请假, 顶班 are orders. Who is named first is asked first.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from aiohttp import web

from bot.domain import clocks, rights
from config.people_rules import Grid, Person
from config.rights_rules import Page
from config.rules import Rules
from config.vocabulary import Role
from config.workdays import is_workday
from handlers import handover, opening
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look, Shell
from handlers.handover import Away

DAYS = 8
_DAY, _NIGHT = time(12), time(22)
_MOST_GRIDS, _MOST_NAMES = 12, 3
_STATION: Mapping[Role, str] = {
    Role.COMMAND_ROOM: "指挥室",
    Role.LEADER: "带班领导",
    Role.INSPECTOR: "督察",
    Role.NARCOTICS: "禁毒",
    Role.LEGAL_OFFICER: "法制员",
}
_GRID: Mapping[Role, str] = {
    Role.OFFICER: "社区民警",
    Role.AUXILIARY: "辅警",
    Role.GRID_WORKER: "网格员",
    Role.MEDIATOR: "调解员",
}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class There:
    """Somebody who is asked, and for whom he stands in, with the reason."""

    name: str
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One column: the date, its weekday, and whether it is a working day."""

    day: date
    name: str
    is_workday: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """Who is there by day, and by night where that is somebody else."""

    by_day: list[There]
    by_night: list[There]


@dataclass(frozen=True, slots=True)
class Row:
    """One role of the station, or one role in one grid: now, and by day."""

    name: str
    now: list[There]
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Board:
    """All that is on the page."""

    days: list[Day]
    station: list[Row]
    grids: list[tuple[Grid, list[Row]]]
    left_out: int
    away: list[Away]


class DutyPage:
    """One route over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/duty", self._shell.page(Page.DUTY, self.page))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The calendar, for one grid when one is named."""
        grid = request.query.get("grid", "")
        found = await self._shell.look(seat, lambda look: board(look, grid))
        rules = self._shell.engine.current_rules()
        return self._shell.render(request, seat, "duty.html", it=found, rules=rules, grid=grid)


def board(look: Look, grid: str = "") -> Board:
    """The calendar; one's own grids come first, of many grids the first are shown."""
    turn = look.turn
    today = turn.now.astimezone(clocks.ZONE).date()
    days = [today + timedelta(days=count) for count in range(DAYS)]
    grids = _order(turn.rules, look.seat.person, grid)
    away = opening.away_now(turn)
    station = [_row(turn.rules, turn.now, days, role, None, away) for role in _STATION]
    return Board(
        days=[_column(turn.rules, day) for day in days],
        station=[row for row in station if row.now or any(cell.by_day for cell in row.cells)],
        grids=[
            (one, [_row(turn.rules, turn.now, days, role, one.id, away) for role in _GRID])
            for one in grids[:_MOST_GRIDS]
        ],
        left_out=max(0, len(grids) - _MOST_GRIDS),
        away=handover.away(turn),
    )


def _order(rules: Rules, person: Person, wanted: str) -> list[Grid]:
    named = rules.grid(wanted) if wanted else None
    if named is not None:
        return [named]
    own = rights.grids_of(person, rules)
    return sorted(rules.grids.grids, key=lambda one: one.id not in own)


def _column(rules: Rules, day: date) -> Day:
    return Day(day, f"星期{_WEEKDAYS[day.weekday()]}", is_workday(day, rules.times.work))


def _row(
    rules: Rules,
    now: datetime,
    days: list[date],
    role: Role,
    grid: str | None,
    away: Collection[str],
) -> Row:
    return Row(
        name=_STATION.get(role) or _GRID[role],
        now=_there(rules, role, now, grid, away),
        cells=[_cell(rules.on(day), role, day, grid) for day in days],
    )


def _cell(rules: Rules, role: Role, day: date, grid: str | None) -> Cell:
    moments = (datetime.combine(day, hour, clocks.ZONE) for hour in (_DAY, _NIGHT))
    by_day, by_night = (_there(rules, role, at, grid, ()) for at in moments)
    return Cell(by_day, by_night if by_night != by_day else [])


def _there(
    rules: Rules, role: Role, at: datetime, grid: str | None, away: Collection[str]
) -> list[There]:
    found = rules.duty(role, at, grid, away)
    return [There(one.name, _instead(rules, role, one, at, grid)) for one in found[:_MOST_NAMES]]


def _instead(rules: Rules, role: Role, person: Person, at: datetime, grid: str | None) -> str:
    """For whom he is there: who is on leave, or in his village on other days; empty else."""
    if person.role is role and (grid is None or grid in person.grids):
        return ""
    for leave in rules.roster.leave:
        absent = rules.person(leave.id)
        if absent and leave.substitute == person.id and leave.from_ <= at <= leave.to:
            return f"替{absent.name}（请假）"
    today = at.astimezone(clocks.ZONE).isoweekday()
    for stay in rules.roster.stays:
        gone = rules.person(stay.id)
        if gone and stay.otherwise == person.id and stay.grid == grid and today not in stay.days:
            return f"替{gone.name}（不驻村）"
    return ""
