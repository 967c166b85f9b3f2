"""Legal holds (保全): tickets of which nothing may go, whatever a rule says.

Put on and taken off by two persons (``handlers.preserving``); ``held`` is what every deletion
leaves out.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from storage.database import insert_new, table_of
from storage.retention_tables import LegalHoldRow
from storage.session import Db

_C = table_of(LegalHoldRow).c


def held() -> Any:
    """A select of the ids of all held tickets, for ``column.not_in(held())``."""
    return select(_C.ticket_id).where(_C.ends_at.is_(None))


def is_held(db: Db, ticket_id: int) -> bool:
    """True while nothing of that ticket may go."""
    where = (_C.ticket_id == ticket_id, _C.ends_at.is_(None))
    return bool(db.conn.execute(select(func.count(_C.id)).where(*where)).scalar_one())


def begin(db: Db, ticket_id: int, asked_by: str, agreed_by: str, at: datetime) -> bool:
    """False when it was held already."""
    if is_held(db, ticket_id):
        return False
    values = {
        "ticket_id": ticket_id,
        "begins_at": at,
        "asked_by": asked_by,
        "agreed_by": agreed_by,
    }
    insert_new(db.conn, LegalHoldRow, values)
    return True


def end(db: Db, ticket_id: int, asked_by: str, agreed_by: str, at: datetime) -> bool:
    """False when it was not held."""
    where = (_C.ticket_id == ticket_id, _C.ends_at.is_(None))
    values = {"ends_at": at, "end_asked_by": asked_by, "end_agreed_by": agreed_by}
    return db.conn.execute(update(LegalHoldRow).where(*where).values(**values)).rowcount > 0
