"""Words that wait for others to be said with them (攒着一起说): taken back, or sent on their way.

They are ordinary rows of the outbox that fall due a little later, so that they leave by themselves
when nobody gathers them. Called by ``handlers.late``.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from storage import leases
from storage.database import table_of
from storage.outbox import PENDING
from storage.session import Db
from storage.tables import OutgoingRow

_T = table_of(OutgoingRow).c


def take_back(db: Db, keys: Sequence[str]) -> list[str]:
    """The texts of those rows that have not left, in order; they never leave now."""
    where = (_T.key.in_(keys), PENDING)
    rows = db.conn.execute(select(_T.key, _T.body_sealed).where(*where).order_by(_T.id)).all()
    db.conn.execute(update(OutgoingRow).where(*where).values(state="dropped", why="gathered"))
    return [_text(db.seal.open(row.body_sealed, f"outgoing:{row.key}")) for row in rows]


def hasten(db: Db, key: str, now: datetime) -> None:
    """That row may leave now."""
    db.conn.execute(update(OutgoingRow).where(_T.key == key, PENDING).values(due_at=now))
    lanes = db.conn.execute(select(_T.lane).where(_T.key == key)).scalars()
    db.left.update(leases.lane(lane) for lane in lanes)


def _text(body: str) -> str:
    return str(json.loads(json.loads(body)["message"])["text"])
