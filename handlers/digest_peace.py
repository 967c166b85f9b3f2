"""枫桥材料: what was mediated in a year, what was agreed and kept, what came back; facts, no names.

Written from what was done, for whoever writes the station's report. Classes and grids stand in it,
never a side, a place or who mediated. Called by ``handlers.digests`` and the page of reports.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from bot.domain.kpis import LEAST
from bot.domain.mediation import Result
from bot.domain.sheets import Report, Table
from bot.domain.spans import Time
from bot.turn import Turn
from config.people_rules import Person
from handlers import digest_month, digest_parts, digest_week, figures, loop
from handlers.figures import Period
from storage import report_counts
from storage.mediations import ENDED, RUNNING
from storage.report_counts import Mediated
from storage.spans import Span

_SHOWN = ("disputes", "criminal", "repeats", "lasting", "hazards", "once")
_KEPT, _BROKEN = "kept", "broken"
_MOST_STORIES = 8


def of(turn: Turn, time: Time, _reader: Person | None) -> Report:
    """The facts of that year; the same for everybody who may read them."""
    period = figures.of(turn.db, turn.rules, Span(time.since, time.until), turn.now)
    found = report_counts.mediated(turn.db, period.span)
    return Report(
        key="peace",
        title="枫桥材料",
        period=time.name,
        lead=(*digest_week.lead(turn, period, time), _lead(turn, period, found)),
        tables=(
            digest_parts.kpis("纠纷和反复", period, _SHOWN),
            _results(_ended(period, found)),
            _promises(turn, _ended(period, found)),
            _forces(turn, found),
            digest_month.by_origin(period.book.matters),
            _stories(turn, _ended(period, found)),
        ),
        notes=(turn.text("peace_how"), turn.text("report_scope")),
        is_empty=digest_parts.is_empty(period) and not found,
    )


def _ended(period: Period, found: Sequence[Mediated]) -> list[Mediated]:
    span = period.span
    return [m for m in found if m.ended_at and span.since <= m.ended_at < span.until]


def _lead(turn: Turn, period: Period, found: Sequence[Mediated]) -> str:
    ended = _ended(period, found)
    agreed = [one for one in ended if _is_agreed(one)]
    return turn.text(
        "peace_lead",
        count=sum(one.started_at >= period.span.since for one in found),
        times=len(ended),
        share=_words(len(agreed), len(ended)),
        result=_words(sum(_is_kept(one) for one in agreed), len(agreed)),
    )


def _words(hits: int, n: int) -> str:
    """``2/3``, with the per cent from ten on; 0 of nothing is 0."""
    return f"{hits}/{n}" + (f"（{hits / n:.1%}）" if n >= LEAST else "") if n else "0"


def _is_agreed(one: Mediated) -> bool:
    return bool(one.result) and Result(one.result).is_agreed


def _is_kept(one: Mediated) -> bool:
    return one.kept_a == one.kept_b == _KEPT


def _results(ended: Iterable[Mediated]) -> Table:
    counts = Counter(Result(one.result) for one in ended if one.result)
    rows = tuple((result.label, str(counts[result])) for result in Result if counts[result])
    return Table(title="调解结果", heads=("结果", "起数"), rows=rows, chart=(1,))


def _promises(turn: Turn, ended: Iterable[Mediated]) -> Table:
    """What became of what was agreed; a side that has not said anything yet is no broken one."""
    agreed = [one for one in ended if _is_agreed(one)]
    kinds: tuple[tuple[str, Callable[[Mediated], bool]], ...] = (
        ("双方都说做到了", _is_kept),
        ("有一方说没做到", lambda one: _BROKEN in (one.kept_a, one.kept_b)),
        ("写了文书的", lambda one: one.papers > 0),
        ("定了期限的", lambda one: one.promised_at is not None),
        ("期限还没到的", lambda one: one.promised_at is not None and one.promised_at > turn.now),
    )
    rows = tuple((name, str(sum(map(is_so, agreed)))) for name, is_so in kinds)
    return Table(
        title=f"谈成的{len(agreed)}起", heads=("情况", "起数"), rows=rows if agreed else ()
    )


def _forces(turn: Turn, found: Sequence[Mediated]) -> Table:
    """Which force had how many; in the order of mediation.yaml."""
    known = turn.rules.mediation
    names = {force.id: force.name for force in known.forces} if known else {}
    order = [*names, *sorted({one.force for one in found} - names.keys())]
    rows = []
    for force in order:
        states = Counter(one.state for one in found if one.force == force)
        if states:
            counts = (states.total(), states[RUNNING], states[ENDED])
            rows.append((names.get(force, force), *map(str, counts)))
    return Table(title="按力量", heads=("力量", "共", "调解中", "已结束"), rows=tuple(rows))


def _stories(turn: Turn, ended: Iterable[Mediated]) -> Table:
    """A few that were kept: class, grid, how many days, and nothing that leads to anybody."""
    rows = [
        (
            loop.category_name(turn, one.category),
            digest_parts.grid_name(turn, one.grid),
            f"{(one.ended_at - one.started_at).days + 1}天谈成",
            "有文书" if one.papers else "口头约定",
        )
        for one in ended
        if one.ended_at and _is_agreed(one) and _is_kept(one)
    ]
    heads = ("类别", "网格", "用了多久", "怎么约定")
    return Table(
        title="约定做到了的几起", heads=heads, rows=tuple(rows[:_MOST_STORIES]), is_list=True
    )
