"""What a transaction has read (读过的): known until it ends or a table it came from is written to.

The parts of a Turn do not know of each other and ask the same: who is on duty, whether the matter
is a hard one, what waits for an answer from her. On PostgreSQL each answer is a round trip. Filled
by ``storage.ready``. It begins anew with each transaction; a statement that goes another way and is
no plain reading makes it forget all.
"""

from collections.abc import Collection, Hashable
from typing import Any

from sqlalchemy import Connection, Engine, event

_NAME = "known"
_MOST, _MOST_ROWS = 256, 64  # a Turn asks a hundred; who reads years is not remembered


class Known:
    """Rows by statement and values."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, list[Any]] = {}
        self._from: dict[str, set[Hashable]] = {}

    def get(self, asked: Hashable) -> list[Any] | None:
        """The rows, None when it was not asked or may have changed."""
        return self._rows.get(asked)

    def keep(self, asked: Hashable, tables: Collection[str], rows: list[Any]) -> None:
        """Remember them; the caller never changes the list."""
        if len(self._rows) >= _MOST or len(rows) > _MOST_ROWS:
            return
        self._rows[asked] = rows
        for table in tables:
            self._from.setdefault(table, set()).add(asked)

    def forget(self, table: str) -> None:
        """What was read from that table."""
        for asked in self._from.pop(table, ()):
            self._rows.pop(asked, None)

    def forget_all(self) -> None:
        """Everything."""
        self._rows.clear()
        self._from.clear()


def known_to(conn: Connection) -> Known | None:
    """What this transaction has read; None on a connection of somebody else's engine."""
    return conn.info.get(_NAME)


def remember(engine: Engine) -> None:
    """From now on the transactions of ``engine`` know what they have read."""

    @event.listens_for(engine, "begin")
    def on_begin(conn: Connection) -> None:
        conn.info[_NAME] = Known()

    @event.listens_for(engine, "before_cursor_execute")
    def before(
        conn: Connection, _cursor: Any, _sql: str, _given: Any, way: Any, _many: bool
    ) -> None:
        known = known_to(conn)
        if known is not None and way is not None and not _is_reading(way):
            known.forget_all()


def _is_reading(way: Any) -> bool:
    """True for a select; text, savepoints and writes may change or undo anything."""
    return way.compiled is not None and bool(way.compiled.statement.is_select)
