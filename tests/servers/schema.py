"""Databases with all tables, ready in milliseconds: the tables are made once per test process.

SQLite is a copy of one file. PostgreSQL is one database, emptied behind each test; a test that
changed its tables, or left it unreachable, gets it dropped, and the next test another copy. What
is lent opened (``lent_sqlite``, ``lent_postgres``) is one engine at one address for all tests:
SQLAlchemy then compiles a statement once per process, not once per test.
Loaded by ``tests/conftest.py``.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from commands import wipe
from storage import migrate
from storage.database import Database
from tests.servers.postgres import PostgresServer

# What makes two databases the same but for their rows: relations, columns, constraints, defaults.
_SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
  SELECT concat_ws(' ', oid, relname, relkind) AS part FROM pg_class
   WHERE relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT concat_ws(' ', a.attrelid, a.attnum, a.attname, a.atttypid, a.attnotnull, a.attisdropped)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT concat_ws(' ', oid, conname, conrelid) FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace
  UNION ALL
  SELECT concat_ws(' ', oid, adrelid) FROM pg_attrdef
  UNION ALL
  SELECT concat_ws(' ', version_num) FROM alembic_version
) AS parts
"""
# Triggers rest, so that tables may be emptied in any order.
_EMPTY = """
DO $$
DECLARE name regclass;
BEGIN
  PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT oid FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
  LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
  PERFORM setval(oid, 1, false) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';
END $$
"""


def with_tables(url: str) -> None:
    """Make all tables in the database at ``url``."""
    database = Database(url)
    try:
        migrate.upgrade(database)
    finally:
        database.close()


@dataclass
class _Spare:
    """A database with all tables and no rows, and a connection that stays open to empty it."""

    url: str
    connection: psycopg.Connection
    shape: object

    def is_emptied(self) -> bool:
        """True once it is as new again; False when its tables are others than they were."""
        with contextlib.suppress(psycopg.Error):
            if self._look() == self.shape:
                self.connection.execute(_EMPTY)
                return True
        return False

    def _look(self) -> object:
        return self.connection.execute(_SHAPE).fetchone()


@dataclass
class Shelf:
    """Lends one database to test after test."""

    server: PostgresServer
    _spare: _Spare | None = None

    @contextlib.contextmanager
    def lent(self) -> Iterator[str]:
        """Address of a database with all tables and no rows, for as long as the block lasts."""
        spare, self._spare = self._spare or self._new(), None
        yield spare.url
        if spare.is_emptied():
            self._spare = spare
        else:
            spare.connection.close()
            self.server.drop(spare.url)

    def close(self) -> None:
        """Give the connection back."""
        if self._spare is not None:
            self._spare.connection.close()

    def _new(self) -> _Spare:
        url = self.server.fresh_database(self.server.template("tables", with_tables))
        spare = _Spare(url, psycopg.connect(url.replace("+psycopg", ""), autocommit=True), None)
        spare.shape = spare._look()
        return spare


@pytest.fixture(scope="session")
def _shelf(postgres: PostgresServer) -> Iterator[Shelf]:
    shelf = Shelf(postgres)
    yield shelf
    shelf.close()


@pytest.fixture
def migrated_postgres_url(_shelf: Shelf) -> Iterator[str]:
    """Address of a PostgreSQL database with all tables and no rows."""
    with _shelf.lent() as url:
        yield url


@pytest.fixture(scope="session")
def _opened() -> Iterator[dict[str, Database]]:
    """The databases that tests of this process have had, by address."""
    found: dict[str, Database] = {}
    yield found
    for database in found.values():
        database.close()


def _lent(opened: dict[str, Database], url: str) -> Iterator[Database]:
    database = opened.setdefault(url, Database(url))
    yield database
    database.disconnect()


@pytest.fixture
def lent_postgres(_opened: dict[str, Database], migrated_postgres_url: str) -> Iterator[Database]:
    """A PostgreSQL with all tables and no rows."""
    yield from _lent(_opened, migrated_postgres_url)


@pytest.fixture(scope="session")
def _place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lent") / "jingge.db"


@pytest.fixture
def lent_sqlite(
    _opened: dict[str, Database], _place: Path, new_sqlite: Callable[[Path], str]
) -> Iterator[Database]:
    """A SQLite with all tables and no rows."""
    for left in _place.parent.iterdir():
        left.unlink()
    yield from _lent(_opened, new_sqlite(_place))


@pytest.fixture(scope="session")
def new_sqlite() -> Callable[[Path], str]:
    """A function that puts a SQLite file with all tables at a path and returns its address."""

    def make(path: Path) -> str:
        path.write_bytes(wipe.blank())
        return f"sqlite:///{path}"

    return make
