"""法制晨审: what yesterday may have been missed or left unfinished, for the legal officer.

Talk that looked like a report and became nothing, tickets that nobody signed in time, that ended
without an answer or without a judgement, crimes that were not recorded, 接处警率. Words stay
masked and nobody who spoke is named; what is learnt from nothing (``correcting.never_learnt``) is
not shown. Called by ``handlers.digests`` and the page of reports.
"""

from collections.abc import Callable

from bot.domain import outbound
from bot.domain.clocks import ZONE
from bot.domain.kpis import Fate, Matter, Timing
from bot.domain.reading import read
from bot.domain.sheets import Report, Table
from bot.domain.spans import Time
from bot.turn import Turn
from config.people_rules import Person
from handlers import correcting, digest_parts, figures, loop, recording
from handlers.figures import Period
from storage import samples
from storage.figures import Case
from storage.samples import Sample, Window
from storage.spans import Span

_SHOWN = ("answered", "sign", "rated", "void", "missed")
_MOST, _MOST_WORDS = 20, 60
_READ_AGAIN = 200  # the newest of the day; each takes about a millisecond of the writer
_LIKELY = 0.7


def of(turn: Turn, time: Time, _reader: Person | None) -> Report:
    """The audit of that day; tickets stand in it as in the group's edition."""
    period = figures.of(turn.db, turn.rules, Span(time.since, time.until), turn.now)
    looked_like = _unopened(turn, period.span)
    recorded = recording.figures(turn, time.since, time.until)
    return Report(
        key="audit",
        title="法制晨审",
        period=time.name,
        lead=(
            digest_parts.flow(turn, period, time),
            turn.text(
                "audit_lead", count=len(looked_like), times=recorded.crimes,
                share=recorded.recorded, over=len(recorded.missing),
            ),
        ),
        tables=(
            digest_parts.kpis("几个数", period, _SHOWN),
            _talk(turn, looked_like),
            *_unfinished(turn, period),
            digest_parts.listed(turn, "还没说录入没录入的", recorded.missing, None),
        ),
        notes=(turn.text("audit_how"), turn.text("report_scope")),
        is_empty=digest_parts.is_empty(period) and not looked_like,
    )  # fmt: skip


def _unopened(turn: Turn, span: Span) -> list[tuple[Sample, str]]:
    """Talk that opened nothing, though read again a class of matter speaks from it clearly."""
    hidden = correcting.never_learnt(turn)
    talk = samples.silent(turn.db, Window(span.since, span.until, hidden))[-_READ_AGAIN:]
    found = ((one, _seems(turn, one)) for one in talk)
    return [(one, category) for one, category in found if category and category not in hidden]


def _seems(turn: Turn, one: Sample) -> str:
    """The class that it seems to be of; empty where none is likely, or where it is protected."""
    found = read(one.masked, one.at, None, turn.rules.reading)
    likely = next(iter(found.candidates), None)
    if likely is None or likely.score < _LIKELY or found.protected:
        return ""
    return likely.code


def _talk(turn: Turn, found: list[tuple[Sample, str]]) -> Table:
    rows = tuple(
        (
            f"{one.at.astimezone(ZONE):%H:%M}",
            loop.category_name(turn, category),
            outbound.for_public_result(
                " ".join(one.masked.split()), outbound.published(turn.rules)
            )[:_MOST_WORDS],
        )
        for one, category in found[:_MOST]
    )
    heads = ("几点", "像什么事", "遮过的话")
    return Table(title="像诉求、没立单的话", heads=heads, rows=rows, is_list=True)


def _unfinished(turn: Turn, period: Period) -> list[Table]:
    pairs = list(zip(period.cases, period.book.matters, strict=True))
    return [
        digest_parts.listed(turn, title, [c.id for c, m in pairs if is_so(c, m)], None, most=_MOST)
        for title, is_so in _LACKS
    ]


def _unsigned(case: Case, matter: Matter) -> bool:
    is_late = matter.sign is Timing.LATE and case.signed_at is None
    return is_late and matter.is_open


def _unanswered(case: Case, matter: Matter) -> bool:
    return matter.ended_now and matter.fate is Fate.CLOSED and case.told_at is None


def _unrated(case: Case, matter: Matter) -> bool:
    return matter.ended_now and matter.fate is Fate.CLOSED and case.rating is None


_LACKS: tuple[tuple[str, Callable[[Case, Matter], bool]], ...] = (
    ("过了时限没签收的", _unsigned),
    ("办结了、没给过群众结果的", _unanswered),
    ("办结了、没有评价的", _unrated),
)
