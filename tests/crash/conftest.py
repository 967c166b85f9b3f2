"""Demos of one test module, on SQLite and on PostgreSQL with Redis; each test begins anew."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.crash.books import Books, read_books
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.stories.demo import Demo, demo_process

TIMEOUT_S = 600


def pytest_itemcollected(item: pytest.Item) -> None:
    """Crash tests are slow and take the machine for themselves."""
    item.add_marker(pytest.mark.timeout(TIMEOUT_S))
    item.add_marker(pytest.mark.slow)
    item.add_marker(pytest.mark.serial)


@dataclass(frozen=True)
class Station:
    """A demo and where its rows lie."""

    demo: Demo
    url: str = ""

    def books(self) -> Books:
        """What the database holds now."""
        return read_books(self.demo.data, self.url)


@pytest.fixture(scope="module")
def sqlite_station() -> Iterator[Station]:
    """A demo on SQLite, no server at all."""
    with demo_process(DATABASE_URL="", REDIS_URL="") as demo:
        yield Station(demo)


@pytest.fixture(scope="module")
def postgres_station(postgres: PostgresServer, redis_server: RedisServer) -> Iterator[Station]:
    """A demo on PostgreSQL and Redis."""
    url = postgres.fresh_database()
    redis_server.empty()
    with demo_process(DATABASE_URL=url, REDIS_URL=redis_server.url) as demo:
        yield Station(demo, url)
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def station(request: pytest.FixtureRequest) -> Station:
    """A demo of this kind of database."""
    found = request.getfixturevalue(f"{request.param}_station")
    assert isinstance(found, Station)
    return found
