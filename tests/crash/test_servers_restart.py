"""PostgreSQL and Redis go away in the middle of the day: slower, but nothing stops or gets lost."""

import asyncio
from collections.abc import Callable

import pytest

from tests.crash.checks import opened_once, settled, starts
from tests.crash.conftest import Station
from tests.crash.stream import Poured, pour, reports
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.stories.world import World, open_world

SEED = 7
BEFORE, DURING, AFTER = 6, 12, 18


async def pour_through(
    station: Station, world: World, down: Callable[[], None], up: Callable[[], None]
) -> Poured:
    """Reports before, during and after the time in which a server is away."""
    source, poured, before = reports(SEED), Poured(), starts(world)
    await pour(world, poured, source, BEFORE)
    await asyncio.to_thread(down)
    await pour(world, poured, source, DURING)
    await asyncio.to_thread(up)
    await pour(world, poured, source, AFTER)
    await settled(world)
    assert starts(world) == before, "the bot stopped"
    books = station.books()
    assert [one.text for one in poured.reports if not books.accepted(one.text)] == []
    assert opened_once(books, poured) == []
    return poured


@pytest.mark.parametrize("how", ["killed", "restarted"])
async def test_postgres_away_for_a_moment_stops_nothing(
    how: str, postgres_station: Station, postgres: PostgresServer
) -> None:
    server = postgres.process
    down = server.kill if how == "killed" else server.stop
    async with open_world(postgres_station.demo) as world:
        await pour_through(postgres_station, world, down, server.start)

        assert postgres_station.books().faults(await world.everything_said()) == {}


async def test_redis_away_for_a_moment_stops_nothing(
    postgres_station: Station, redis_server: RedisServer
) -> None:
    server = redis_server.process
    async with open_world(postgres_station.demo) as world:
        await pour_through(postgres_station, world, server.kill, server.start)

        assert postgres_station.books().faults(await world.everything_said()) == {}
