"""One demo for all garbage, and one of its own for each test that breaks the machine."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.crash.conftest import Station
from tests.stories.demo import demo_process
from tests.stories.world import World, open_world

TIMEOUT_S = 600


def pytest_itemcollected(item: pytest.Item) -> None:
    """These start whole houses."""
    item.add_marker(pytest.mark.timeout(TIMEOUT_S))
    item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def garbage_station() -> Iterator[Station]:
    """A demo on SQLite."""
    with demo_process(DATABASE_URL="", REDIS_URL="") as demo:
        yield Station(demo)


@pytest.fixture
async def world(garbage_station: Station) -> AsyncIterator[World]:
    """A station where nothing has happened yet."""
    async with open_world(garbage_station.demo) as opened:
        yield opened
