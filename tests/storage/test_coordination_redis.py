"""Coordination over Redis: nothing personal in it, sites apart, and noise does no harm."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
import redis

from config.faults import StartupFault
from storage.sealed import Seal
from tests.storage.coordinating import SHORT_S, SOON_S, Clock, Connect, until, warnings_in


@pytest.fixture
async def connect(redis_url: str) -> AsyncIterator[Connect]:
    connect = Connect(redis_url)
    yield connect
    await connect.close()


@pytest.fixture
def raw(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


async def test_redis_sees_neither_names_nor_values(raw: redis.Redis, connect: Connect) -> None:
    process = connect(Clock())
    with raw.monitor() as monitor:  # type: ignore[no-untyped-call]  # redis-py
        await process.take("member:ji_ayi", ((3, 60),))
        await process.put("token of ji_ayi", "s3cret", process._now() + timedelta(hours=1))
        await process.get("token of ji_ayi")
        await process.ring("done:app:ji_ayi")
        raw.echo("the end")
        commands = list(iter(lambda: str(monitor.next_command()["command"]), "ECHO the end"))

    told = [command for command in commands if "jingge:demo:" in command]
    assert {command.split()[0] for command in told} >= {"EVALSHA", "SET", "GET", "PUBLISH"}
    assert not [command for command in commands if "ji_ayi" in command or "s3cret" in command]


async def test_everything_kept_in_redis_ends_some_day(raw: redis.Redis, connect: Connect) -> None:
    process = connect(Clock())

    await process.take("chat:g17", ((3, 60), (9, 3600)))
    await process.put("app token", "s3cret", process._now() + timedelta(hours=1))

    lives_ms = sorted(raw.pttl(key) for key in raw.scan_iter("jingge:demo:*"))
    assert [round(life / 60_000) for life in lives_ms] == [60, 61]


async def test_sites_on_one_redis_do_not_meet(connect: Connect) -> None:
    clock = Clock()
    one = connect(clock)
    other = connect(clock, site="other")
    await asyncio.gather(one.start(), other.start())

    assert await one.take("app", ((1, 60),)) == 0.0
    await one.put("app token", "s3cret", clock() + timedelta(hours=1))
    await one.ring("work:3")

    assert await other.take("app", ((1, 60),)) == 0.0
    assert await other.get("app token") is None
    assert not await other.wait("work:3", SHORT_S)


async def test_wait_listens_although_nobody_called_start(connect: Connect) -> None:
    here, there = connect(Clock()), connect(Clock())
    wait = asyncio.create_task(there.wait("work:3", SOON_S))

    async def rung() -> bool:
        await here.ring("work:3")
        return wait.done()

    await until(rung)

    assert await wait


async def test_noise_on_the_channel_does_not_deafen(raw: redis.Redis, connect: Connect) -> None:
    here, there = connect(Clock()), connect(Clock())
    await asyncio.gather(here.start(), there.start())

    for noise in (b"", b"\xff\xfe", b"no second word", b" ", "季".encode() * 10_000):
        raw.publish("jingge:demo:bells", noise)
    await here.ring("work:3")

    assert await there.wait("work:3", SOON_S)


async def test_forgotten_script_is_loaded_again(
    raw: redis.Redis, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    process = connect(Clock())
    await process.take("app", ((2, 60),))

    raw.script_flush()

    assert await process.take("app", ((2, 60),)) == 0.0
    assert await process.take("app", ((2, 60),)) == 60.0
    assert warnings_in(caplog, "redis") == 0


async def test_value_sealed_with_other_keys_counts_as_none_with_a_warning(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    ours = connect(clock)
    theirs = connect(clock, seal=Seal({"k9": b"9" * 32}, "k9", b"h" * 32))
    await theirs.put("app token", "s3cret", clock() + timedelta(hours=1))

    assert await ours.get("app token") is None

    assert warnings_in(caplog, "k9") == 1
    assert "s3cret" not in caplog.text


async def test_cancelled_call_leaves_no_answer_behind_for_the_next(connect: Connect) -> None:
    process = connect(Clock())
    end = process._now() + timedelta(hours=1)
    await process.put("ours", "right", end)
    await process.put("theirs", "wrong", end)

    for steps in range(30):
        cancelled = asyncio.create_task(process.get("theirs"))
        for _ in range(steps % 10):
            await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.wait([cancelled])
        assert await process.get("ours") == ("right", end)


async def test_wrong_password_is_an_outage_that_names_its_cause(
    redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    process = Connect(redis_url.replace("redis://:", "redis://:not-"))(Clock())

    assert await process.take("app", ((2, 60),)) == 0.0

    assert warnings_in(caplog, "AuthenticationError") == 1
    assert "not-" not in caplog.text
    await process.close()


@pytest.mark.parametrize("url", ["", "127.0.0.1:6379", "http://127.0.0.1", "redis://host:port/0"])
def test_address_that_is_none_is_refused_at_start(url: str) -> None:
    with pytest.raises(StartupFault, match="Redis 地址"):
        Connect(url)(Clock())
