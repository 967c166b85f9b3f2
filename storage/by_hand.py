"""Words that a named human has to say in private, because no program may (代说).

Written by ``storage.people.add_draft``; asked here by ``handlers.desk``, so that who has them
already is not told twice.
"""

from sqlalchemy import select

from storage.database import table_of
from storage.people_tables import DraftRow
from storage.session import Db

_C = table_of(DraftRow).c


def waits(db: Db, ticket_id: int, user: str, text: str) -> bool:
    """True while that human has these very words of this ticket to say already."""
    mine = (_C.ticket_id == ticket_id, _C.user == user, _C.done_at.is_(None))
    rows = db.conn.execute(select(_C.key, _C.text_sealed).where(*mine)).all()
    return any(db.seal.open(row.text_sealed, f"draft:{row.key}") == text for row in rows)
