"""Links of tickets (关联): two that belong together and stay two.

A link has no direction: the smaller id stands first. Called by ``handlers.linking``.
"""

from datetime import datetime

from sqlalchemy import delete, or_, select

from storage.database import insert_new, table_of
from storage.session import Db
from storage.station_tables import LinkRow

RELATED = "related"
_C = table_of(LinkRow).c


def link(db: Db, one: int, other: int, at: datetime, kind: str = RELATED) -> bool:
    """True when the two were not linked so before."""
    values = {"ticket_id": min(one, other), "other_id": max(one, other), "kind": kind}
    return insert_new(db.conn, LinkRow, {**values, "made_at": at}) is not None


def unlink(db: Db, one: int, other: int, kind: str = RELATED) -> bool:
    """True when there was such a link."""
    pair = (_C.ticket_id == min(one, other), _C.other_id == max(one, other), _C.kind == kind)
    return db.conn.execute(delete(LinkRow).where(*pair)).rowcount == 1


def of_ticket(db: Db, ticket_id: int) -> list[int]:
    """The ids of all that are linked with this one, whatever the kind, oldest link first."""
    mine = or_(_C.ticket_id == ticket_id, _C.other_id == ticket_id)
    rows = db.conn.execute(select(_C.ticket_id, _C.other_id).where(mine).order_by(_C.id))
    both = (other if one == ticket_id else one for one, other in rows)
    return list(dict.fromkeys(both))


def kinds(db: Db, ticket_id: int) -> list[str]:
    """The kinds of the links that this one has, each once."""
    mine = or_(_C.ticket_id == ticket_id, _C.other_id == ticket_id)
    rows = db.conn.execute(select(_C.kind).where(mine).order_by(_C.id)).scalars()
    return list(dict.fromkeys(rows))
