"""Hard matters (疑难件): which tickets two persons called so, and when the reporter last heard.

Called by ``handlers`` within their Turn.
"""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.database import insert_new, table_of
from storage.duty_tables import HardRow
from storage.ready import Ready
from storage.session import Db

_C = table_of(HardRow).c


def call_hard(db: Db, ticket_id: int, at: datetime) -> None:
    """From now on the ticket is a hard one; a second time changes nothing."""
    insert_new(db.conn, HardRow, {"ticket_id": ticket_id, "since": at})


def is_hard(db: Db, ticket_id: int) -> bool:
    """True when the ticket was called hard."""
    return _HARD.first(db.conn, {"ticket": ticket_id}) is not None


_HARD = Ready(select(_C.ticket_id).where(_C.ticket_id == bindparam("ticket")))


def told(db: Db, ticket_id: int, at: datetime) -> None:
    """Whoever reported it has heard how it stands."""
    db.conn.execute(update(HardRow).where(_C.ticket_id == ticket_id).values(told_at=at))


def told_since(db: Db, ticket_id: int, since: datetime) -> bool:
    """True when she has heard something since then."""
    where = (_C.ticket_id == ticket_id, _C.told_at >= since)
    return db.conn.execute(select(_C.ticket_id).where(*where)).first() is not None
