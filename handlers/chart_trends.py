"""Charts that look back (趋势、环比、同比): weeks beside the weeks before, a period beside others.

The same rule judges a week here that finds 一类多发 (repeats.yaml); there it looks at one grid and
the last seven days, here at the whole station and whole weeks. Called by ``chart_figures``.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain import repeats
from bot.domain.charts import Chart, Form, Series, table_of
from bot.domain.clocks import ZONE
from bot.domain.kpis import LEAST, change
from bot.domain.repeats import Level
from bot.domain.sheets import Table
from bot.domain.spans import Time
from bot.turn import Turn
from config.repeats_rules import KindRule
from handlers import digest_parts, loop
from handlers.figures import Period
from storage import figure_sums, figure_weeks
from storage.figure_weeks import WEEK
from storage.spans import Span

_MOST_CLASSES = 12
_ABOVE = {Level.YELLOW: "比平时多", Level.RED: "比平时多很多", None: ""}


@dataclass(frozen=True, slots=True)
class _Weeks:
    """The counts of each class in whole weeks: the ``known`` ones before, and the last one."""

    begins: tuple[datetime, ...]
    counts: dict[str, tuple[int, ...]]
    known: int
    rule: KindRule

    @property
    def is_enough(self) -> bool:
        """False where too few weeks are known to call anything usual."""
        return self.known >= self.rule.least_weeks

    @property
    def total(self) -> tuple[int, ...]:
        """All classes together, week by week."""
        return tuple(map(sum, zip(*self.counts.values(), strict=True))) or (0,) * (self.known + 1)

    def above(self, counts: tuple[int, ...]) -> Level | None:
        """How far the last of ``counts`` lies over those before."""
        return repeats.above_usual(self.rule, counts[-1], sum(counts[:-1]), self.known)

    def mean(self, counts: tuple[int, ...]) -> float | None:
        """What was usual; None where nothing can be called so."""
        return sum(counts[:-1]) / self.known if self.is_enough else None


def weeks(turn: Turn, until: datetime) -> list[Chart]:
    """The last whole week before ``until`` beside up to fifteen before it; whole, and by class."""
    found = _read(turn, until)
    return [_course(found), _classes(turn, found)]


def _read(turn: Turn, until: datetime) -> _Weeks:
    rule = turn.rules.repeats.kind
    end = _monday(until)
    began = figure_sums.first_day(turn.db)
    past = (end - WEEK - began) // WEEK if began else 0
    known = max(0, min(rule.baseline_weeks, past))
    first = end - WEEK * (known + 1)
    begins = tuple(first + WEEK * number for number in range(known + 1))
    return _Weeks(begins, figure_weeks.by_class(turn.db, first, known + 1), known, rule)


def _monday(at: datetime) -> datetime:
    local = at.astimezone(ZONE)
    day = local.date() - timedelta(days=local.weekday())
    return datetime.combine(day, time.min, ZONE)


def _name(begin: datetime) -> str:
    last = begin + timedelta(days=6)
    return f"{begin.month}/{begin.day}–{last.month}/{last.day}"


def _course(found: _Weeks) -> Chart:
    total, names = found.total, [_name(begin) for begin in found.begins]
    mean = found.mean(total)
    usual = tuple(None if mean is None else round(mean, 1) for _ in total)
    series = (Series("每周登记", total), Series("之前平均", usual, is_line=True))
    return Chart(
        key="weeks",
        form=Form.COURSE,
        table=table_of("近几周和平时", "哪一周", names, series if found.is_enough else series[:1]),
        names=tuple(names),
        series=series,
        said=_beside(found, total),
        note="只算过完的周；网格里一类多发的发现按最近7天另算，在“反复”页。",
    )


def _beside(found: _Weeks, counts: tuple[int, ...]) -> str:
    last = f"{_name(found.begins[-1])}登记{counts[-1]}件"
    mean = found.mean(counts)
    if mean is None:
        return f"{last}；本系统记数不满{found.rule.least_weeks}周，先不比。"
    said = _ABOVE[found.above(counts)] or "和平时差不多或更少"
    before = sum(counts[:-1])
    return f"{last}，之前{found.known}周平均每周{mean:.1f}件（共{before}件）：{said}。"


def _classes(turn: Turn, found: _Weeks) -> Chart:
    by_size = sorted(found.counts.items(), key=lambda pair: (-pair[1][-1], -sum(pair[1]), pair[0]))
    shown = [pair for pair in by_size if any(pair[1])][:_MOST_CLASSES]
    names = tuple(loop.category_name(turn, category) for category, _ in shown)
    rows = tuple(_row(found, name, *pair) for name, pair in zip(names, shown, strict=True))
    means = [found.mean(counts) for _, counts in shown]
    return Chart(
        key="classes",
        form=Form.BARS,
        table=Table(
            title="各类别这一周和平时",
            heads=("类别", "这一周", "之前平均", "之前共", "是平时的几倍", "看法"),
            rows=rows,
        ),
        names=names,
        series=(
            Series("这一周", tuple(counts[-1] for _, counts in shown)),
            Series("之前平均", tuple(None if m is None else round(m, 1) for m in means)),
        ),
        note=f"之前一共不到{LEAST}件的不算倍数；偶然会有的多不算多。",
    )


def _row(found: _Weeks, name: str, category: str, counts: tuple[int, ...]) -> tuple[str, ...]:
    before, mean = sum(counts[:-1]), found.mean(counts)
    times = f"{counts[-1] / mean:.1f}倍" if mean and before >= LEAST else ""
    judged = _ABOVE[found.above(counts)] if found.rule.counts(category) else ""
    return (
        name,
        str(counts[-1]),
        "" if mean is None else f"{mean:.1f}",
        str(before),
        times,
        judged,
    )


def compared(turn: Turn, period: Period, of: Time) -> Chart:
    """登记 and 办结 beside the period before (环比) and the same one a year ago (同比)."""
    now = digest_parts.in_and_out(period)
    named = {digest_parts.BEFORE[of.length]: of.before, "去年同期": of.year_before}
    if of.before == of.year_before:
        del named["去年同期"]
    heads, others = tuple(named), tuple(_flow(turn, one) for one in named.values())
    rows = tuple(
        (name, str(now[place]), *(change(now[place], o[place]) if o else "没有数" for o in others))
        for place, name in enumerate(("登记", "办结"))
    )
    series = [Series("这段时间", now)]
    series += [Series(head, one) for head, one in zip(heads, others, strict=True) if one]
    is_over = of.until <= turn.now
    said = (f"{kind}：{head}" for kind, head in zip(("环比", "同比"), heads, strict=False))
    return Chart(
        key="compared",
        form=Form.BARS,
        table=Table(title="环比和同比", heads=("项目", "这段时间", *said), rows=rows),
        names=("登记", "办结"),
        series=tuple(series),
        said="" if is_over else turn.text("span_running"),
        note=f"比的那一段不到{LEAST}件，只写件数，不写百分比。",
    )


def _flow(turn: Turn, of: Time) -> tuple[int, int] | None:
    """登记 and 办结 of that time; None where this system did not count yet."""
    if not digest_parts.was_there(turn, of):
        return None
    found = figure_sums.flow(turn.db, Span(of.since, of.until))
    return found.opened, found.closed
