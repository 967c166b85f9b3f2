"""What a process says no more: its lease ran out unseen, or it is about to hang up.

On PostgreSQL, where others may live: a second connection holds rows or a table, so that the real
renewal or the real read waits.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import psycopg

from bot.engine import sender
from bot.turn import Turn
from bot.wecom.errors import Limited
from storage import leases
from tests.engine.conftest import Build
from tests.engine.house import GROUP, House, heard

LANE = leases.lane("socket")


def says_it(turn: Turn, event: object) -> None:
    """One sentence in the group."""
    turn.say_group(GROUP, "收到")


@asynccontextmanager
async def held_up(url: str, statement: str) -> AsyncIterator[None]:
    """Another connection has taken what ``statement`` takes."""
    plain = url.replace("postgresql+psycopg", "postgresql")
    async with await psycopg.AsyncConnection.connect(plain) as other:
        await other.execute(statement)
        yield
        await other.rollback()


async def opened(build: Build, url: str) -> House:
    """A house whose desk says one sentence."""
    house = build(url)
    house.desk.always = says_it
    await house.open()
    return house


async def test_who_could_not_renew_says_nothing_until_the_lease_is_renewed(
    migrated_postgres_url: str, build: Build
) -> None:
    house = await opened(build, migrated_postgres_url)
    keeper = house.engine.keeper
    assert keeper is not None
    house.socket.faults = [Limited("full", retry_after_s=60)]
    await house.hear(heard("e1"))
    await house.has(lambda: house.outgoing() == [("pending", "limited")], "the row waits")

    async with held_up(migrated_postgres_url, "SELECT * FROM leases FOR UPDATE"):
        await house.has(lambda: not keeper.holds(LANE), "the lease ran out")
        house.engine.push_to(house.clock.now() + timedelta(seconds=61))
        await asyncio.sleep(1.5 * sender.POLL_S)
        assert len(house.socket.tried) == 1
        assert keeper.epoch(LANE) is not None, "the line itself is not given up"

    await house.has(lambda: house.socket.words == ["收到"], "said once the lease is ours again")


async def test_who_hangs_up_says_nothing_of_what_is_just_being_read(
    migrated_postgres_url: str, build: Build
) -> None:
    house = await opened(build, migrated_postgres_url)
    lanes = house.engine.lanes
    assert lanes is not None
    house.socket.faults = [Limited("full", retry_after_s=60)]
    await house.hear(heard("e1"))
    await house.has(lambda: house.outgoing() == [("pending", "limited")], "the row waits")

    async with held_up(migrated_postgres_url, "LOCK TABLE outgoing IN ACCESS EXCLUSIVE MODE"):
        house.engine.push_to(house.clock.now() + timedelta(seconds=61))
        await house.has(lambda: lanes.sending("socket"), "the database is asked")
        hushed = asyncio.create_task(house.engine.hush("socket"))
        await asyncio.sleep(0.2)
        assert not hushed.done()
    await hushed

    assert len(house.socket.tried) == 1
    assert house.outgoing() == [("pending", "limited")]
