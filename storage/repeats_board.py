"""Findings of what repeats (重复), a page of them with where their focus tickets stand (看板).

Newest first by keyset; within what somebody may see as far as columns tell. No person is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from storage import tickets
from storage.columns import looked_at
from storage.database import table_of
from storage.findings import Finding
from storage.repeats_tables import FindingRow
from storage.session import Db
from storage.station_tables import LinkRow
from storage.tables import TicketRow
from storage.ticket_list import OPEN, Reach, within
from storage.tickets import Ticket

_F, _T, _L = table_of(FindingRow).c, table_of(TicketRow).c, table_of(LinkRow).c


@dataclass(frozen=True, slots=True)
class Known:
    """A finding, its focus ticket, and how many tickets are attached to it."""

    id: int
    finding: Finding
    ticket: Ticket
    attached: int


def found(
    db: Db, reach: Sequence[Reach], kind: str, most: int, *, is_open: bool, before: int = 0
) -> list[Known]:
    """At most ``most`` findings of that kind, newest first; ``is_open``: those still worked on."""
    where: list[ColumnElement[bool]] = [within(reach), _F.kind == kind]
    stage = looked_at(_T.stage)  # only looked at: findings are fewer than tickets
    where.append(stage.in_(OPEN) if is_open else stage.not_in(OPEN))
    if before:
        where.append(_F.id < before)
    attached = (
        select(func.count(_L.other_id))
        .where(_L.ticket_id == _F.ticket_id, _L.kind == _F.kind)
        .scalar_subquery()
    )
    rows = db.conn.execute(
        select(table_of(FindingRow), attached.label("attached"))
        .join(TicketRow, _T.id == _F.ticket_id)
        .where(*where)
        .order_by(_F.id.desc())
        .limit(most)
    )
    return [_known(db, row) for row in rows.all()]


def _known(db: Db, row: Any) -> Known:
    finding = Finding(**{name: getattr(row, name) for name in Finding.__slots__})
    return Known(row.id, finding, tickets.get(db, row.ticket_id), int(row.attached))


def members(db: Db, ticket_id: int, kind: str, most: int) -> list[Ticket]:
    """The newest tickets that are attached to that focus ticket."""
    attached = select(_L.other_id).where(_L.ticket_id == ticket_id, _L.kind == kind)
    return tickets.newest(db, most, _T.id.in_(attached))
