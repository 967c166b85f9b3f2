"""``world``: the sample station at nine in the morning, on SQLite and on PostgreSQL with Redis.

Every story begins from nothing and ends with two questions: did the bot keep every rule of WeCom,
and did its logs keep silent about who said what.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.stories.demo import Demo, demo_process
from tests.stories.world import World, open_world

HERE = Path(__file__).parent
ON_BOTH = (
    "test_mirror_quarrel",
    "test_voices",
    "test_pictures",
    "test_three_of_one_matter_and_one_of_them_says_it_is_not_over",
)
"""Files, and single stories, that are told on PostgreSQL too: the whole loop, merging and coming
back (scenario 12), media. What storage, handlers and engine do is tested on both databases in its
own folders."""
STORY_TIMEOUT_S = 300  # the first story of a process starts servers, a bot and a simulator


def pytest_itemcollected(item: pytest.Item) -> None:
    """Stories belong to the second part, and get the time that starting a whole house takes."""
    item.add_marker(pytest.mark.slow)
    item.add_marker(pytest.mark.timeout(STORY_TIMEOUT_S))


@pytest.fixture(scope="session")
def sqlite_demo() -> Iterator[Demo]:
    """A demo as anybody starts it: no server at all."""
    with demo_process(DATABASE_URL="", REDIS_URL="") as demo:
        yield demo


@pytest.fixture(scope="session")
def postgres_demo(postgres: PostgresServer, redis_server: RedisServer) -> Iterator[Demo]:
    """A demo on PostgreSQL and Redis."""
    url = postgres.fresh_database()
    with demo_process(DATABASE_URL=url, REDIS_URL=redis_server.url) as demo:
        yield demo
    postgres.drop(url)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every story on SQLite, those of ``ON_BOTH`` on PostgreSQL with Redis too."""
    if "demo" in metafunc.fixturenames and HERE in metafunc.definition.path.parents:
        names = {metafunc.definition.path.stem, metafunc.function.__name__}
        kinds = ["sqlite", "postgres"] if names & set(ON_BOTH) else ["sqlite"]
        metafunc.parametrize("demo", kinds, indirect=True)


@pytest.fixture
def demo(request: pytest.FixtureRequest) -> Demo:
    """The demo of this kind of database."""
    found = request.getfixturevalue(f"{request.param}_demo")
    assert isinstance(found, Demo)
    return found


@pytest.fixture
async def world(demo: Demo) -> AsyncIterator[World]:
    """A station where nothing has happened yet; afterwards WeCom and the logs are asked."""
    async with open_world(demo) as opened:
        yield opened
