"""周研判: the trend of the week by class, grid and hour, what repeats, what goes slowly, hints.

For leaders and the analyst on Monday morning. Called by ``handlers.digests`` and the page of
reports.
"""

from collections import Counter
from collections.abc import Callable

from bot.domain import bands, divert_figures, kpis
from bot.domain.clocks import ZONE
from bot.domain.kpis import Matter
from bot.domain.sheets import Report, Table
from bot.domain.spans import Time
from bot.turn import Turn
from config.people_rules import Person
from handlers import (
    digest_parts,
    divert_orders,
    figures,
    judged_figures,
    loop,
    pace,
    publicity_reach,
)
from handlers.figures import Period
from handlers.pace import Spans
from storage import diversions, figure_ids, tickets
from storage.figures import Case
from storage.spans import Span

_HOURS, _PLACES, _LEAST_AT_PLACE = 3, 5, 2
WEEKDAYS = tuple(f"周{day}" for day in "一二三四五六日")
_SHOWN = ("answered", "sign", "sign_median", "contact", "done", "overdue", "back", "repeats",
          "non_police", "divert_right", "disputes", "response", "solved", "satisfied", "rated",
          "missed")  # fmt: skip


def of(turn: Turn, time: Time, reader: Person | None) -> Report:
    """The report of that week."""
    period = figures.of(turn.db, turn.rules, Span(time.since, time.until), turn.now)
    spans = pace.of(turn.db, period.span)
    return Report(
        key="week",
        title="周研判",
        period=time.name,
        lead=(*lead(turn, period, time), *digest_parts.protected_line(turn, period, reader)),
        tables=_tables(turn, period, spans, reader),
        notes=(
            *_slowest(turn, spans),
            *publicity_reach.words(turn, period.span),
            *judged_figures.words(turn, period.span),
            turn.text("report_scope"),
        ),
        is_empty=digest_parts.is_empty(period),
    )


def lead(turn: Turn, period: Period, time: Time) -> tuple[str, ...]:
    """What came and went, beside the period before and the one a year ago."""
    running = (turn.text("span_running"),) if time.until > turn.now else ()
    year = time.year_before
    flow = digest_parts.flow(turn, period, time)
    if year == time.before or not digest_parts.was_there(turn, year):
        return (flow, *running)
    opened, closed = digest_parts.changes(turn, period, year)
    return (flow, turn.text("span_year", share=opened, result=closed), *running)


def _tables(turn: Turn, period: Period, spans: Spans, reader: Person | None) -> tuple[Table, ...]:
    parts, matters, span = digest_parts, period.book.matters, period.span
    late = [one for one in kpis.grouped(matters, lambda m: m.unit or "—") if one.overdue]
    return (
        parts.kpis("几个数", period, _SHOWN),
        parts.groups("按类别", "类别", parts.by_class(turn, matters), 12),
        parts.groups("按网格", "网格", parts.by_grid(turn, matters)),
        heat(period),
        parts.findings(turn, "三类重复（这段时间发现的）", span, reader),
        _places(turn, period),
        _bands(spans),
        parts.groups("有超期的单位", "单位", late),
        _hints(turn, span),
    )


def _new(period: Period, counts: Callable[[Matter], bool]) -> list[Case]:
    pairs = zip(period.cases, period.book.matters, strict=True)
    return [case for case, matter in pairs if matter.is_new and counts(matter)]


def arrivals(period: Period) -> Counter[tuple[int, int]]:
    """How many came, by hour of the day and weekday (Monday is 0)."""
    came = (one.opened_at.astimezone(ZONE) for one in _new(period, lambda m: m.is_taken))
    return Counter((local.hour, local.weekday()) for local in came)


def heat(period: Period, hours: int = _HOURS) -> Table:
    """When they came: so many hours by weekday, with the sum of each line."""
    counts = arrivals(period)
    rows = []
    for begin in range(0, 24, hours):
        slot = range(begin, begin + hours)
        by_day = [sum(counts[hour, day] for hour in slot) for day in range(7)]
        name = f"{begin}–{begin + hours}点"
        rows.append((name, str(sum(by_day)), *(str(n) if n else "" for n in by_day)))
    heads = ("时段", "合计", *WEEKDAYS)
    return Table(title="什么时候来的", heads=heads, rows=tuple(rows), chart=(1,), in_chat=0)


def _places(turn: Turn, period: Period) -> Table:
    """The five places with most, each down to its building or gate."""
    known = figure_ids.places(turn.db, period.span)
    at = [one.id for one in _new(period, lambda matter: matter.is_real) if one.id in known]
    counts = Counter(known[one] for one in at)
    newest = {known[one]: one for one in at}
    rows = tuple(
        (loop.place_words(turn, tickets.get(turn.db, newest[key]), full=False), str(count))
        for key, count in counts.most_common(_PLACES)
        if count >= _LEAST_AT_PLACE
    )
    return Table(title="来得多的地点（到楼栋）", heads=("地点", "件数"), rows=rows)


def _bands(spans: Spans) -> Table:
    rows = []
    for step, by_unit in spans.items():
        every = [long for spans in by_unit.values() for long in spans]
        said = "，".join(f"{k} {n}件" for k, n in bands.counted(step, every).items() if n)
        if every:
            rows.append((pace.NAMES[step], str(len(every)), said))
    told = tuple(f"{name}{count}件：{answer}" for name, count, answer in rows)
    heads = ("哪一步", "件数", "分段")
    return Table(title="办理用时", heads=heads, rows=tuple(rows), said=told)


def _slowest(turn: Turn, spans: Spans) -> list[str]:
    """Which unit came last, where there is enough to compare."""
    last = {step: bands.slowest(found) for step, found in spans.items()}
    return [
        turn.text("span_slowest", what=pace.NAMES[step], unit=unit)
        for step, unit in last.items()
        if unit
    ]


def _hints(turn: Turn, span: Span) -> Table:
    """What the rows of the diversion list give to think about."""
    fates = divert_orders.fates(turn.rules, diversions.fates(turn.db, span.since))
    rows = [
        (one.row or "人工分流", one.department, str(one.diverted), str(one.returned), hint)
        for one in divert_figures.counted(fates)
        if (hint := divert_figures.hint_of(one))
    ]
    heads = ("清单哪一行", "部门", "分流", "退回", "建议")
    return Table(title="分流清单的建议", heads=heads, rows=tuple(rows))
