"""Parts that several reports share (报表零件): numbers, groups, lists of tickets, findings.

Two editions: for the group no protected ticket and no handler's name; for a reader by name what
he may see, as ``shown`` says. Nothing about who reported, in either. Called by ``digest_*``.
"""

from collections.abc import Iterable, Sequence

from bot.domain import kpi_rows, rights
from bot.domain.kpis import Group, Matter, change, grouped
from bot.domain.repeats import What
from bot.domain.sheets import Table
from bot.domain.spans import Length, Time
from bot.turn import Turn
from config.people_rules import Person
from config.rights_rules import Class
from config.vocabulary import Role
from handlers import loop, shown
from handlers.figures import Period
from storage import figure_sums, tickets
from storage.findings import Finding, found_since
from storage.spans import Span
from storage.tickets import Ticket

_NAMED = (Role.LEADER, Role.COMMAND_ROOM)
_HEADS = ("编号", "类别", "地点", "到哪一步", "单位")
NUMBERS = ("登记", "办结", "在办", "超期")
KPI_HEADS = ("指标", "数", "基数", "比率", "95%区间", "怎么算", "说明")


def is_named(reader: Person | None) -> bool:
    """True for who reads handlers' names: leaders and the command room."""
    return reader is not None and rights.wearing(reader, _NAMED) is not None


def kpis(title: str, period: Period, keys: Iterable[str] = (), *, named: bool = True) -> Table:
    """The figures with their formulas; why something is left out is for who leads."""
    found = kpi_rows.figures(period.book, keys)
    rows = tuple(
        (
            one.name,
            one.value or str(one.hits),
            str(one.n) if one.n or not one.value else "",
            one.percent,
            one.interval,
            one.formula,
            one.note if named or one.key != "left_out" else "",
        )
        for one in found
    )
    said = tuple(f"{one.name} {one.words}" for one in found if one.n)
    return Table(title=title, heads=KPI_HEADS, rows=rows, said=said, in_chat=20)


def groups(title: str, head: str, found: Sequence[Group], most: int = 0) -> Table:
    """Plain numbers of classes, grids or units."""
    rows = tuple(
        (one.name, *(str(n) for n in (one.opened, one.closed, one.open, one.overdue)))
        for one in found[: most or None]
        if one.opened or one.closed or one.open
    )
    return Table(title=title, heads=(head, *NUMBERS), rows=rows, chart=(1, 2), in_chat=8)


def by_class(turn: Turn, matters: Sequence[Matter]) -> list[Group]:
    """The numbers of each class, by its name."""
    return grouped(matters, lambda one: loop.category_name(turn, one.category))


def by_grid(turn: Turn, matters: Sequence[Matter]) -> list[Group]:
    """The numbers of each grid, by its name."""
    return grouped(matters, lambda one: grid_name(turn, one.grid))


def grid_name(turn: Turn, grid: str) -> str:
    """The name of the grid, for people."""
    found = turn.rules.grid(grid)
    return found.name if found else "说不清网格"


def listed(
    turn: Turn, title: str, ids: Iterable[int], reader: Person | None, *, most: int = 15
) -> Table:
    """Tickets one by one; who works each stands only in the edition by name."""
    named = is_named(reader)
    found = [tickets.get(turn.db, one) for one in list(ids)[:most]]
    seen = [ticket for ticket in found if _may(turn, ticket, reader)]
    rows = tuple(_row(turn, ticket, reader, named=named) for ticket in seen)
    return Table(title=title, heads=_HEADS + (("经办",) if named else ()), rows=rows, is_list=True)


def _may(turn: Turn, ticket: Ticket, reader: Person | None) -> bool:
    if reader is None:
        return not ticket.protected and _is_plain(turn, ticket)
    return rights.may_see(reader, loop.matter_of(ticket), turn.rules)


def _is_plain(turn: Turn, ticket: Ticket) -> bool:
    """True for what everybody in the station's own group may hear of."""
    return rights.class_of(loop.matter_of(ticket), turn.rules) in (Class.ORDINARY, Class.DISPUTE)


def _row(turn: Turn, ticket: Ticket, reader: Person | None, *, named: bool) -> tuple[str, ...]:
    where = (
        shown.place(turn, ticket, reader)
        if reader is not None
        else loop.place_words(turn, ticket, full=False)
    )
    name = loop.matter_name(turn, ticket)
    row = (ticket.number, name, where, ticket.stage.label, ticket.unit)
    return (*row, loop.name_of(turn, ticket.owner) if ticket.owner else "") if named else row


def findings(turn: Turn, title: str, span: Span, reader: Person | None) -> Table:
    """三类重复 found in that time, each with where it stands; of a person only for who may see."""
    found = [one for one in found_since(turn.db, span.since) if one.found_at < span.until]
    rows = [_finding(turn, one, reader) for one in found]
    heads = ("哪一类", "颜色", "类别", "网格", "编号", "到哪一步")
    return Table(title=title, heads=heads, rows=tuple(r for r in rows if r), is_list=True)


def _finding(turn: Turn, one: Finding, reader: Person | None) -> tuple[str, ...]:
    ticket = tickets.get(turn.db, one.ticket_id)
    hidden = reader is None and one.kind == What.PERSON
    if hidden or not _may(turn, ticket, reader):
        return ()
    return (
        turn.text(f"what_{one.kind}"),
        turn.text(f"level_{one.level}"),
        loop.category_name(turn, one.category) if one.category else "",
        grid_name(turn, one.grid),
        ticket.number,
        ticket.stage.label,
    )


def protected_line(turn: Turn, period: Period, reader: Person | None) -> tuple[str, ...]:
    """How many matters are in no figure; only for who reads by name."""
    count = period.sums.protected
    return (turn.text("report_protected", count=count),) if is_named(reader) and count else ()


def is_empty(period: Period) -> bool:
    """True where nothing came, nothing is open and nothing ended."""
    found = period.book.matters
    return not any(one.is_new or one.is_open or one.ended_now for one in found)


def was_there(turn: Turn, time: Time) -> bool:
    """True when this system already counted in ``time``: else there is nothing to compare."""
    began = figure_sums.first_day(turn.db)
    return began is not None and began < time.until


def flow(turn: Turn, period: Period, time: Time) -> str:
    """What came and went, beside the time before (环比) where this system was there."""
    opened, closed = in_and_out(period)
    if not was_there(turn, time.before):
        return turn.text("span_alone", count=opened, times=closed)
    more, done = changes(turn, period, time.before)
    what = BEFORE[time.length]
    return turn.text("span_lead", count=opened, what=what, share=more, times=closed, result=done)


def changes(turn: Turn, period: Period, time: Time) -> tuple[str, str]:
    """How much more or less came and went than in ``time``; small bases have no per cent."""
    before = figure_sums.flow(turn.db, Span(time.since, time.until))
    opened, closed = in_and_out(period)
    return change(opened, before.opened), change(closed, before.closed)


def in_and_out(period: Period) -> tuple[int, int]:
    """登记 and 办结 of the period."""
    return sum(one.is_taken for one in period.book.new), len(period.book.closed)


BEFORE = {
    Length.DAY: "前一天", Length.WEEK: "上周", Length.MONTH: "上月",
    Length.QUARTER: "上季度", Length.YEAR: "上一年",
}  # fmt: skip
