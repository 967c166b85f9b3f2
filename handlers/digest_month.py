"""月通报: the figures of the month with their formulas, by unit and by class, and what is late.

For leaders, the bureau's supervisor and the analyst on the first working day. Units are named,
persons are not; units stand in the order of their newcomers, nobody is ranked by a share. Called
by ``handlers.digests`` and the page of reports.
"""

from collections.abc import Sequence

from bot.domain import origins
from bot.domain.kpis import LEAST, Fate, Matter, Timing, grouped
from bot.domain.sheets import Report, Table
from bot.domain.spans import Time
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Urgency
from handlers import digest_parts, digest_week, figures, loop, publicity_reach
from handlers.figures import Period
from storage import papers
from storage.spans import Span

_TOP, _GOOD, _BEST = 3, 5, 5


def of(turn: Turn, time: Time, reader: Person | None) -> Report:
    """The report of that month."""
    period = figures.of(turn.db, turn.rules, Span(time.since, time.until), turn.now)
    protected = digest_parts.protected_line(turn, period, reader)
    return Report(
        key="month",
        title="月通报",
        period=time.name,
        lead=(*digest_week.lead(turn, period, time), *protected),
        tables=_tables(turn, period, reader),
        notes=(*publicity_reach.words(turn, period.span), turn.text("report_scope")),
        is_empty=digest_parts.is_empty(period),
    )


def _tables(turn: Turn, period: Period, reader: Person | None) -> tuple[Table, ...]:
    parts, matters = digest_parts, period.book.matters
    named = parts.is_named(reader)
    return (
        parts.kpis("指标", period, named=named),
        units(matters),
        parts.groups("最多的三类", "类别", parts.by_class(turn, matters), _TOP),
        by_origin(matters),
        _bulletin(turn, period.span),
        good(turn, period),
        digest_week.heat(period),
    )


def units(matters: Sequence[Matter]) -> Table:
    """Each unit's numbers, how much was due and kept; a per cent only from ten on."""
    rows = []
    for group in grouped(matters, lambda one: one.unit or "—"):
        due = [m for m in matters if (m.unit or "—") == group.name and m.due is not Timing.NONE]
        kept = sum(one.due is Timing.IN_TIME for one in due)
        percent = f"{kept / len(due):.1%}" if len(due) >= LEAST else ""
        numbers = (group.opened, group.closed, group.open, group.overdue, len(due), kept)
        if any(numbers):
            rows.append((group.name, *map(str, numbers), percent))
    heads = ("单位", *digest_parts.NUMBERS, "到期", "按期", "按期率")
    return Table(title="各单位", heads=heads, rows=tuple(rows), chart=(1, 2), in_chat=8)


def by_origin(matters: Sequence[Matter]) -> Table:
    """Disputes found and settled, by where they came from."""
    found: dict[str, list[Matter]] = {}
    for one in matters:
        if one.is_dispute and one.is_new and one.is_real:
            found.setdefault(one.origin, []).append(one)
    rows = []
    for origin, those in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        settled = sum(one.is_settled for one in those)
        percent = f"{settled / len(those):.1%}" if len(those) >= LEAST else ""
        name = origins.LABELS.get(origin, origins.LABELS[origins.FILED])
        rows.append((name, str(len(those)), str(settled), percent))
    heads = ("来源", "发现纠纷", "化解", "化解率")
    return Table(title="纠纷化解（按来源）", heads=heads, rows=tuple(rows), chart=(1, 2))


def _bulletin(turn: Turn, span: Span) -> Table:
    """Units with supervisions that nobody answered (通报); the unit, never a person."""
    found = papers.bulletin(turn.db, span.since, span.until)
    rows = tuple((line.unit or "—", str(line.count)) for line in found)
    return Table(title="督办后没有说明的", heads=("单位", "件数"), rows=rows)


def good(turn: Turn, period: Period) -> Table:
    """A few that were judged best and kept their promise: class, grid, unit and nothing else."""
    pairs = zip(period.cases, period.book.matters, strict=True)
    rows = [
        (
            loop.category_name(turn, case.category),
            digest_parts.grid_name(turn, case.grid),
            case.unit,
            Urgency(case.urgency).label,
        )
        for case, matter in pairs
        if matter.fate is Fate.CLOSED and matter.ended_now and case.rating == _BEST
        and not matter.was_reopened
    ]  # fmt: skip
    heads = ("类别", "网格", "单位", "缓急")
    return Table(title="群众打5分的几件", heads=heads, rows=tuple(rows[:_GOOD]), is_list=True)
