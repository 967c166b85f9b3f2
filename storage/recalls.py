"""Messages that were taken back (撤回): by their event key, for ever.

``handlers.recalling`` writes them; pages ask which steps of a journal still show such words.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from storage import journal
from storage.archive_tables import RecallRow
from storage.database import insert_new, table_of
from storage.people_tables import HeardRow
from storage.session import Db
from storage.tables import JournalRow

_T = table_of(RecallRow).c
_HEARD = table_of(HeardRow).c


def note(db: Db, event_key: str, at: datetime) -> bool:
    """That message was taken back; False when it is known."""
    return insert_new(db.conn, RecallRow, {"event_key": event_key, "at": at}) is not None


def hush(db: Db, event_key: str) -> None:
    """Its masked words are no context any more either."""
    sealed = db.seal.close("", f"heard:{event_key}")
    db.conn.execute(
        update(HeardRow).where(_HEARD.event_key == event_key).values(masked_sealed=sealed)
    )


def is_recalled(db: Db, event_key: str) -> bool:
    """True when that message was taken back."""
    return bool(among(db, [event_key]))


def among(db: Db, event_keys: Collection[str]) -> set[str]:
    """Those of ``event_keys`` whose message was taken back."""
    rows = db.conn.execute(select(_T.event_key).where(_T.event_key.in_(list(event_keys))))
    return {row.event_key for row in rows}


def tickets_of(db: Db, event_key: str) -> set[int]:
    """Every ticket whose journal this event wrote in."""
    c = table_of(JournalRow).c
    wrote = c.key.in_(journal.keys_of(event_key))
    return {row.ticket_id for row in db.conn.execute(select(c.ticket_id).where(wrote).distinct())}
