"""Findings (发现): what was found to come again, on a focus ticket with its members.

Written and asked by ``handlers.focus``, ``handlers.recurrences`` and the reports.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from config.vocabulary import Stage
from storage.database import insert_new, table_of
from storage.ready import Ready
from storage.repeats_tables import FindingRow
from storage.session import Db
from storage.station_tables import LinkRow
from storage.tables import TicketRow
from storage.tickets import ENDED

_T = table_of(TicketRow).c
_F = table_of(FindingRow).c
_L = table_of(LinkRow).c


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, on its focus ticket."""

    ticket_id: int
    kind: str
    level: str
    subject: str
    grid: str
    category: str
    found_at: datetime


def add(db: Db, finding: Finding) -> None:
    """Write it; its ticket has been opened."""
    insert_new(db.conn, FindingRow, {name: getattr(finding, name) for name in Finding.__slots__})


def found_since(db: Db, begin: datetime) -> list[Finding]:
    """What was found since then, oldest first."""
    rows = db.conn.execute(select(table_of(FindingRow)).where(_F.found_at >= begin))
    return sorted((_finding(row) for row in rows), key=lambda one: one.ticket_id)


def raise_level(db: Db, ticket_id: int, level: str) -> None:
    """It is more than it was."""
    db.conn.execute(update(FindingRow).where(_F.ticket_id == ticket_id).values(level=level))


def newest_of(db: Db, kind: str, subject: str) -> tuple[Finding, Stage, datetime | None] | None:
    """The newest finding of that subject, where its ticket stands, and when it was closed."""
    row = _NEWEST.first(db.conn, {"kind": kind, "subject": subject})
    return (_finding(row), Stage(row.stage), row.closed_at) if row else None


_NEWEST = Ready(
    select(FindingRow, _T.stage, _T.closed_at)
    .join(TicketRow, _T.id == _F.ticket_id)
    .where(_F.kind == bindparam("kind"), _F.subject == bindparam("subject"))
    .order_by(_F.id.desc())
    .limit(1)
)


def of_ticket(db: Db, ticket_id: int) -> Finding | None:
    """The finding whose focus ticket this is, or None."""
    row = _OF_TICKET.first(db.conn, {"ticket": ticket_id})
    return _finding(row) if row else None


_OF_TICKET = Ready(select(FindingRow).where(_F.ticket_id == bindparam("ticket")))


def _finding(row: Any) -> Finding:
    return Finding(**{name: getattr(row, name) for name in Finding.__slots__})


def link(db: Db, ticket_id: int, members: Iterable[int], kind: str, at: datetime) -> list[int]:
    """Attach tickets; returns those that were not attached before."""
    fresh = []
    for other in members:
        values = {"ticket_id": ticket_id, "other_id": other, "kind": kind, "made_at": at}
        if insert_new(db.conn, LinkRow, values) is not None:
            fresh.append(other)
    return fresh


def members(db: Db, ticket_id: int, kind: str) -> list[int]:
    """The tickets that are attached, oldest first."""
    found = select(_L.other_id).where(_L.ticket_id == ticket_id, _L.kind == kind)
    return list(db.conn.execute(found.order_by(_L.other_id)).scalars())


def drop_findings(db: Db, kind: str, closed_before: datetime) -> int:
    """Findings of that kind whose ticket ended before then are gone, with their links.

    A ticket that was void or rejected was never closed; it ended when it came there.
    """
    ended_at = func.coalesce(_T.closed_at, _T.stage_at)
    old = select(_T.id).where(_T.stage.in_(ENDED), ended_at < closed_before)
    ids = list(
        db.conn.execute(
            select(_F.ticket_id).where(_F.kind == kind, _F.ticket_id.in_(old))
        ).scalars()
    )
    if ids:
        db.conn.execute(delete(LinkRow).where(_L.ticket_id.in_(ids), _L.kind == kind))
        db.conn.execute(delete(FindingRow).where(_F.ticket_id.in_(ids)))
    return len(ids)
