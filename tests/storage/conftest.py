"""One database, twice: every test that asks for it runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.session import Db
from storage.writer import Writer
from tests.storage.rows import SEAL


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'jingge.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path, new_sqlite: Callable[[Path], str]) -> str:
    """Address of a database with all tables, of either kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("migrated_postgres_url"))
    return new_sqlite(tmp_path / "jingge.db")


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without any table, of either kind."""
    name = "postgres_url" if request.param == "postgres" else "sqlite_url"
    made = Database(str(request.getfixturevalue(name)))
    yield made
    made.close()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database with all tables, of either kind."""
    made = Database(url)
    yield made
    made.close()


@pytest.fixture
def postgres_database(migrated_postgres_url: str) -> Iterator[Database]:
    """A PostgreSQL with all tables, for what only it can show."""
    made = Database(migrated_postgres_url)
    yield made
    made.close()


@pytest.fixture
def db(database: Database) -> Iterator[Db]:
    """What a Turn writes with: one open transaction."""
    with database.writer_engine.begin() as conn:
        yield Db(conn, SEAL)


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    """A writer at work on that database."""
    made = Writer(database)
    made.start()
    yield made
    made.stop()
