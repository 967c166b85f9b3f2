"""``office``: the sample station in one process, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.load import load_rules
from config.rules import Rules
from storage import migrate
from storage.database import Database
from tests.handlers.block import Block, block_of
from tests.handlers.hall import Hall, hall_of
from tests.handlers.office import Office
from tests.servers.postgres import PostgresServer

SITE = Path(__file__).parents[2] / "config" / "site"


def _build(url: str) -> None:
    database = Database(url)
    migrate.upgrade(database)
    database.close()


@pytest.fixture(scope="session")
def sample_rules() -> Rules:
    return load_rules(SITE)


@pytest.fixture
def office_on_postgres(postgres: PostgresServer) -> Iterator[str]:
    url = postgres.fresh_database(postgres.template("office", _build))
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path: Path, sample_rules: Rules) -> Iterator[Office]:
    if request.param == "postgres":
        url = str(request.getfixturevalue("office_on_postgres"))
    else:
        url = f"sqlite:///{tmp_path / 'office.db'}"
        _build(url)
    database = Database(url)
    yield Office(database, sample_rules)
    database.close()


@pytest.fixture
def block(office: Office) -> Block:
    return block_of(office)


@pytest.fixture
def hall(office: Office) -> Hall:
    return hall_of(office)
