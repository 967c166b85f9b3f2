"""Counts for the reports of what is done together; sums only, nobody's name, nothing sealed.

Protected matters, focus tickets and what came to nothing are not counted, except where a count
must not look better than it is (fraud). Called by ``handlers.joint_reports``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from config.vocabulary import ClosingCode, Stage
from storage import rates
from storage.columns import looked_at
from storage.database import table_of
from storage.field_tables import FormRow, HazardRow
from storage.joint_tables import TagRow, TallyRow
from storage.repeats import FOCUS
from storage.repeats_tables import EffectRow
from storage.session import Db
from storage.spans import Span
from storage.tables import TicketRow

_T = table_of(TicketRow).c
_TAG = table_of(TagRow).c
_TALLY = table_of(TallyRow).c
_H = table_of(HazardRow).c
_E = table_of(EffectRow).c
_F = table_of(FormRow).c
CLOSED = (Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED)
_NOTHING = (Stage.VOID, Stage.REJECTED, Stage.MERGED, Stage.DRAFT)


@dataclass(frozen=True, slots=True)
class Sum:
    """Matters of one category, grid and origin under one changed tag: opened, closed of them."""

    category: str
    grid: str
    origin: str
    tag: str
    opened: int
    closed: int


def judged(db: Db, span: Span) -> list[Sum]:
    """The same without what the three rates leave out: for a judgement of outcome."""
    return _sums(db, span, [rates.measured()])


def sums(db: Db, span: Span, people: Collection[str] = ()) -> list[Sum]:
    """What was registered in ``span``; with ``people`` only what one of them passed on or has."""
    mine = [or_(_T.owner.in_(people), _T.carrier.in_(people))] if people else []
    return _sums(db, span, mine)


def _sums(db: Db, span: Span, more: list[ColumnElement[bool]]) -> list[Sum]:
    where: list[ColumnElement[bool]] = [
        _T.protected.is_(False),
        _T.origin != FOCUS,
        _T.stage.not_in(_NOTHING),
        _T.opened_at >= span.since,
        _T.opened_at < span.until,
        *more,
    ]
    by = (_T.category, _T.grid, _T.origin, func.coalesce(_TAG.tag, ""))
    closed = func.count(_T.id).filter(_T.stage.in_(CLOSED))
    found = (
        select(*by, func.count(_T.id), closed)
        .select_from(table_of(TicketRow).outerjoin(table_of(TagRow), _TAG.ticket_id == _T.id))
        .where(*where)
        .group_by(*by)
        .order_by(*by)
    )
    return [Sum(*row) for row in db.conn.execute(found)]


def tallies(db: Db, kind: str, span: Span) -> dict[str, tuple[int, int]]:
    """By grid: how often, and how often it was grave."""
    grave = func.count(_TALLY.id).filter(_TALLY.grave.is_(True))
    rows = db.conn.execute(
        select(_TALLY.grid, func.count(_TALLY.id), grave)
        .where(_TALLY.kind == kind, _TALLY.at >= span.since, _TALLY.at < span.until)
        .group_by(_TALLY.grid)
    )
    return {grid: (int(n), int(bad)) for grid, n, bad in rows}


@dataclass(frozen=True, slots=True)
class Since:
    """Of some grids: the first matter known, and the last one of the categories."""

    first: datetime | None
    last: datetime | None


def since_last(db: Db, grids: Collection[str], categories: Collection[str]) -> Since:
    """When a matter of ``categories`` was last told in ``grids``; protected ones count as well."""
    where = (_T.grid.in_(grids), _T.origin != FOCUS, _T.stage.not_in(_NOTHING))
    hit = and_(_T.category.in_(categories), _T.closing_code != ClosingCode.UNFOUNDED)
    last = func.max(_T.opened_at).filter(hit)
    row = db.conn.execute(select(func.min(_T.opened_at), last).where(*where)).one()
    return Since(row[0], row[1])


def hazards(db: Db, span: Span, grids: Collection[str] = ()) -> tuple[int, int]:
    """Hazards found by checklists in ``span``, and how many of them are put right."""
    where: list[Any] = [_H.found_at >= span.since, _H.found_at < span.until]
    if grids:
        where.append(_H.grid.in_(grids))
    fixed = func.count(_H.id).filter(_H.fixed_at.is_not(None))
    found, done = db.conn.execute(select(func.count(_H.id), fixed).where(*where)).one()
    return int(found), int(done)


def lasting(db: Db, span: Span, grids: Collection[str], days: int) -> tuple[int, int]:
    """Of the checks so many days after a closing: how many there were, and how many it held."""
    where = (_T.grid.in_(grids), _E.days == days, _E.checked_at >= span.since)
    held = func.count(_E.id).filter(_E.repeats == 0)
    seen, kept = db.conn.execute(
        select(func.count(_E.id), held)
        .select_from(table_of(EffectRow).join(table_of(TicketRow), _T.id == _E.ticket_id))
        .where(*where, _E.checked_at < span.until)
    ).one()
    return int(seen), int(kept)


def households(db: Db, forms: Collection[str], span: Span) -> int:
    """How many visits to households were ended in ``span``."""
    where = (_F.form.in_(forms), _F.ended_at >= span.since, _F.ended_at < span.until)
    return int(db.conn.execute(select(func.count(_F.id)).where(*where)).scalar_one())


def registered(db: Db, grids: Collection[str], since: datetime) -> int:
    """How many matters came from ``grids`` since then, protected ones included."""
    where = (_T.grid.in_(grids), _T.origin != FOCUS, _T.stage.not_in(_NOTHING))
    found = select(func.count(_T.id)).where(*where, _T.opened_at >= since)
    return int(db.conn.execute(found).scalar_one())


def unplaced(db: Db, categories: Collection[str]) -> int:
    """How many matters of ``categories`` belong to no grid."""
    where = (_T.grid == "", looked_at(_T.category).in_(categories), _T.stage.not_in(_NOTHING))
    found = select(func.count(_T.id)).where(*where, _T.closing_code != ClosingCode.UNFOUNDED)
    return int(db.conn.execute(found).scalar_one())
