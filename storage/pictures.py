"""Which kept pictures (图片) belong to a ticket: those that a journal names.

A picture's name is a digest of its event's key, so it tells nothing by itself; the journal row of
the ticket that took it along holds the name. What no journal names opened no ticket.
"""

import re
from collections.abc import Collection

from sqlalchemy import select

from storage.database import table_of
from storage.session import Db
from storage.tables import JournalRow

_C = table_of(JournalRow).c
_NAME = re.compile(r"\b[0-9a-f]{24}\b")


def without_ticket(db: Db, names: Collection[str]) -> set[str]:
    """Those of ``names`` that no journal knows."""
    left = set(names)
    if left:
        rows = db.conn.execute(select(_C.key, _C.reason_sealed).where(_C.reason_sealed != ""))
        for row in rows:
            left -= set(_NAME.findall(db.seal.open(row.reason_sealed, f"journal:{row.key}")))
    return left
