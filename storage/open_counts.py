"""Matters of a month for the open data (开放数据): what is counted, and nothing else of them.

Protected tickets and whole classes that are never given out are left out in SQL. Of who reported
only a key is read, so that one person who came five times does not pass for five; where none is
known (staff reported, or the ticket was anonymised) see ``Matter.reporter``. By keyset, never the
whole table. Called by ``commands.opendata``.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from config.vocabulary import Stage
from storage.database import table_of
from storage.figures import KEPT
from storage.repeats import FOCUS
from storage.session import Db
from storage.spans import Span
from storage.tables import TicketRow

_T = table_of(TicketRow).c
_CHUNK = 2000
_NEVER_WAS = (Stage.DRAFT, Stage.REJECTED, Stage.MERGED, Stage.VOID)


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter; ``reporter`` is one and the same where nobody knows who it was."""

    category: str
    grid: str
    opened_at: datetime
    closed_at: datetime | None
    reporter: str


def matters(db: Db, span: Span, left_out: Collection[str]) -> Iterator[Matter]:
    """Everything opened in ``span`` that may be counted for everybody."""
    last = 0
    while rows := _chunk(db, span, left_out, last):
        last = rows[-1].id
        for row in rows:
            known = row.reporter_key or (f"staff:{row.id}" if row.carrier else "")
            yield Matter(row.category, row.grid, row.opened_at, row.closed_at, known)


def _chunk(db: Db, span: Span, left_out: Collection[str], last: int) -> list[Any]:
    columns = (_T.id, _T.category, _T.grid, _T.opened_at, _T.closed_at, _T.reporter_key, _T.carrier)
    real = (_T.protected.is_(False), _T.category.not_in({*KEPT, *left_out}), _T.origin != FOCUS)
    when = (_T.opened_at >= span.since, _T.opened_at < span.until, _T.id > last)
    found = select(*columns).where(*real, _T.stage.not_in(_NEVER_WAS), *when)
    return list(db.conn.execute(found.order_by(_T.id).limit(_CHUNK)))
