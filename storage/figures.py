"""What the figures of a period are counted from (报表底数): plain columns and first moments.

One read for every report: whoever shows a figure gets it from here through ``handlers.figures``.
No sealed column is opened and nobody who reported is looked up; protected matters, complaints
about staff, drug tips, what the station found by itself (重点) and drafts count in no figure. What
was read is remembered in the connection's ledger, if it has one.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from config.vocabulary import Act, Stage
from storage import figure_ids, first_steps
from storage.archiving import ended_as
from storage.database import table_of
from storage.first_steps import First
from storage.ledger import Ledger
from storage.people_tables import RatingRow
from storage.rates import why
from storage.repeats import FOCUS
from storage.repeats_tables import EffectRow, FindingRow
from storage.session import Db
from storage.spans import Span
from storage.station_tables import FactRow, LinkRow
from storage.tables import JournalRow, TicketRow
from storage.ticket_facts import Fact
from storage.tickets import ENDED

_T = table_of(TicketRow).c
_L, _F, _E = table_of(LinkRow).c, table_of(FindingRow).c, table_of(EffectRow).c
_J, _R, _K = table_of(JournalRow).c, table_of(RatingRow).c, table_of(FactRow).c
_AT_ONCE = 500
KEPT = ("P23", "P08")  # complaints about staff and drug tips: for the inspector, for narcotics
GIVEN = (Act.ASSIGN, Act.DIVERT, Act.HAND_OUT)
SIGNED = (Act.ACCEPT, Act.VERIFY)
CONTACT = (Act.VERIFY, Act.ASK, Act.TELL, Act.FEEDBACK)
BACK = (Act.REOPEN, Act.REWORK)
_TOUCH = (
    Act.ACCEPT, Act.VERIFY, Act.HANDLE, Act.RESOLVE, Act.ASK, Act.TRANSFER, Act.DIVERT,
    Act.HAND_OUT, Act.SEND_BACK, Act.REJECT, Act.MERGE, Act.CONFIRM, Act.FALSE_ALARM, Act.JUDGE,
    Act.APPROVE, Act.DECLINE, Act.CLOSE,
)  # fmt: skip
_STEPS = (
    First(GIVEN), First(SIGNED), First(CONTACT), First((Act.FEEDBACK,), last=True),
    First(BACK, last=True), First(_TOUCH, by_person=True), First((Act.DIVERT, Act.HAND_OUT)),
    First((Act.EXTEND,)),
)  # fmt: skip
_CLOSED = (Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED)
_OVER = (*_CLOSED, Stage.MERGED, Stage.REJECTED)
_NEVER = (None,) * len(_STEPS)


class Case(NamedTuple):
    """One ticket as counting needs it; moments are None where it never came so far.

    ``counts``: False for what is in no figure; ``why``: for which reason 三率 leave it out.
    """

    id: int
    version: int
    number: str
    serial: str
    category: str
    urgency: str
    danger: str
    origin: str
    grid: str
    unit: str
    stage: str
    opened_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    finish_at: datetime | None
    reopen_count: int
    return_count: int
    closing_code: str
    rating: int | None
    counts: bool
    why: str
    asked: bool
    verified: bool
    given_at: datetime | None = None
    signed_at: datetime | None = None
    contacted_at: datetime | None = None
    told_at: datetime | None = None
    back_at: datetime | None = None
    touched_at: datetime | None = None
    diverted_at: datetime | None = None
    extended_at: datetime | None = None


def read(db: Db, span: Span) -> list[Case]:
    """All that ``span`` may touch, oldest first; ``in_figures`` and ``ended`` say what counts."""
    return _ledger(db).of(db, figure_ids.of(db, span), _read)


def of(db: Db, ids: Iterable[int]) -> list[Case]:
    """These tickets, oldest first."""
    versions = figure_ids.open_versions(db)
    return _ledger(db).of(db, {one: versions.get(one, 0) for one in sorted(ids)}, _read)


def notes(db: Db, name: Hashable) -> dict[Any, Any]:
    """What was worked out of tickets before, as ``Ledger.notes``; empty without a ledger."""
    return _ledger(db).notes(name)


def _ledger(db: Db) -> Ledger[Case]:
    return Ledger() if db.ledger is None else db.ledger


def in_figures(one: Case, span: Span) -> bool:
    """True for what was opened, open, ended or due in ``span`` and is no secret of anybody."""
    since, until = span.since, span.until
    if not one.counts or one.opened_at >= until:
        return False
    if one.opened_at >= since or one.ended_at is None or one.ended_at >= since:
        return True
    return one.finish_at is not None and since <= one.finish_at < until


def ended(one: Case, span: Span) -> bool:
    """True for what came to an end then; what was never a report (作废) is in no base."""
    over = one.stage in _OVER and one.origin != FOCUS
    return over and one.ended_at is not None and span.since <= one.ended_at < span.until


def is_taken(one: Case) -> bool:
    """True for what 登记 counts in every report, as ``figure_sums.taken``."""
    return one.counts and one.stage not in (Stage.REJECTED, Stage.VOID)


def is_closed(one: Case) -> bool:
    """True for what 办结 counts, as ``figure_sums.flow``."""
    return one.counts and one.stage in _CLOSED


def _read(db: Db, ids: Sequence[int]) -> list[Case]:
    found = []
    for begin in range(0, len(ids), _AT_ONCE):
        rows = db.conn.execute(_page(ids[begin : begin + _AT_ONCE])).all()
        steps = first_steps.of(db, [row.id for row in rows], _STEPS)
        found += [Case(*row, *steps.get(row.id, _NEVER)) for row in rows]
    return found


def _page(ids: Sequence[int]) -> Any:
    ended_at = case((_T.stage.in_(ENDED), func.coalesce(_T.closed_at, _T.stage_at)), else_=None)
    asked = exists().where(_R.ticket_id == _T.id)
    verified = exists().where(_K.ticket_id == _T.id, _K.kind == Fact.RECHECK)
    looked = exists().where(
        _J.ticket_id == _T.id, _J.act == Act.REVIEW, _J.to_stage == Stage.ARCHIVED
    )
    columns = (
        *(_T.id, _T.version, _T.number, _T.serial, _T.category, _T.urgency, _T.danger),
        *(_T.origin, _T.grid, _T.unit),
        *(ended_as().label("stage"), _T.opened_at, ended_at.label("ended_at"), _T.due_at),
        *(_T.finish_at, _T.reopen_count, _T.return_count, _T.closing_code, _T.rating),
        *(_counts().label("counts"), why().label("why"), asked.label("asked")),
        or_(verified, looked).label("verified"),
    )
    return select(*columns).where(_T.id.in_(ids)).order_by(_T.id)


def repeated(db: Db, first: int, last: int) -> set[int]:
    """Ids from ``first`` to ``last`` of what belongs to a finding, or came again once closed.

    Never remembered: findings about persons are deleted and leave nothing in a journal.
    """
    linked, checked = _L.other_id.between(first, last), _E.ticket_id.between(first, last)
    of_finding = select(_L.other_id).join(FindingRow, _L.ticket_id == _F.ticket_id).where(linked)
    did_not_hold = select(_E.ticket_id).where(checked, _E.repeats > 0)
    return set(db.conn.execute(of_finding.union(did_not_hold)).scalars())


def _counts() -> ColumnElement[bool]:
    return and_(
        _T.protected.is_(False),
        _T.category.not_in(KEPT),
        _T.origin != FOCUS,
        _T.stage != Stage.DRAFT,
    )
