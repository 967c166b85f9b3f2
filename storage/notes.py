"""When somebody was last told what her words are used for (用途告知).

Called by ``handlers.purpose``; one mark for each account, so every door tells it once.
"""

from datetime import datetime

from sqlalchemy import bindparam, or_, update

from storage.database import table_of
from storage.people_tables import PersonRow
from storage.ready import Ready
from storage.session import Db

_C = table_of(PersonRow).c


def due(db: Db, person_key: str, now: datetime, since: datetime) -> bool:
    """True when she has to be told: never was, or not since then; marked as told at ``now``."""
    return _DUE.run(db.conn, {"person": person_key, "since": since, "noted_at": now}) == 1


_LATE = or_(_C.noted_at.is_(None), _C.noted_at < bindparam("since"))
_DUE = Ready(update(PersonRow).where(_C.person_key == bindparam("person"), _LATE), ("noted_at",))
