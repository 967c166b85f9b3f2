"""Wide events (大面积事件): which ticket is the parent, which groups have heard their line.

Called by ``handlers.wide`` within its Turn.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.columns import looked_at
from storage.database import insert_new, table_of
from storage.divert_tables import WideLineRow, WideRow
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import OPEN

_C = table_of(WideRow).c
_T = table_of(TicketRow).c


@dataclass(frozen=True, slots=True)
class Wide:
    """A running wide event."""

    kind: str
    ticket_id: int
    grids: tuple[str, ...]
    began_at: datetime


def begin(db: Db, key: str, wide: Wide, by: str) -> bool:
    """True when that ticket is a parent from now on; False when it was one already."""
    values = {
        "key": key,
        "kind": wide.kind,
        "ticket_id": wide.ticket_id,
        "grids": " ".join(wide.grids),
        "began_at": wide.began_at,
        "by": by,
    }
    return insert_new(db.conn, WideRow, values) is not None


def running(db: Db, kind: str, since: datetime) -> Wide | None:
    """The newest of that kind that began since then and whose parent is open, or None."""
    found = (
        select(_C.kind, _C.ticket_id, _C.grids, _C.began_at)
        .join(TicketRow, _T.id == _C.ticket_id)
        .where(_C.kind == kind, _C.began_at >= since, _T.stage.in_(OPEN))
        .order_by(_C.id.desc())
        .limit(1)
    )
    row = db.conn.execute(found).first()
    if row is None:
        return None
    return Wide(row.kind, row.ticket_id, tuple(row.grids.split()), row.began_at)


def is_parent(db: Db, ticket_id: int) -> bool:
    """True when the ticket is the parent of a wide event."""
    found = select(_C.id).where(_C.ticket_id == ticket_id)
    return db.conn.execute(found).first() is not None


def first_line(db: Db, ticket_id: int, chat: str, at: datetime) -> bool:
    """True once for each group: it has heard its line from now on."""
    values = {"ticket_id": ticket_id, "chat": chat, "said_at": at}
    return insert_new(db.conn, WideLineRow, values) is not None


def alike(db: Db, categories: tuple[str, ...], since: datetime) -> list[int]:
    """Open tickets of these categories, opened since then, that are no danger; oldest first."""
    found = (
        select(_T.id)
        .where(
            looked_at(_T.category).in_(categories),
            looked_at(_T.opened_at) >= since,
            _T.stage.in_(OPEN),
        )
        .where(_T.danger == "none", _T.protected.is_(False))
        .order_by(_T.id)
    )
    return [row.id for row in db.conn.execute(found)]
