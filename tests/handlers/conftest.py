"""``office``: the sample station in one process, on SQLite and (second part) on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.load import load_rules
from config.rules import Rules
from storage.database import Database
from tests.handlers.block import Block, block_of
from tests.handlers.hall import Hall, hall_of
from tests.handlers.office import Office

SITE = Path(__file__).parents[2] / "config" / "site"


@pytest.fixture(scope="session")
def sample_rules() -> Rules:
    return load_rules(SITE)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def office(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sample_rules: Rules,
    new_sqlite: Callable[[Path], str],
) -> Iterator[Office]:
    if request.param == "postgres":
        url = str(request.getfixturevalue("migrated_postgres_url"))
    else:
        url = new_sqlite(tmp_path / "office.db")
    database = Database(url)
    yield Office(database, sample_rules)
    database.close()


@pytest.fixture
def block(office: Office) -> Block:
    return block_of(office)


@pytest.fixture
def hall(office: Office) -> Hall:
    return hall_of(office)
