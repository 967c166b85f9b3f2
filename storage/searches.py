"""Searches for missing people in groups (寻人): which groups were told, and until when it runs.

Called by ``handlers.searching``.
"""

from datetime import datetime

from sqlalchemy import select, update

from storage.database import insert_new, table_of
from storage.everyday_tables import SearchRow
from storage.session import Db

_C = table_of(SearchRow).c


def begin(db: Db, ticket_id: int, chat: str, at: datetime) -> None:
    """That group is told."""
    values = {"ticket_id": ticket_id, "chat": chat, "begins_at": at}
    insert_new(db.conn, SearchRow, values)


def running(db: Db, ticket_id: int) -> list[str]:
    """The groups that were told and have not heard how it ended."""
    mine = (_C.ticket_id == ticket_id, _C.ended_at.is_(None))
    return [row.chat for row in db.conn.execute(select(_C.chat).where(*mine).order_by(_C.id))]


def end(db: Db, ticket_id: int, at: datetime) -> None:
    """It is over."""
    mine = (_C.ticket_id == ticket_id, _C.ended_at.is_(None))
    db.conn.execute(update(SearchRow).where(*mine).values(ended_at=at))
