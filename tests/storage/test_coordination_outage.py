"""Redis goes away and comes back (killed, hung, never there): slower, but nothing stops."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
import redis

from tests.servers.redis import RedisServer
from tests.storage.coordinating import (
    SHORT_S,
    SOON_S,
    Clock,
    Connect,
    said,
    until,
    warnings_in,
)


@pytest.fixture
def server(redis_server: RedisServer, redis_url: str) -> Iterator[RedisServer]:
    """A Redis that this test may kill; the next test finds it running."""
    yield redis_server
    if not redis_server.answers():
        redis_server.process.start()


@pytest.fixture
async def connect(redis_url: str) -> AsyncIterator[Connect]:
    connect = Connect(redis_url)
    yield connect
    await connect.close()


async def test_everything_goes_on_in_process_when_redis_dies_and_comes_back_by_itself(
    connect: Connect, server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = Clock()
    end = clock() + timedelta(hours=1)
    here, there = (connect(clock, share=0.5) for _ in range(2))
    await asyncio.gather(here.start(), there.start())
    await here.put("app token", "s3cret", end)
    heard = [here.is_there]

    server.process.kill()

    takes = [await process.take("chat:g17", ((4, 60),)) for process in (here, there) * 3]
    assert takes == [0.0, 0.0, 0.0, 0.0, 60.0, 60.0]
    assert await here.get("app token") == ("s3cret", end)
    assert await there.get("app token") is None
    await here.drop("app token")
    assert await here.get("app token") is None
    await until(lambda: said(caplog, "heard at the next poll", 2))
    assert [*heard, here.is_there] == [True, False]
    assert not await there.wait("work:3", SHORT_S)
    await here.ring("work:3")
    assert not await there.wait("work:3", SHORT_S)
    assert await here.wait("work:3", SOON_S)
    assert warnings_in(caplog, "share of the buckets") == 2
    assert warnings_in(caplog, "heard at the next poll") == 2

    server.process.start()

    async def reached() -> bool:
        await here.put("robot token", "s4cret", end)
        return await there.get("robot token") is not None

    await until(reached)
    await until(lambda: said(caplog, "no longer: bells", 2))
    await here.ring("work:5")
    assert await there.wait("work:5", SOON_S)
    assert await there.take("sum", ((1, 60),)) == 0.0
    assert await here.take("sum", ((1, 60),)) == 60.0
    assert warnings_in(caplog, "redis is away") == 4


async def test_second_outage_is_logged_again(
    connect: Connect, server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    process = connect(Clock())
    for outage in (1, 2):
        server.process.kill()
        for _ in range(3):
            await process.drop("app token")
        assert warnings_in(caplog, "redis is away") == outage
        server.process.start()

        async def is_back() -> bool:
            await process.drop("app token")
            return not process._link._outage._is_on

        await until(is_back)


async def test_own_takes_still_count_when_redis_came_back_empty(
    connect: Connect, server: RedisServer
) -> None:
    clock = Clock()
    process = connect(clock)
    assert await process.take("chat:g17", ((2, 60),)) == 0.0
    assert await process.take("chat:g17", ((2, 60),)) == 0.0

    server.empty()

    assert await process.take("chat:g17", ((2, 60),)) == 60.0
    other = connect(clock)
    assert [await other.take("chat:g17", ((2, 60),)) for _ in range(3)] == [0.0, 0.0, 60.0]
    clock.pass_s(60)
    assert await process.take("chat:g17", ((2, 60),)) == 0.0


async def test_waiters_are_woken_once_when_redis_is_back_since_rings_may_be_lost(
    connect: Connect,
    server: RedisServer,
) -> None:
    process = connect(Clock())
    await process.start()
    server.process.kill()
    wait = asyncio.create_task(process.wait("work:3", SOON_S))
    await asyncio.sleep(0)

    server.process.start()

    assert await wait


async def test_hung_redis_holds_nobody_longer_than_the_patience(
    connect: Connect, server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    process = connect(Clock(), patience_s=0.2, retry_s=1.0)
    assert await process.take("app", ((50, 60),)) == 0.0
    hang(server, 1500)

    began = time.monotonic()
    assert {await process.take("app", ((50, 60),)) for _ in range(20)} == {0.0}
    took_s = time.monotonic() - began

    assert took_s < 1.0
    assert warnings_in(caplog, "redis is away") == 1

    async def is_back() -> bool:
        await process.get("app token")
        return not process._link._outage._is_on

    await until(is_back)


async def test_silent_redis_is_noticed_by_the_bells(
    connect: Connect,
    server: RedisServer,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr("storage.coordination_redis._QUIET_S", SHORT_S)
    process = connect(Clock(), patience_s=0.2)
    await process.start()

    hang(server, 1000)

    await until(lambda: said(caplog, "heard at the next poll", 1))
    await until(lambda: said(caplog, "no longer: bells", 1))


def hang(server: RedisServer, for_ms: int) -> None:
    """Let Redis take commands but answer none for a while."""
    with redis.Redis.from_url(server.url) as raw:
        raw.client_pause(for_ms)


async def test_redis_that_was_never_there_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    process = Connect("redis://127.0.0.1:1/0")(Clock(), share=1 / 3)
    await process.start()
    assert not process.is_there

    takes = [await process.take("chat:g17", ((30, 60),), 6) for _ in range(9)]
    danger = [await process.take("chat:g17", ((30, 60),)) for _ in range(3)]
    lone = [await process.take("lone", ((1, 60),)) for _ in range(2)]
    tight = [await process.take("tight", ((3, 60),), 2) for _ in range(2)]

    assert takes == [0.0] * 8 + [60.0]
    assert danger == [0.0, 0.0, 60.0]
    assert lone == [0.0, 60.0]
    assert tight == [0.0, 60.0]
    assert warnings_in(caplog, "redis is away") == 2
    await process.close()
