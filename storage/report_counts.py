"""What single reports count besides tickets (部门函、枫桥材料、研判登记簿): plain columns only.

Nothing sealed is opened, no side of a quarrel is read; protected matters and what no report counts
(``figures.KEPT``) are left out. Called by ``handlers.digest_letter``, ``digest_peace`` and
``digest_findings``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from config.vocabulary import Stage
from storage.archiving import ended_as
from storage.database import table_of
from storage.divert_tables import DiversionRow
from storage.figures import KEPT
from storage.mediation_tables import MediationPaperRow, MediationRow
from storage.repeats_tables import EffectRow
from storage.session import Db
from storage.spans import Span
from storage.station_tables import LinkRow
from storage.tables import TicketRow

_T, _D = table_of(TicketRow).c, table_of(DiversionRow).c
_M, _P = table_of(MediationRow).c, table_of(MediationPaperRow).c
_E, _L = table_of(EffectRow).c, table_of(LinkRow).c


def _counts() -> ColumnElement[bool]:
    was = ended_as().not_in((Stage.DRAFT, Stage.REJECTED, Stage.VOID))
    return and_(_T.protected.is_(False), _T.category.not_in(KEPT), was)


@dataclass(frozen=True, slots=True)
class Carried:
    """One hand-over to a department; ``ended_how`` is empty while it is there."""

    ticket_id: int
    at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    ended_how: str


def carried(db: Db, department: str, span: Span) -> list[Carried]:
    """What the department was given, gave back or still had in ``span``, oldest first."""
    there = or_(_D.at >= span.since, _D.ended_at.is_(None), _D.ended_at >= span.since)
    rows = db.conn.execute(
        select(_D.ticket_id, _D.at, _D.due_at, _D.ended_at, _D.ended_how)
        .join(TicketRow, _T.id == _D.ticket_id)
        .where(_D.department == department, _D.at < span.until, there, _counts())
        .order_by(_D.id)
    )
    return [Carried(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Mediated:
    """One mediation; ``kept`` and ``broken`` count its sides that said so."""

    ticket_id: int
    category: str
    grid: str
    force: str
    state: str
    result: str
    started_at: datetime
    ended_at: datetime | None
    promised_at: datetime | None
    kept_a: str
    kept_b: str
    papers: int


def mediated(db: Db, span: Span) -> list[Mediated]:
    """The mediations that began in ``span`` or ended in it, oldest first."""
    papers = (
        select(func.count(_P.id)).where(_P.mediation_id == _M.id).correlate(MediationRow)
    ).scalar_subquery()
    own = {"category": _T.category, "grid": _T.grid, "papers": papers}
    columns: list[Any] = [own.get(name, _M.get(name)) for name in Mediated.__slots__]
    begun = and_(_M.started_at >= span.since, _M.started_at < span.until)
    ended = and_(_M.ended_at >= span.since, _M.ended_at < span.until)
    rows = db.conn.execute(
        select(*columns)
        .join(TicketRow, _T.id == _M.ticket_id)
        .where(_counts(), or_(begun, ended))
        .order_by(_M.id)
    )
    return [Mediated(*row) for row in rows]


def attached(db: Db, ids: Collection[int]) -> dict[int, int]:
    """By focus ticket, how many tickets hang on it."""
    found = (
        select(_L.ticket_id, func.count(_L.other_id))
        .where(_L.ticket_id.in_(list(ids)))
        .group_by(_L.ticket_id)
    )
    return {row[0]: int(row[1]) for row in db.conn.execute(found)}


def afterwards(db: Db, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """By ticket, what the longest check of effect saw: after how many days, how often again."""
    found = (
        select(_E.ticket_id, func.max(_E.days), func.max(_E.repeats))
        .where(_E.ticket_id.in_(list(ids)))
        .group_by(_E.ticket_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in db.conn.execute(found)}
