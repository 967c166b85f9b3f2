"""``office``: the sample station in one process, on SQLite and (second part) on PostgreSQL."""

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
def office(request: pytest.FixtureRequest, sample_rules: Rules) -> Office:
    database: Database = request.getfixturevalue(f"lent_{request.param}")
    return Office(database, sample_rules)


@pytest.fixture
def block(office: Office) -> Block:
    return block_of(office)


@pytest.fixture
def hall(office: Office) -> Hall:
    return hall_of(office)
