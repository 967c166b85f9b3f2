"""What was said lately, masked (近来说的话): for trying rules, with nothing of who spoke.

Rows of ``heard``, kept for days only; ``protected`` says that it belongs to such a ticket.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.database import table_of
from storage.people_tables import HeardRow
from storage.session import Db
from storage.tables import TicketRow

_H, _T = table_of(HeardRow), table_of(TicketRow)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One masked message; ``line`` names the conversation, ``door`` where it was heard."""

    text: str
    at: datetime
    line: str
    door: str
    category: str
    protected: bool


def newest(db: Db, since: datetime, most: int) -> list[Spoken]:
    """At most so many since then, newest first; what has no words is left out."""
    joined = _H.outerjoin(_T, _T.c.id == _H.c.ticket_id)
    c = _H.c
    rows = db.conn.execute(
        select(c.event_key, c.at, c.line, c.category, c.masked_sealed, _T.c.protected)
        .select_from(joined)
        .where(c.at >= since, c.masked_sealed != "")
        .order_by(c.id.desc())
        .limit(most)
    )
    return [
        Spoken(
            text=db.seal.open(row.masked_sealed, f"heard:{row.event_key}"),
            at=row.at,
            line=row.line,
            door=row.event_key.partition(":")[0],
            category=row.category,
            protected=bool(row.protected),
        )
        for row in rows
    ]
