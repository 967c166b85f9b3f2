"""季度报 and 年报: a quarter or a year as a series of months, with its figures and their bases.

For the meeting of police and grid and for who leads. Units are named, persons are not; nobody is
ranked by a share. Called by ``handlers.digests`` and the page of reports.
"""

from bot.domain.clocks import ZONE
from bot.domain.sheets import Report, Table
from bot.domain.spans import Length, Time
from bot.turn import Turn
from config.people_rules import Person
from handlers import digest_month, digest_parts, digest_week, figures, rates
from handlers.figures import Period
from handlers.joint_figures import Share
from storage import figures as stored
from storage.spans import Span

_TITLES = {Length.QUARTER: "季度报", Length.YEAR: "年报"}
_TOP = 12


def of(turn: Turn, time: Time, reader: Person | None) -> Report:
    """The report of that quarter or year."""
    period = figures.of(turn.db, turn.rules, Span(time.since, time.until), turn.now)
    parts, matters = digest_parts, period.book.matters
    return Report(
        key=time.length,
        title=_TITLES[time.length],
        period=time.name,
        lead=(
            *digest_week.lead(turn, period, time),
            *parts.protected_line(turn, period, reader),
        ),
        tables=(
            series(turn, period, time),
            parts.kpis("指标", period, named=parts.is_named(reader)),
            parts.groups("按类别", "类别", parts.by_class(turn, matters), _TOP),
            parts.groups("按网格", "网格", parts.by_grid(turn, matters)),
            digest_month.units(matters),
            digest_month.by_origin(matters),
            digest_month.good(turn, period),
            digest_week.heat(period),
        ),
        notes=(turn.text("report_scope"),),
        is_empty=parts.is_empty(period),
    )


def series(turn: Turn, period: Period, time: Time) -> Table:
    """Each month that has begun: 登记, 办结 and 三率 with their bases, as its own report counts."""
    rows = [_row(turn, period, month) for month in time.months if month.since <= turn.now]
    heads = ("月份", "登记", "办结", "响应", "解决", "满意")
    return Table(title="逐月", heads=heads, rows=tuple(rows), chart=(1, 2))


def _row(turn: Turn, period: Period, month: Time) -> tuple[str, ...]:
    name = f"{month.since.astimezone(ZONE).month}月"
    if not digest_parts.was_there(turn, month):
        return (name, "没有数", "", "", "", "")
    span = Span(month.since, month.until)
    opened, closed = figures.flow(period, span)
    ended = [one for one in period.ended if stored.ended(one, span)]
    three = rates.of(turn.rules, rates.parted(ended)[0], figures.limits(turn.db, turn.rules))
    return (name, str(opened), str(closed), *(_words(one) for one in three))


def _words(one: Share) -> str:
    return one.words if one.n else ""
