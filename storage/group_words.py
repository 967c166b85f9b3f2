"""What was said to each group outside tickets, and what still waits to be said (群里的话).

The words themselves are in the outbox, or in a draft that a human says (代发): the row has its key.
A draft counts on the day on which it was said; one that waits counts today, one that nobody said
never did. Called by ``bot.speech`` and ``handlers.drafts``.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from storage import drafts
from storage.database import insert_new, table_of
from storage.draft_tables import GroupDraftRow
from storage.retention_tables import GroupWordsRow
from storage.session import Db
from storage.tables import OutgoingRow

_C = table_of(GroupWordsRow).c
_D = table_of(GroupDraftRow).c
_OUT = table_of(OutgoingRow).c
_SEEN = timedelta(days=9)  # longer than a draft lives


def moments(db: Db, line: str, now: datetime) -> list[datetime]:
    """When words went or will go to that group; those older than some days are forgotten."""
    db.conn.execute(delete(GroupWordsRow).where(_C.line == line, _C.due_at < now - _SEEN))
    with_draft = table_of(GroupWordsRow).outerjoin(table_of(GroupDraftRow), _D.key == _C.key)
    columns = (_C.due_at, _D.state, _D.ended_at)
    rows = db.conn.execute(select(*columns).select_from(with_draft).where(_C.line == line))
    return sorted(at for row in rows if (at := _counted_at(row, now)) is not None)


def _counted_at(row: Any, now: datetime) -> datetime | None:
    """When one of the messages went or will go; None for a draft that was never said."""
    due_at: datetime = row.due_at
    ended_at: datetime = row.ended_at or due_at
    match row.state:
        case drafts.SENT | drafts.PROVED:
            return max(due_at, ended_at)
        case drafts.OPEN:
            return max(due_at, now)
        case None | drafts.LATER:
            return due_at
        case _:
            return None


def moment_of(db: Db, key: str) -> datetime | None:
    """When the message of that key may be said; None for one that is not counted."""
    found: datetime | None = db.conn.execute(select(_C.due_at).where(_C.key == key)).scalar()
    return found


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
