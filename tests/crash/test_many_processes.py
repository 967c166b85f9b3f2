"""Three processes on one PostgreSQL and Redis: each event once, whoever dies, stops or joins."""

import asyncio
import random
import sys
from functools import partial

import pytest

from storage import leases, processes
from storage.database import Database
from tests.crash.beside import ALL, Beside, beside, ready
from tests.crash.checks import missing, opened_once, settled
from tests.crash.conftest import Station
from tests.crash.stream import Poured, pour, reports
from tests.crash.test_kill import LEFT_BY_DEATH, has_no_key, more_tickets
from tests.servers.polling import until
from tests.stories.world import World, open_world

pytestmark = pytest.mark.soak  # the books do not yet know several clocks; docs/state.md
SEED = 20261123
KILLS, EACH = 6, 12
LATE = frozenset({"callback_late"})  # six processes on two cores; WeCom asks again


def held(url: str) -> dict[str, str]:
    """Who holds what now."""
    database = Database(url)
    try:
        return database.read_now(lambda conn: leases.holders(conn, leases.database_time(conn)))
    finally:
        database.close()


def alive(url: str) -> int:
    """How many processes say that they live."""
    database = Database(url)
    try:
        return len(
            database.read_now(lambda conn: processes.living(conn, leases.database_time(conn)))
        )
    finally:
        database.close()


async def shared_by(station: Station, count: int) -> dict[str, str]:
    """The holders, once partitions and lanes are shared among ``count`` processes."""

    async def look() -> dict[str, str] | None:
        now = await asyncio.to_thread(held, station.url)
        owners = {owner for name, owner in now.items() if name.startswith("p")}
        return now if len(owners) == count else None

    return await until(look, f"the leases are shared by {count}", within_s=30)


async def kill_somebody(world: World, others: list[Beside], dice: random.Random) -> None:
    """One of the three dies at a random moment of work."""
    victim = dice.randrange(len(others) + 1)
    await asyncio.sleep(dice.uniform(0, 0.4))
    if victim == len(others):
        world.demo.kill_bot()
    else:
        others[victim].kill()


@pytest.mark.timeout(600)
async def test_each_event_is_handled_once_whoever_dies(postgres_station: Station) -> None:
    dice, poured, source = random.Random(SEED), Poured(), reports(SEED)  # noqa: S311 - repeatable
    async with open_world(postgres_station.demo) as world, beside(world, ALL, ALL) as others:
        world.broken_on_purpose = LEFT_BY_DEATH
        assert len(set((await shared_by(postgres_station, 3)).values())) == 3
        opened = 0
        for _ in range(KILLS):
            most = len(poured.reports) + EACH
            pouring = asyncio.create_task(pour(world, poured, source, most))
            opened = await until(partial(more_tickets, world, opened), "work goes on", within_s=120)
            await kill_somebody(world, others, dice)
            await pouring
        await settled(world)

        books, shown = postgres_station.books(), await world.everything_said()
        faults = books.faults(shown)
        doubled = faults.pop("doubled", [])
        assert faults == {}
        assert [one for one in doubled if not has_no_key(one)] == []
        assert opened_once(books, poured) == []
        not_there = await missing(world, books, poured)
        sys.stderr.write(f"{len(poured.reports)} said; never handed over: {not_there.told()}\n")
        assert not_there.lost == []


async def test_one_after_the_other_is_replaced_under_load_and_nothing_is_lost(
    postgres_station: Station,
) -> None:
    poured, source = Poured(), reports(SEED)
    async with open_world(postgres_station.demo) as world, beside(world, ALL, ALL) as others:
        await shared_by(postgres_station, 3)
        for one in others:
            pouring = asyncio.create_task(pour(world, poured, source, len(poured.reports) + EACH))
            assert await one.end() == 0
            await ready(world, one)
            await pouring
        await shared_by(postgres_station, 3)
        await settled(world)

        books = postgres_station.books()
        assert books.faults(await world.everything_said()) == {}
        assert opened_once(books, poured) == []
        assert [one for one in poured.reports if not books.accepted(one.text)] == []
        assert await asyncio.to_thread(alive, postgres_station.url) == 3


async def test_every_loop_in_a_process_of_its_own(postgres_station: Station) -> None:
    """The demo's bot does all; beside it one process for each loop takes its part."""
    async with (
        open_world(postgres_station.demo) as world,
        beside(world, "hear", "work", "send", "tick", "web"),
    ):
        world.broken_on_purpose = LATE
        shared = await shared_by(postgres_station, 2)
        assert len(set(shared.values())) >= 3
        poured = Poured()
        await pour(world, poured, reports(SEED + 1), 12)
        await settled(world)

        books = postgres_station.books()
        assert books.faults(await world.everything_said()) == {}
        assert opened_once(books, poured) == []
