"""网格台账: what each grid had in a month and what was done of it, in the order of grids.yaml.

Figures of a service, each with its base: no points, no ranking, nobody's name. Called by
``handlers.digests`` and the page of reports.
"""

from collections.abc import Sequence

from bot.domain import kpi_rows
from bot.domain.kpis import Book, Group, Matter, Share, grouped
from bot.domain.sheets import Report, Table
from bot.domain.spans import Time
from bot.turn import Turn
from config.people_rules import Person
from handlers import digest_parts, digest_week, figures
from handlers.figures import EFFECT_DAYS, Period
from storage import joint_counts
from storage.joint import Kind
from storage.spans import Span

_SHOWN = ("sign", "contact", "on_time", "once", "disputes", "repeats", "lasting", "hazards")
_NOTHING = Group("", 0, 0, 0, 0)


def of(turn: Turn, time: Time, _reader: Person | None) -> Report:
    """The book of that month; the same for everybody who may read it."""
    period = figures.of(turn.db, turn.rules, Span(time.since, time.until), turn.now)
    return Report(
        key="grids",
        title="网格台账",
        period=time.name,
        lead=digest_week.lead(turn, period, time),
        tables=(_numbers(turn, period), _shares(turn, period)),
        notes=(turn.text("grids_how"), turn.text("report_scope")),
        is_empty=digest_parts.is_empty(period),
    )


def _grids(turn: Turn, matters: Sequence[Matter]) -> list[tuple[str, str]]:
    """Id and name in the order of the file; what belongs to no grid comes last, if there is any."""
    known = [(grid.id, grid.name) for grid in turn.rules.grids.grids]
    ids = {grid for grid, _ in known}
    rest = any(one.grid not in ids for one in matters)
    return [*known, *([("", digest_parts.grid_name(turn, ""))] if rest else [])]


def _of_grid(turn: Turn, matters: Sequence[Matter], grid: str) -> list[Matter]:
    if grid:
        return [one for one in matters if one.grid == grid]
    return [one for one in matters if turn.rules.grid(one.grid) is None]


def _numbers(turn: Turn, period: Period) -> Table:
    patrols = joint_counts.tallies(turn.db, Kind.PATROL, period.span)
    rows = []
    for grid, name in _grids(turn, period.book.matters):
        mine = _of_grid(turn, period.book.matters, grid)
        one = next(iter(grouped(mine, lambda _: "")), _NOTHING)
        walked = patrols.get(grid, (0, 0))[0]
        rows.append((name, *map(str, (one.opened, one.closed, one.open, one.overdue, walked))))
    heads = ("网格", *digest_parts.NUMBERS, "巡防次数")
    return Table(title="件数", heads=heads, rows=tuple(rows), chart=(1, 2))


def _shares(turn: Turn, period: Period) -> Table:
    names: tuple[str, ...] = ()
    rows = []
    for grid, name in _grids(turn, period.book.matters):
        found = kpi_rows.figures(_book(turn, period, grid), _SHOWN)
        names = tuple(one.name for one in found)
        rows.append((name, *(one.words if one.n else "" for one in found)))
    return Table(title="办得怎么样（分子/基数）", heads=("网格", *names), rows=tuple(rows))


def _book(turn: Turn, period: Period, grid: str) -> Book:
    """The same definitions over the matters of one grid."""
    seen, held = joint_counts.lasting(turn.db, period.span, [grid], EFFECT_DAYS)
    found, fixed = joint_counts.hazards(turn.db, period.span, [grid])
    return Book(
        matters=_of_grid(turn, period.book.matters, grid),
        lasting=Share(held, seen),
        hazards=Share(fixed, found),
    )
