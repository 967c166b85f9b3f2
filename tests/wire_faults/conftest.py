"""A demo whose transport times are short, so that a lost answer costs seconds, not a minute."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.crash.conftest import Station
from tests.stories.demo import demo_process
from tests.stories.world import World, open_world

TIMEOUT_S = 600
SHORT = {
    "JINGGE_PING_S": "1",
    "JINGGE_ACK_TIMEOUT_S": "2",
    "JINGGE_HTTP_TIMEOUT_S": "2",
    "JINGGE_BACKOFF_LAST_S": "1",
}


def pytest_itemcollected(item: pytest.Item) -> None:
    """These start a whole house and live by real time-outs."""
    item.add_marker(pytest.mark.timeout(TIMEOUT_S))
    item.add_marker(pytest.mark.slow)
    item.add_marker(pytest.mark.serial)


@pytest.fixture(scope="session")
def faulty_station() -> Iterator[Station]:
    """A demo on SQLite with short transport times."""
    with demo_process(DATABASE_URL="", REDIS_URL="", **SHORT) as demo:
        yield Station(demo)


@pytest.fixture
async def world(faulty_station: Station) -> AsyncIterator[World]:
    """A station where nothing has happened yet."""
    async with open_world(faulty_station.demo) as opened:
        yield opened
