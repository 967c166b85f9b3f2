"""One read side for all figures (同一套数): tickets judged by the rules, once, for every report.

The chat, the page and the files ask here and nowhere else, so the same figure is the same in all
of them. What counts towards 三率 is said by ``storage.rates``; protected matters are in no figure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain import clocks
from bot.domain.kpis import Book, Fate, Matter, Share, Timing
from bot.lines import line_of
from config.rules import Rules
from config.time_rules import Allowance
from config.vocabulary import ClosingCode, Stage, Urgency
from handlers import rates
from storage import figure_sums, figures, joint_counts, worklog
from storage.figure_sums import Sums
from storage.figures import Case
from storage.session import Db
from storage.spans import Span

EFFECT_DAYS = 30
_TICK = timedelta(microseconds=1)  # what happens now belongs to the period that runs
_FATES: Mapping[str, Fate] = {
    Stage.CLOSED: Fate.CLOSED,
    Stage.REVIEW: Fate.CLOSED,
    Stage.ARCHIVED: Fate.CLOSED,
    Stage.REJECTED: Fate.REJECTED,
    Stage.VOID: Fate.VOID,
    Stage.MERGED: Fate.MERGED,
    Stage.DIVERTED: Fate.OUTSIDE,
}
_SETTLED = (ClosingCode.SOLVED, ClosingCode.MEDIATED)


@dataclass(frozen=True, slots=True)
class Period:
    """A period that was read: its tickets, and the book that every figure is taken from.

    ``ended``: what 三率 are asked of; not the same as what of ``cases`` ended.
    """

    span: Span
    cases: Sequence[Case]
    ended: Sequence[Case]
    book: Book
    sums: Sums


def of(db: Db, rules: Rules, span: Span, now: datetime) -> Period:
    """Everything that is counted from ``span``; what has not happened by ``now`` is not."""
    seen = Span(span.since, min(span.until, now + _TICK))
    found = figures.read(db, seen)
    cases = [one for one in found if figures.in_figures(one, seen)]
    ended = [one for one in found if figures.ended(one, seen)]
    sums = figure_sums.of(db, seen)
    others = frozenset(c.code for c in rules.reading.categories if c.handled_by != "police")
    known = limits(db, rules)
    judge = _Judge(rules, seen, now, others, _repeated(db, cases, seen), known)
    is_past = span.until <= now  # what a running period has is judged by the moment
    matters = _judged(judge, cases, figures.notes(db, (rules.version, span)) if is_past else {})
    return Period(seen, cases, ended, _book(db, rules, seen, matters, ended, sums, known), sums)


def limits(db: Db, rules: Rules) -> rates.Limits:
    """When what began must be done, as far as it was worked out by these rules."""
    return figures.notes(db, rules.version)


def _repeated(db: Db, cases: Sequence[Case], span: Span) -> set[int]:
    """Which of the newcomers are repeats; of others no figure asks."""
    new = [one.id for one in cases if one.opened_at >= span.since]
    return figures.repeated(db, min(new), max(new)) if new else set()


def flow(period: Period, span: Span) -> tuple[int, int]:
    """登记 and 办结 of a part of the period, as the part's own report counts them."""
    since, until = span.since, span.until
    opened = sum(figures.is_taken(c) and since <= c.opened_at < until for c in period.cases)
    ended = (c for c in period.cases if c.ended_at is not None and since <= c.ended_at < until)
    return opened, sum(figures.is_closed(one) for one in ended)


def _book(
    db: Db,
    rules: Rules,
    span: Span,
    matters: list[Matter],
    ended: list[Case],
    sums: Sums,
    limits: rates.Limits,
) -> Book:
    counted, out = rates.parted(ended)
    response, solved, satisfied = rates.of(rules, counted, limits)
    every = len(ended)
    seen, held = joint_counts.lasting(db, span, _grids(rules), EFFECT_DAYS)
    found, fixed = joint_counts.hazards(db, span)
    return Book(
        matters=matters,
        response=Share(response.hits, response.n),
        solved=Share(solved.hits, solved.n),
        satisfied=Share(satisfied.hits, satisfied.n),
        rated=Share(satisfied.n, sum(one.asked for one in counted)),
        left_out=Share(every - len(counted), every),
        reasons="、".join(f"{why.label}{count}件" for why, count in out.items()),
        diverted=sums.diverted,
        divert_returned=sums.divert_returned,
        judged=Share(sums.missed, sums.silent_judged),
        lasting=Share(held, seen),
        hazards=Share(fixed, found),
        burden=_burden(db, rules, span, sum(one.is_new and one.was_given for one in matters)),
    )


def _burden(db: Db, rules: Rules, span: Span, tasks: int) -> str:
    """Messages to one member of staff a day and tickets a week, over all of the roster."""
    staff = [person.id for person in rules.people if person.role.is_staff]
    lines = tuple(line_of(f"{door}:{user}") for door in ("bot", "app") for user in staff)
    days = max((span.until - span.since) / timedelta(days=1), 1.0) * len(staff)
    messages = worklog.messages_to(db, lines, span.since, span.until)
    return f"{messages / days:.1f}条，{tasks * 7 / days:.1f}件；按{len(staff)}人平均"


