"""Searches for missing people in groups (寻人): which groups were told, and until when it runs.

Called by ``handlers.searching``.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, update

from storage.database import insert_new, table_of
from storage.everyday_tables import SearchRow
from storage.session import Db

_C = table_of(SearchRow).c


@dataclass(frozen=True, slots=True)
class Running:
    """One search: its ticket, since when, in how many groups."""

    ticket_id: int
    since: datetime
    groups: int


def begin(db: Db, ticket_id: int, chat: str, at: datetime) -> None:
    """That group is told."""
    values = {"ticket_id": ticket_id, "chat": chat, "begins_at": at}
    insert_new(db.conn, SearchRow, values)


def running(db: Db, ticket_id: int) -> list[str]:
    """The groups that were told and have not heard how it ended."""
    mine = (_C.ticket_id == ticket_id, _C.ended_at.is_(None))
    return [row.chat for row in db.conn.execute(select(_C.chat).where(*mine).order_by(_C.id))]


def last(db: Db, ticket_id: int) -> tuple[list[str], datetime]:
    """The groups of the newest search for that ticket, over or not, and when it began."""
    began = db.conn.execute(
        select(func.max(_C.begins_at)).where(_C.ticket_id == ticket_id)
    ).scalar()
    if began is None:
        return [], datetime.min.replace(tzinfo=UTC)
    mine = (_C.ticket_id == ticket_id, _C.begins_at == began)
    rows = db.conn.execute(select(_C.chat).where(*mine).order_by(_C.id))
    return [row.chat for row in rows], began


def end(db: Db, ticket_id: int, at: datetime) -> None:
    """It is over."""
    mine = (_C.ticket_id == ticket_id, _C.ended_at.is_(None))
    db.conn.execute(update(SearchRow).where(*mine).values(ended_at=at))


def all_running(db: Db) -> list[Running]:
    """Every search that runs, the newest first."""
    since, groups = func.min(_C.begins_at).label("since"), func.count().label("groups")
    rows = db.conn.execute(
        select(_C.ticket_id, since, groups)
        .where(_C.ended_at.is_(None))
        .group_by(_C.ticket_id)
        .order_by(since.desc())
    )
    return [Running(row.ticket_id, row.since, row.groups) for row in rows]
