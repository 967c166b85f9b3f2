"""Pauses of tickets (停表): intervals that are begun, ended and read, never changed or deleted.

Called by ``handlers`` within their Turn.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select, update

from config.time_rules import Pause
from storage.database import insert_new, table_of
from storage.session import Db
from storage.station_tables import PauseRow

_C = table_of(PauseRow).c


class Why(StrEnum):
    """What the clock waits for."""

    REPORTER = "reporter"  # 等反映人回话
    THIRD_PARTY = "third_party"  # 等第三方
    EXTENSION = "extension"  # 批准的延期


def begin(
    db: Db, key: str, ticket_id: int, why: Why, at: datetime, until: datetime | None = None
) -> None:
    """The clock stands still from ``at``; a key that is there already changes nothing."""
    values = {"key": key, "ticket_id": ticket_id, "kind": why, "begins_at": at, "ends_at": until}
    insert_new(db.conn, PauseRow, values)


def end(db: Db, ticket_id: int, at: datetime) -> None:
    """Whatever still stands still goes on at ``at``."""
    running = _C.ends_at.is_(None)
    statement = update(PauseRow).where(_C.ticket_id == ticket_id, running).values(ends_at=at)
    db.conn.execute(statement)


def count(db: Db, ticket_id: int, why: Why) -> int:
    """How often the clock of that ticket stood still for this reason."""
    found = select(func.count()).where(_C.ticket_id == ticket_id, _C.kind == why)
    return int(db.conn.execute(found).scalar_one())


def of_ticket(db: Db, ticket_id: int) -> list[Pause]:
    """Every pause of the ticket, oldest first."""
    rows = db.conn.execute(
        select(_C.begins_at, _C.ends_at).where(_C.ticket_id == ticket_id).order_by(_C.id)
    )
    return [Pause(row.begins_at, row.ends_at) for row in rows]
