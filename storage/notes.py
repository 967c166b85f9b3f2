"""When somebody was last told what her words are used for (用途告知).

Called by ``handlers.purpose``; one mark for each account, so every door tells it once.
"""

from datetime import datetime

from sqlalchemy import or_, update

from storage.database import table_of
from storage.people_tables import PersonRow
from storage.session import Db

_C = table_of(PersonRow).c


def due(db: Db, person_key: str, now: datetime, since: datetime) -> bool:
    """True when she has to be told: never was, or not since then; marked as told at ``now``."""
    late = or_(_C.noted_at.is_(None), _C.noted_at < since)
    where = (_C.person_key == person_key, late)
    return db.conn.execute(update(PersonRow).where(*where).values(noted_at=now)).rowcount == 1
