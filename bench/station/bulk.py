"""Many rows at once (成批入库): past the Turns, straight into the tables of either database.

SQLite takes them by ``executemany``, PostgreSQL by COPY; columns that nobody names get the default
of their row class. Used by the made-up station alone: it asks nobody and checks nothing.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum
from operator import itemgetter
from typing import Any

from psycopg import sql
from pydantic_core import PydanticUndefined
from sqlalchemy import text
from sqlmodel import SQLModel

from storage.database import Database, table_of

AT_ONCE = 2000


class Heap:
    """The rows of one table that are not in the database yet; ids count up from 1."""

    def __init__(self, row: type[SQLModel]) -> None:
        self.table = table_of(row)
        self.names = [column.name for column in self.table.columns]
        self.counts = self.names[0] == "id"
        self.last = 0
        self.rows: list[tuple[Any, ...]] = []
        fields = row.model_fields
        self._defaults = {
            name: fields[name].get_default(call_default_factory=True) for name in self.names
        }
        self._in_order = itemgetter(*self.names)

    def add(self, values: dict[str, Any]) -> int:
        """The id of the row. Raises: KeyError for a column that has no default."""
        row = self._defaults | values
        if self.counts:
            self.last += 1
            row["id"] = self.last
        found = [one.value if isinstance(one, Enum) else one for one in self._in_order(row)]
        if PydanticUndefined in found or len(row) != len(self.names):
            raise KeyError(self.table.name)
        self.rows.append(tuple(found))
        return self.last


class Bulk:
    """All heaps over one database; ``done`` once everything is in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._raw = database.writer_engine.raw_connection()
        self._heaps: dict[type[SQLModel], Heap] = {}
        if database.is_sqlite:
            self._raw.cursor().execute("PRAGMA synchronous=OFF")
            self._raw.cursor().execute("PRAGMA cache_size=-400000")

    def add(self, row: type[SQLModel], **values: Any) -> int:
        """The id of the new row, where its table has one."""
        if row not in self._heaps:
            self._heaps[row] = Heap(row)
        return self._heaps[row].add(values)

    def flush(self, at_least: int = AT_ONCE) -> None:
        """Put the heaps into the database that have grown so high."""
        for heap in self._heaps.values():
            if heap.rows and len(heap.rows) >= at_least:
                self._put(heap)
                heap.rows.clear()

    def _put(self, heap: Heap) -> None:
        if self._database.is_sqlite:
            marks = ",".join("?" * len(heap.names))
            names = ",".join(f'"{name}"' for name in heap.names)
            cursor = self._raw.cursor()
            cursor.execute("BEGIN")
            # Names of our own tables, values as parameters.
            put = f'INSERT INTO "{heap.table.name}" ({names}) VALUES ({marks})'  # noqa: S608
            cursor.executemany(put, [_for_sqlite(row) for row in heap.rows])
            cursor.execute("COMMIT")
            return
        put_all(self._raw.driver_connection, heap.table.name, heap.names, heap.rows)

    def done(self) -> None:
        """The rest goes in, the counters of ids go on behind it, PostgreSQL looks at its tables."""
        self.flush(1)
        if not self._database.is_sqlite:
            self._count_on()
        else:
            self._raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._raw.invalidate()

    def _count_on(self) -> None:
        with self._database.writer_engine.begin() as conn:
            for heap in self._heaps.values():
                if heap.counts:
                    conn.execute(
                        text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                        {"name": heap.table.name, "last": heap.last},
                    )
        # What autovacuum does by itself within minutes of a real station.
        with self._database.writer_engine.connect() as conn:
            conn.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def put_all(raw: Any, table: str, names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY the rows into PostgreSQL."""
    columns = sql.SQL(",").join(map(sql.Identifier, names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    raw.commit()


def _for_sqlite(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple([_moment(one) if isinstance(one, datetime) else one for one in row])


def _moment(at: datetime) -> str:
    """As SQLAlchemy writes a moment into SQLite."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[:26]
