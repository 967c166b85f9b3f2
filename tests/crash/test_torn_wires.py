"""Redis is wiped, a process sleeps, connections to PostgreSQL run out, its wire is held or cut.

Two processes on one PostgreSQL and Redis, messages all the while; then the books. Whoever cannot
work loses its leases to the other, and what it wakes up with is refused by their epochs.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress

import psycopg
import pytest
import redis

from tests.crash.beside import ALL, beside
from tests.crash.checks import opened_once, settled, starts
from tests.crash.conftest import Station
from tests.crash.stream import Poured, pour, reports
from tests.crash.test_kill import has_no_key
from tests.crash.test_many_processes import held, shared_by
from tests.crash.wire import wire_to
from tests.servers.polling import until
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.stories.world import World, open_world

SEED = 31
BEFORE, DURING, AFTER = 4, 10, 14
MOST_IN_DOUBT = 4
# Sent, but the receipt could not be written: who takes over tries the same answer once more.
ANSWERED_TWICE = frozenset({"response_url_used"})
Deed = Callable[[], Awaitable[None]]


async def pour_around(station: Station, world: World, harm: Deed, heal: Deed) -> None:
    """Reports before, during and after the harm; every one becomes one ticket, the books agree."""
    source, poured = reports(SEED), Poured()
    await pour(world, poured, source, BEFORE)
    await harm()
    await pour(world, poured, source, DURING)
    await heal()
    await pour(world, poured, source, AFTER)
    await settled(world)
    books = station.books()
    assert [one.text for one in poured.reports if not books.accepted(one.text)] == []
    assert opened_once(books, poured) == []
    faults = books.faults(await world.everything_said())
    # A process that stops between a send and its receipt: the other says it again, perhaps by
    # another way, which the first receipt then takes for said.
    doubled, unseen = faults.pop("doubled", []), faults.pop("unseen", [])
    assert faults == {}
    assert [one for one in doubled if not has_no_key(one)] == []
    assert len(unseen) <= len(doubled) <= MOST_IN_DOUBT


async def nothing() -> None:
    """No deed."""


async def test_redis_that_forgets_everything_under_load_costs_nothing(
    postgres_station: Station, redis_server: RedisServer
) -> None:
    async def wipe() -> None:
        with redis.Redis.from_url(redis_server.url) as client:
            assert client.dbsize()
            client.flushall()

    async with open_world(postgres_station.demo) as world, beside(world, ALL):
        await shared_by(postgres_station, 2)
        await pour_around(postgres_station, world, wipe, wipe)


async def works_alone(station: Station) -> None:
    """The leases have gone to one owner; the other one is as good as dead."""

    async def look() -> bool:
        now = await asyncio.to_thread(held, station.url)
        return len({owner for name, owner in now.items() if name.startswith("p")}) == 1

    await until(look, "the other has taken the leases", within_s=30)


async def test_process_that_slept_while_its_leases_moved_does_no_harm(
    postgres_station: Station,
) -> None:
    async with open_world(postgres_station.demo) as world, beside(world, ALL) as (other,):
        assert other.process is not None
        sleeper = other.process.pid
        await shared_by(postgres_station, 2)

        async def sleeps() -> None:
            os.kill(sleeper, signal.SIGSTOP)

        async def wakes() -> None:
            await works_alone(postgres_station)
            os.kill(sleeper, signal.SIGCONT)

        await pour_around(postgres_station, world, sleeps, wakes)
        assert other.starts == 1


@pytest.mark.soak
@pytest.mark.parametrize("harm", ["hold", "cut"])
async def test_wire_to_the_database_that_is_held_or_cut_does_no_harm(
    postgres_station: Station, harm: str
) -> None:
    """The other one takes the work over; when the wire flows again, it is shared as before."""
    async with (
        wire_to(postgres_station.url) as (wire, through),
        open_world(postgres_station.demo) as world,
        beside(world, ALL, JINGGE_DATABASE_URL=through) as (other,),
    ):
        world.broken_on_purpose = ANSWERED_TWICE
        await shared_by(postgres_station, 2)

        async def harms() -> None:
            await world.post("/sim/bots", urls=[])
            getattr(wire, harm)()
            await works_alone(postgres_station)

        async def heals() -> None:
            wire.flow()
            await shared_by(postgres_station, 2)
            await world.post("/sim/bots", urls=[other.url])

        await pour_around(postgres_station, world, harms, heals)
        assert other.starts == 1


async def test_connections_that_ran_out_are_waited_for(
    postgres_station: Station, postgres: PostgresServer
) -> None:
    taken: list[psycopg.Connection] = []

    def take_all() -> None:
        """Every slot, also those of the bot."""
        name = postgres_station.url.rpartition("/")[2]
        fill(postgres, taken)
        taken[0].execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        fill(postgres, taken)

    def give_back() -> None:
        for connection in taken:
            connection.close()

    async with open_world(postgres_station.demo) as world:
        before = starts(world)
        await pour_around(
            postgres_station,
            world,
            lambda: asyncio.to_thread(take_all),
            lambda: asyncio.to_thread(give_back),
        )
        assert starts(world) == before, "the bot stopped"


def fill(server: PostgresServer, taken: list[psycopg.Connection]) -> None:
    """Take connections until the server has none left."""
    with suppress(psycopg.OperationalError):
        while True:
            taken.append(server.connect())
