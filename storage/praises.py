"""Kind words (表扬、锦旗): for whom, about which ticket, when; never who said them.

``ticket_id`` is 0 where they speak of none. Called by ``handlers.praising`` and nightly.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from storage import holds
from storage.database import insert_new, table_of
from storage.everyday_tables import PraiseRow
from storage.session import Db

_TABLE = table_of(PraiseRow)
_C = _TABLE.c


@dataclass(frozen=True, slots=True)
class Praise:
    """Words for ``user``."""

    user: str
    ticket_id: int
    at: datetime
    words: str


def add(db: Db, key: str, praise: Praise) -> None:
    """Keep it; a key that is there already changes nothing."""
    values = {
        "key": key,
        "ticket_id": praise.ticket_id,
        "user": praise.user,
        "at": praise.at,
        "words_sealed": db.seal.close(praise.words, f"praise:{key}"),
    }
    insert_new(db.conn, PraiseRow, values)


def since(db: Db, begin: datetime) -> list[Praise]:
    """Everything since then, oldest first."""
    rows = db.conn.execute(select(_TABLE).where(_C.at >= begin).order_by(_C.id))
    return [
        Praise(r.user, r.ticket_id, r.at, db.seal.open(r.words_sealed, f"praise:{r.key}"))
        for r in rows
    ]


def forget(db: Db, before: datetime) -> int:
    """How many older ones went; none of a ticket under legal hold."""
    free = _C.ticket_id.not_in(holds.held())
    return int(db.conn.execute(delete(_TABLE).where(_C.at < before, free)).rowcount)
