"""Sums beside the tickets of a period (报表的合计): diversions, misses, what is compared.

Each is one statement; nothing sealed is opened, no person is counted. Read by
``handlers.figures`` alone, so that a figure is the same wherever it is shown.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from config.vocabulary import Stage
from storage import figure_ids
from storage.archiving import ended_as
from storage.database import table_of
from storage.diversions import End, Round
from storage.divert_tables import DiversionRow
from storage.figures import KEPT
from storage.joint_counts import CLOSED
from storage.people_tables import SampleRow
from storage.repeats import FOCUS
from storage.samples import SILENT
from storage.session import Db
from storage.spans import Span
from storage.tables import TicketRow

_T = table_of(TicketRow).c
_D, _S = table_of(DiversionRow).c, table_of(SampleRow).c


@dataclass(frozen=True, slots=True)
class Sums:
    """What a period has besides its tickets."""

    diverted: int
    divert_returned: int
    silent_judged: int
    missed: int
    protected: int


def of(db: Db, span: Span) -> Sums:
    """The sums of ``span``; ``missed``: talk that was left alone and judged wrong in the sample."""
    diverted, returned = _diversions(db, span)
    judged, missed = _samples(db, span)
    return Sums(diverted, returned, judged, missed, _protected(db, span))


def _within(column: Any, span: Span) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= span.since, column < span.until


def _diversions(db: Db, span: Span) -> tuple[int, int]:
    returned = func.count(_D.id).filter(_D.ended_how == End.RETURNED)
    by_list = _D.round.in_((Round.INTAKE, Round.CONTACT))
    found = (
        select(func.count(_D.id), returned)
        .join(TicketRow, _T.id == _D.ticket_id)
        .where(by_list, *_within(_D.at, span), _T.protected.is_(False))
    )
    return _pair(db, found)


def _samples(db: Db, span: Span) -> tuple[int, int]:
    wrong = func.count(_S.id).filter(_S.is_right.is_(False))
    found = select(func.count(_S.id), wrong).where(
        _S.kind == SILENT, _S.judged_at.is_not(None), *_within(_S.at, span)
    )
    return _pair(db, found)


def _protected(db: Db, span: Span) -> int:
    found = select(func.count(_T.id)).where(
        or_(_T.protected.is_(True), _T.category.in_(KEPT)),
        *(_T.origin != FOCUS, _T.stage != Stage.DRAFT),
        figure_ids.opened_in(span),
    )
    return int(db.conn.execute(found).scalar_one())


def _pair(db: Db, found: Any) -> tuple[int, int]:
    row = db.conn.execute(found).one()
    return int(row[0]), int(row[1])


@dataclass(frozen=True, slots=True)
class Flow:
    """How many came in and how many were closed in a time: what is compared with another time."""

    opened: int
    closed: int


def flow(db: Db, span: Span) -> Flow:
    """Of all matters that count."""
    opened = select(func.count(_T.id)).where(*taken(), figure_ids.opened_in(span))
    ended = ended_as().in_(CLOSED)
    closed = select(func.count(_T.id)).where(*_real(), ended, figure_ids.closed_in(span))
    return Flow(
        int(db.conn.execute(opened).scalar_one()), int(db.conn.execute(closed).scalar_one())
    )


def _real() -> tuple[ColumnElement[bool], ...]:
    return _T.protected.is_(False), _T.category.not_in(KEPT), _T.origin != FOCUS


def taken() -> tuple[ColumnElement[bool], ...]:
    """The conditions of what 登记 counts, in every report."""
    return *_real(), ended_as().not_in((Stage.DRAFT, Stage.REJECTED, Stage.VOID))


def first_day(db: Db) -> datetime | None:
    """When the first ticket was opened."""
    return db.conn.execute(select(_T.opened_at).order_by(_T.opened_at).limit(1)).scalar()
