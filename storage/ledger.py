"""What reports remember of tickets (报表的账): read once, read again only where something happened.

A report of a year looks at 60,000 tickets, of which a handful have moved since the last one. What
was read of a ticket stays until a new row of its journal says that something was done to it, or, of
an open one, until its version has changed. Nothing personal is kept. For connections that see only
what was committed: one ledger for each process, handed over in ``Db``. Used by ``storage.figures``.
"""

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Select, func, select

from storage.database import table_of
from storage.session import Db
from storage.tables import JournalRow

_J = table_of(JournalRow).c
# Writers of PostgreSQL commit out of order: so many of the newest rows are looked at again. One
# commit holds 64 Turns at most, so several processes at once stay far below it.
_OVERLAP = 5000
_MOST_BEHIND, _MOST_NOTES = 3, 8
MOST = 150_000  # tickets; some 100 MB


class Kept(Protocol):
    """What can be remembered."""

    @property
    def id(self) -> int:
        """Of the ticket."""

    @property
    def version(self) -> int:
        """Of the ticket."""


K = TypeVar("K", bound=Kept)


class Ledger(Generic[K]):
    """Remembered tickets; several readers may ask at once."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[int, K] = {}
        self._seen: set[int] = set()
        self._looks = 0
        self._touched: dict[int, int] = {}
        self._behind = 0
        self._lock = threading.Lock()
        self._notes: dict[Hashable, dict[Any, Any]] = {}

    def of(
        self, db: Db, wanted: Mapping[int, int], read: Callable[[Db, Sequence[int]], Sequence[K]]
    ) -> list[K]:
        """What is known of these tickets, in their order; ``read`` reads what is not remembered.

        ``wanted``: by id the version it must have, 0 where its journal alone says that it moved.
        """
        with self._lock:
            look = self._catch_up(db)
            kept = self._kept if look else {}
            known = {
                one: kept[one]
                for one, version in wanted.items()
                if one in kept and version in (0, kept[one].version)
            }
        fresh = read(db, [one for one in wanted if one not in known])
        if look:
            self._keep(fresh, look)
        known |= {one.id: one for one in fresh}
        return [known[one] for one in wanted if one in known]

    def notes(self, name: Hashable) -> dict[Any, Any]:
        """What somebody has worked out of the tickets and goes on with; the oldest ones go.

        Who notes something of a ticket notes the ticket beside it: another one is there once it
        has moved.
        """
        with self._lock:
            mine = self._notes.pop(name, {})
            self._notes[name] = mine
            while len(self._notes) > _MOST_NOTES:
                del self._notes[next(iter(self._notes))]
        return mine

    def _catch_up(self, db: Db) -> int:
        """Forget what was touched; the number of this look, 0 where others have seen more."""
        rows = db.conn.execute(_newest(max(self._seen, default=0))).all()
        there = {row.id for row in rows}
        if not self._seen <= there and self._behind < _MOST_BEHIND:
            self._behind += 1
            return 0
        self._looks += 1
        if not self._seen <= there:  # not an older look again and again: rows were deleted
            self._kept.clear()
        self._touched |= {row.ticket_id: self._looks for row in rows if row.id not in self._seen}
        for row in rows:
            if row.id not in self._seen:
                self._kept.pop(row.ticket_id, None)
        newest = max(there, default=0)
        self._seen = {one for one in there if one > newest - _OVERLAP}
        self._behind = 0
        return self._looks

    def _keep(self, fresh: Sequence[K], look: int) -> None:
        """Remember what was not touched since that look."""
        with self._lock:
            if len(self._kept) + len(fresh) > self._most:
                self._kept.clear()
                self._notes.clear()
            still = (one for one in fresh if self._touched.get(one.id, 0) <= look)
            self._kept |= {one.id: one for one in still}


def _newest(mark: int) -> Select[tuple[int, int]]:
    """The rows after ``mark`` and some before it; the last ones of all where there is no mark."""
    low = mark - _OVERLAP if mark else select(func.max(_J.id) - _OVERLAP).scalar_subquery()
    return select(_J.id, _J.ticket_id).where(_J.id > low)
