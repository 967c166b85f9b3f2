"""The charts of a period (图): what came and went, how fast, how well, when, and beside what.

Everything is taken from ``handlers.figures`` and the parts of the reports, so a chart, its table
and the report of the same period show the same figures. Numbers of the station only: nobody is
named, protected matters are in none of them. Called by the page of charts.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain import bands, kpi_rows
from bot.domain.bands import Step
from bot.domain.charts import Chart, Form, Series, table_of
from bot.domain.clocks import ZONE
from bot.domain.kpis import LEAST, Figure
from bot.domain.sheets import Table
from bot.domain.spans import Length, Time
from bot.turn import Turn
from handlers import chart_trends, digest_parts, digest_week, figures, pace
from handlers.figures import Period
from storage.spans import Span

RATES = ("response", "solved", "satisfied", "answered", "sign", "contact", "on_time")


@dataclass(frozen=True, slots=True)
class Charts:
    """All charts of one period; ``lead`` is the first line of its report."""

    time: Time
    lead: str
    charts: tuple[Chart, ...]
    is_empty: bool


def of(turn: Turn, time: Time) -> Charts:
    """The charts of that time, as far as it has passed."""
    period = figures.of(turn.db, turn.rules, Span(time.since, time.until), turn.now)
    charts = (
        course(period, time),
        rates(period),
        *step_bands(turn, period.span),
        heat(period),
        *chart_trends.weeks(turn, min(time.until, turn.now)),
        chart_trends.compared(turn, period, time),
    )
    lead = digest_parts.flow(turn, period, time)
    return Charts(time, lead, charts, digest_parts.is_empty(period))


def _day(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return f"{local.month}月{local.day}日"


# -- 登记、办结、在办 ------------------------------------------------------------------------


def _edges(time: Time, until: datetime) -> tuple[list[datetime], list[str]]:
    """Where the slots of a period begin, with the end of the last; how each is called."""
    if time.length is Length.YEAR:
        begins = [one.since for one in time.months]
        names = [f"{one.since.astimezone(ZONE).month}月" for one in time.months]
    else:
        step = timedelta(days=7 if time.length is Length.QUARTER else 1)
        begins = [time.since + step * n for n in range(-((time.since - time.until) // step))]
        names = [_day(one) + ("起" if step > timedelta(days=1) else "") for one in begins]
    past = [one for one in begins if one < until]
    return [*past, until], names[: len(past)]


def course(period: Period, time: Time) -> Chart:
    """登记 and 办结 of each day, and how much was open when it ended."""
    edges, names = _edges(time, period.span.until)
    pairs = list(zip(period.cases, period.book.matters, strict=True))
    opened = sorted(case.opened_at for case, m in pairs if m.is_new and m.is_taken)
    closed = sorted(c.ended_at for c, m in pairs if c.ended_at and m.is_closed_now)
    begun = sorted(case.opened_at for case in period.cases)
    ended = sorted(case.ended_at for case in period.cases if case.ended_at)
    standing = [_before(begun, edge) - _before(ended, edge) for edge in edges[1:]]
    series = (
        Series("登记", _between(opened, edges)),
        Series("办结", _between(closed, edges)),
        Series("期末在办", tuple(standing), is_line=True),
    )
    slot = {Length.QUARTER: "每周", Length.YEAR: "每月"}.get(time.length, "每天")
    return Chart(
        key="course",
        form=Form.COURSE,
        table=table_of(f"{slot}登记、办结、在办", "哪天", names, series),
        names=tuple(names),
        series=series,
        said=f"合计登记{len(opened)}件，办结{len(closed)}件，期末在办{standing[-1]}件。",
    )


def _before(moments: list[datetime], edge: datetime) -> int:
    return bisect_left(moments, edge)


def _between(moments: list[datetime], edges: list[datetime]) -> tuple[int, ...]:
    counts = [_before(moments, edge) for edge in edges]
    return tuple(after - before for before, after in pairwise(counts))


# -- 三率和及时率 ----------------------------------------------------------------------------


def rates(period: Period) -> Chart:
    """The rates with their bases and where the true share lies; none drawn below a base of ten."""
    found = kpi_rows.figures(period.book, RATES)
    found.sort(key=lambda one: RATES.index(one.key))
    rows = tuple(
        (one.name, str(one.hits), str(one.n), one.percent, one.interval, one.formula, one.note)
        for one in found
    )
    (out,) = kpi_rows.figures(period.book, ("left_out",))
    return Chart(
        key="rates",
        form=Form.RANGES,
        table=Table(title="三率和及时率", heads=digest_parts.KPI_HEADS, rows=rows),
        names=tuple(f"{one.name} n={one.n}" for one in found),
        series=_ranges(found),
        said=f"横线是95%区间：基数越小越宽。不计入三率的{out.words}。",
        note=f"基数不到{LEAST}件的只列件数，不画。",
    )


def _ranges(found: Iterable[Figure]) -> tuple[Series, ...]:
    drawn = [one.range for one in found]
    return tuple(
        Series(name, tuple(one[place] if one else None for one in drawn))
        for place, name in enumerate(("比率", "区间下限", "区间上限"))
    )


# -- 时段 ------------------------------------------------------------------------------------


def step_bands(turn: Turn, span: Span) -> list[Chart]:
    """签收, 到场 and 反馈: how many took how long."""
    return [_band(step, by_unit.values()) for step, by_unit in pace.of(turn.db, span).items()]


def _band(step: Step, by_unit: Iterable[list[timedelta]]) -> Chart:
    every = [long for spans in by_unit for long in spans]
    counts = bands.counted(step, every)
    title = f"{pace.NAMES[step]}用时"
    rows = tuple(
        (name, str(count), f"{count / len(every):.1%}" if len(every) >= LEAST else "")
        for name, count in counts.items()
    )
    return Chart(
        key=f"band_{step}",
        form=Form.BARS,
        table=Table(title=title, heads=("用了多久", "件数", "占比"), rows=rows),
        names=tuple(counts),
        series=(Series("件数", tuple(counts.values())),),
        said=f"共{len(every)}件。" if every else "这段时间没有。",
    )


# -- 什么时候来的 ----------------------------------------------------------------------------


def heat(period: Period) -> Chart:
    """登记 by hour and weekday."""
    counts = digest_week.arrivals(period)
    days = range(len(digest_week.WEEKDAYS))
    busiest = max(counts, key=lambda at: (counts[at], -at[0]), default=None)
    said = "这段时间没有。"
    if busiest is not None:
        hour, day = busiest
        most = counts[busiest]
        said = f"最多的一格：{digest_week.WEEKDAYS[day]}{hour}–{hour + 1}点，{most}件。"
    return Chart(
        key="heat",
        form=Form.HEAT,
        table=digest_week.heat(period, 1),
        names=tuple(str(hour) for hour in range(24)),
        rows=digest_week.WEEKDAYS,
        series=tuple(
            Series(digest_week.WEEKDAYS[day], tuple(counts[hour, day] for hour in range(24)))
            for day in days
        ),
        said=said,
    )
