"""The grids (网格) as tiles, and the wall screen (大屏): how much is open where, nobody named.

No map and no place finer than the grid. Both count within what the person who opened them may see;
the wall names neither category nor ticket, so that it may hang where people pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from bot.domain import clocks, rights
from config.people_rules import Grid, Person
from config.rights_rules import Page, Scope
from config.rules import Rules
from config.vocabulary import Danger
from handlers.dashboard import reach
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look, Shell
from storage import board_counts, machine_board
from storage.board_counts import Counts
from storage.ticket_list import OPEN, Filter
from storage.tickets import Ticket

_MOST_DANGER = 6
_CUT_OFF = timedelta(minutes=2)
ASK_S, PATIENCE_S = 10, 60  # how often the wall asks whether the bot is there; when it shows red
_BAR = 100


@dataclass(frozen=True, slots=True)
class Tile:
    """One grid; ``bar`` and the others are lengths of a hundred, for drawing."""

    id: str
    name: str
    community: str
    counts: Counts
    bar: int
    bar_over: int
    bar_danger: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """A danger that is open: in which grid, how far it is, for how long."""

    grid: str
    is_confirmed: bool
    stage: str
    age: str


@dataclass(frozen=True, slots=True)
class Wall:
    """All that is on the wall."""

    total: Counts
    opened: int
    closed: int
    tiles: list[Tile]
    alarms: list[Alarm]
    is_cut_off: bool


class GridsPage:
    """Two routes over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/grids", self._shell.page(Page.GRIDS, self.page))
        app.router.add_get("/wall", self._shell.page(Page.TODAY, self.wall))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The tiles, each leading to its list."""
        found = await self._shell.look(seat, tiles)
        return self._shell.render(request, seat, "grids.html", tiles=found)

    async def wall(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The wall screen."""
        found = await self._shell.look(seat, wall)
        return self._shell.render(
            request, seat, "wall.html", it=found, every=ASK_S, patience=PATIENCE_S
        )


def tiles(look: Look) -> list[Tile]:
    """The grids that this person answers for, in the order of the file; unknown ones at the end."""
    turn, person = look.turn, look.seat.person
    counts = board_counts.by_grid(turn.db, reach.of(person, turn.rules), turn.now)
    most = max((one.open for one in counts.values()), default=0)
    found = [_tile(one, counts, most) for one in _own(person, turn.rules)]
    lost = counts.get("", Counts())
    if lost.open:
        found.append(_drawn("", "说不清网格", "", lost, most))
    return found


def _own(person: Person, rules: Rules) -> list[Grid]:
    wide = any(one.scope is Scope.STATION for one in reach.of(person, rules))
    mine = {grid for one in rights.offices(person) for grid in rights.grids_of(one, rules)}
    return [one for one in rules.grids.grids if wide or one.id in mine]


def _tile(grid: Grid, counts: Mapping[str, Counts], most: int) -> Tile:
    return _drawn(grid.id, grid.name, grid.community, counts.get(grid.id, Counts()), most)


def _drawn(id_: str, name: str, community: str, counts: Counts, most: int) -> Tile:
    lengths = (counts.open, counts.over, counts.danger)
    bars = [one * _BAR // most if most else 0 for one in lengths]
    return Tile(id_, name, community, counts, *bars)


def wall(look: Look) -> Wall:
    """Big numbers, one band for each grid, open dangers without a word of them."""
    turn, person = look.turn, look.seat.person
    scope = reach.of(person, turn.rules)
    counts = board_counts.by_grid(turn.db, scope, turn.now)
    midnight = _midnight(turn.now)
    return Wall(
        total=_sum(counts),
        opened=board_counts.opened_since(turn.db, scope, midnight),
        closed=board_counts.closed_since(turn.db, scope, midnight),
        tiles=tiles(look),
        alarms=_alarms(look),
        is_cut_off=machine_board.is_cut_off(turn.db, turn.now - _CUT_OFF),
    )


def _midnight(now: datetime) -> datetime:
    local = now.astimezone(clocks.ZONE)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _sum(counts: Mapping[str, Counts]) -> Counts:
    found = counts.values()
    return Counts(
        sum(one.open for one in found),
        sum(one.danger for one in found),
        sum(one.over for one in found),
        sum(one.unsigned for one in found),
    )


def _alarms(look: Look) -> list[Alarm]:
    """Open dangers, newest first; protected ones are counted above and stand nowhere."""
    turn, person = look.turn, look.seat.person
    wanted = Filter(stages=OPEN, danger=True)
    seen = reach.seen(turn.db, person, turn.rules, wanted, 3 * _MOST_DANGER)
    plain = [one for one in seen if not one.protected]
    return [_alarm(look, one) for one in plain[:_MOST_DANGER]]


def _alarm(look: Look, ticket: Ticket) -> Alarm:
    grid = look.turn.rules.grid(ticket.grid)
    return Alarm(
        grid=grid.name if grid else "说不清网格",
        is_confirmed=ticket.danger is Danger.CONFIRMED,
        stage=ticket.stage.label,
        age=clocks.span_words(look.turn.now - ticket.opened_at),
    )