def _grids(rules: Rules) -> list[str]:
    return [grid.id for grid in rules.grids.grids] + [""]


@dataclass(frozen=True, slots=True)
class _Judge:
    """What every ticket of a period is judged by; ``others``: what is no matter of the police."""

    rules: Rules
    span: Span
    now: datetime
    others: frozenset[str]
    repeated: Collection[int]
    limits: rates.Limits
    _allowances: dict[tuple[Stage, str, str], Allowance | None] = field(default_factory=dict)

    def allowance(self, stage: Stage, one: Case) -> Allowance | None:
        """What the step may take; the same for all tickets of that kind."""
        key = (stage, one.urgency, one.category)
        if key not in self._allowances:
            found = self.rules.times.allowance(stage, Urgency(one.urgency), one.category)
            self._allowances[key] = found
        return self._allowances[key]

    def limit(self, stage: Stage, one: Case, begun: datetime, allowance: Allowance) -> datetime:
        """When what began then must be done; remembered, for a calendar is walked day by day."""
        key = (stage, one.urgency, one.category, begun)
        if key not in self.limits:
            self.limits[key] = clocks.due_at(begun, allowance, self.rules.times.work)
        return self.limits[key]


def _judged(judge: _Judge, cases: Sequence[Case], notes: dict[Any, Any]) -> list[Matter]:
    """Each ticket as the rules judge it; what has ended is judged once for a period."""
    found = []
    for one in cases:
        known, matter = notes.get(one.id, (None, None))
        if known is not one or matter is None or matter.is_repeat != (one.id in judge.repeated):
            matter = _matter(judge, one)
            if one.ended_at is not None:
                notes[one.id] = (one, matter)
        found.append(matter)
    return found


def _matter(judge: _Judge, one: Case) -> Matter:
    """The ticket as the rules judge it at the end of the period."""
    rules, span, now = judge.rules, judge.span, judge.now
    end = min(span.until, now)
    fate = _fate(one, span)
    is_dispute = one.category in rules.closing.disputes
    late = one.due_at is not None and one.due_at < now and one.ended_at is None
    return Matter(
        category=one.category,
        grid=one.grid,
        unit=one.unit,
        origin=one.origin,
        fate=fate,
        is_new=one.opened_at >= span.since,
        ended_now=one.ended_at is not None and span.since <= one.ended_at < span.until,
        came_back=one.back_at is not None and span.since <= one.back_at < span.until,
        was_reopened=one.reopen_count > 0,
        is_touched=one.touched_at is not None,
        is_non_police=one.category in judge.others,
        is_dispute=is_dispute,
        is_criminal=is_dispute and one.closing_code == ClosingCode.FILED,
        is_settled=fate is Fate.CLOSED and one.closing_code in _SETTLED,
        is_repeat=one.id in judge.repeated,
        was_given=one.given_at is not None,
        was_diverted=one.diverted_at is not None,
        was_returned=one.return_count > 0,
        was_extended=one.extended_at is not None,
        sign=_kept(judge, one, Stage.ASSIGNED, (one.given_at, one.signed_at), end),
        sign_span=_span(one.given_at, one.signed_at),
        contact=_kept(judge, one, Stage.ACCEPTED, (one.signed_at, one.contacted_at), end),
        due=_due(one, fate, span, end),
        overdue_by=now - one.due_at if late and one.due_at else None,
    )


def _fate(one: Case, span: Span) -> Fate:
    """What ended only after the period was still open in it."""
    if one.ended_at is not None and one.ended_at >= span.until:
        return Fate.OPEN
    return _FATES.get(one.stage, Fate.OPEN)


def _span(begun: datetime | None, ended: datetime | None) -> timedelta | None:
    return max(ended - begun, timedelta(0)) if begun and ended else None


def _kept(
    judge: _Judge,
    one: Case,
    stage: Stage,
    between: tuple[datetime | None, datetime | None],
    end: datetime,
) -> Timing:
    """How the limit of ``stage`` was kept; a first response does not wait for anybody's pause."""
    begun, ended = between
    allowance = judge.allowance(stage, one)
    if begun is None or allowance is None:
        return Timing.NONE
    if ended is not None and ended <= begun + allowance.span:
        return Timing.IN_TIME  # no calendar makes a limit shorter
    limit = judge.limit(stage, one, begun, allowance)
    if ended is not None:
        return Timing.IN_TIME if ended <= limit else Timing.LATE
    return Timing.LATE if limit < end else Timing.RUNNING


def _due(one: Case, fate: Fate, span: Span, end: datetime) -> Timing:
    """Of what was promised for a day of the period; a department's own limit is not ours."""
    ours = fate in (Fate.OPEN, Fate.CLOSED)
    if one.finish_at is None or not ours or not span.since <= one.finish_at < end:
        return Timing.NONE
    told = one.told_at if not (one.back_at and one.told_at and one.back_at > one.told_at) else None
    done = told or one.ended_at
    return Timing.IN_TIME if done is not None and done <= one.finish_at else Timing.LATE
