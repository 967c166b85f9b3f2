"""What was said to each group outside tickets, and what still waits to be said (群里的话).

Called by ``bot.speech`` alone; the words themselves are in the outbox.
"""

import json
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from storage.database import insert_new, table_of
from storage.retention_tables import GroupWordsRow
from storage.session import Db
from storage.tables import OutgoingRow

_C = table_of(GroupWordsRow).c
_OUT = table_of(OutgoingRow).c
_SEEN = timedelta(days=2)


def moments(db: Db, line: str, now: datetime) -> list[datetime]:
    """When words went or will go to that group, those of the last two days; older are forgotten."""
    db.conn.execute(delete(GroupWordsRow).where(_C.line == line, _C.due_at < now - _SEEN))
    rows = db.conn.execute(select(_C.due_at).where(_C.line == line).order_by(_C.due_at))
    return list(rows.scalars())


def note(db: Db, key: str, line: str, due_at: datetime) -> None:
    """That outgoing row says something there at ``due_at``."""
    insert_new(db.conn, GroupWordsRow, {"key": key, "line": line, "due_at": due_at})


def waiting(db: Db, line: str, now: datetime) -> tuple[str, str] | None:
    """Key and text of the message that waits for that group; None when none does."""
    found = (
        select(_OUT.key, _OUT.body_sealed)
        .join(table_of(GroupWordsRow), _C.key == _OUT.key)
        .where(_C.line == line, _OUT.state == "pending", _OUT.due_at > now)
        .order_by(_OUT.due_at.desc())
    )
    row = db.conn.execute(found).first()
    if row is None:
        return None
    body = json.loads(db.seal.open(row.body_sealed, f"outgoing:{row.key}"))
    return row.key, str(json.loads(body["message"])["text"])


def reword(db: Db, key: str, text: str) -> None:
    """The waiting message says ``text`` instead."""
    about = f"outgoing:{key}"
    sealed = db.conn.execute(select(_OUT.body_sealed).where(_OUT.key == key)).scalar_one()
    body = json.loads(db.seal.open(sealed, about))
    message = {**json.loads(body["message"]), "text": text}
    body["message"] = json.dumps(message, ensure_ascii=False)
    closed = db.seal.close(json.dumps(body, ensure_ascii=False), about)
    db.conn.execute(update(OutgoingRow).where(_OUT.key == key).values(body_sealed=closed))
