"""One database, twice: every test that asks for it runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import migrate
from storage.database import Database
from storage.session import Db
from storage.writer import Writer
from tests.servers.postgres import PostgresServer
from tests.storage.rows import SEAL


def _build(url: str) -> None:
    database = Database(url)
    migrate.upgrade(database)
    database.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'jingge.db'}"


@pytest.fixture
def migrated_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """Address of a new database with all tables."""
    url = postgres.fresh_database(postgres.template("schema", _build))
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """Address of a database with all tables, of either kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("migrated_postgres_url"))
    made = str(request.getfixturevalue("sqlite_url"))
    _build(made)
    return made


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
