"""A month of a station on PostgreSQL and Redis, with a fault on most days (一个月): soak.

Real processes, real servers, time by the simulator: every timer and cron hour of the month at its
moment. Each day people speak, officers sign, and something breaks: Redis goes, PostgreSQL
restarts, WeCom answers 503, in the first half also kill -9. The second half is one life of the bot:
its memory and descriptors are sampled every evening, and the slope of a straight line through them
is printed, with what the first and the last evening had open. SOAK_DAYS, SOAK_SEED: docs/soak.md.
"""

import asyncio
import os
import random
import statistics
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from tests.crash.checks import alive, opened_once, settled
from tests.crash.conftest import Station
from tests.crash.held import Held, held_by
from tests.crash.stream import MORE, Poured, pour, reports
from tests.crash.test_kill import LEFT_BY_DEATH
from tests.servers.polling import until
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.stories.world import World, open_world

DAYS = int(os.environ.get("SOAK_DAYS", "30"))
SEED = int(os.environ.get("SOAK_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
LOOK_DAYS = 3
A_DAY = 6  # reports, half of them while something is broken
LEAK_MB, LEAK_FDS = 1.0, 0.5  # for each simulated day
EXPECTED = LEFT_BY_DEATH | {"callback_late", "code_used"}
OFFICERS = ("林知远", "方小满", "唐朔")
Deed = Callable[[], Awaitable[None]]


def slope(values: list[float]) -> float:
    """How much the values grow from one to the next, by the best straight line."""
    if len(values) < 2:
        return 0.0
    return statistics.linear_regression(range(len(values)), values).slope


class Month:
    """The faults that a day may have; ``had`` counts them."""

    def __init__(self, world: World, postgres: PostgresServer, redis: RedisServer) -> None:
        self._world, self._postgres, self._redis = world, postgres, redis
        self.had: Counter[str] = Counter()

    def kinds(self, *, may_kill: bool) -> list[str]:
        """What can break today."""
        return ["nothing", "redis", "postgres", "wecom", *(["kill"] if may_kill else [])]

    @asynccontextmanager
    async def broken(self, kind: str) -> AsyncIterator[None]:
        """While open that is away; servers are back afterwards."""
        self.had[kind] += 1
        if kind == "redis":
            self._redis.process.kill()
        elif kind == "postgres":
            self._postgres.process.kill()
        elif kind == "wecom":
            await self._world.fault("message/send", "http", times=6)
            await self._world.fault("aibot_send_msg", "error", code=846609, times=3)
        elif kind == "kill":
            self._world.demo.kill_bot()
        try:
            yield
        finally:
            if kind == "redis":
                await asyncio.to_thread(self._redis.process.start)
            elif kind == "postgres":
                await asyncio.to_thread(self._postgres.process.start)
        await until(lambda: alive(self._world), "the bot is there", within_s=90)


async def signed(world: World) -> int:
    """Officers sign what they see; how many cards."""
    count = 0
    for name in OFFICERS:
        for card in (await world.officer(name).cards())[-3:]:
            if card.live and "签收" in card.buttons:
                await card.press("签收")
                count += 1
    return count


def ports_of(station: Station) -> dict[int, str]:
    """The servers that the bot speaks to, and itself."""
    settings = station.demo.bot_environment()
    urls = {
        "PostgreSQL": settings["DATABASE_URL"],
        "Redis": settings["REDIS_URL"],
        "WeCom": station.demo.sim,
        "the bot": station.demo.web,
    }
    return {urlsplit(url).port or 0: name for name, url in urls.items()}


@pytest.mark.soak
@pytest.mark.timeout(3000)
async def test_month_of_faults_balances_and_leaks_nothing(
    postgres_station: Station, postgres: PostgresServer, redis_server: RedisServer
) -> None:
    dice, poured = random.Random(SEED), Poured()  # noqa: S311 - repeatable
    source = reports(SEED, MORE)
    evenings: list[Held] = []
    signs, pid = 0, 0
    async with open_world(postgres_station.demo) as world:
        world.broken_on_purpose = EXPECTED
        month, ports = Month(world, postgres, redis_server), ports_of(postgres_station)
        for day in range(DAYS):
            second_half = day >= DAYS // 2
            await pour(world, poured, source, len(poured.reports) + A_DAY // 2)
            async with month.broken(dice.choice(month.kinds(may_kill=not second_half))):
                with_what_is_left = asyncio.timeout(20)
                try:
                    async with with_what_is_left:
                        await pour(world, poured, source, len(poured.reports) + A_DAY // 2)
                except TimeoutError:
                    assert with_what_is_left.expired()
            await settled(world)
            signs += await signed(world)
            await world.pass_days(1)
            if day % LOOK_DAYS == LOOK_DAYS - 1:  # before retention takes the words
                looked_into = postgres_station.books()
                assert opened_once(looked_into, poured) == []
                assert looked_into.out_of_order() == []
            if second_half:
                pid = pid or postgres_station.demo.bot_pid()
                evenings.append(held_by(pid, ports))
        await settled(world)

        books = postgres_station.books()
        assert books.unfinished() == []
        assert books.out_of_order() == []
        assert books.wrong_stories() == []
        assert postgres_station.demo.bot_pid() == (pid or postgres_station.demo.bot_pid())
    memory = slope([one.mb for one in evenings])
    descriptors = slope([float(one.descriptors) for one in evenings])
    said = (
        f"month: seed {SEED}, {DAYS} days, {len(poured.reports)} reports, {len(books.tickets)} "
        f"tickets, {signs} signed, {len(books.inbox)} events, faults {dict(month.had)}; second "
        f"half {evenings[0].mb:.1f} to {evenings[-1].mb:.1f} MB, {memory:+.2f} MB and "
        f"{descriptors:+.2f} descriptors a day\n"
        f"  megabytes {[round(one.mb, 1) for one in evenings]}\n"
        f"  descriptors {[one.descriptors for one in evenings]}; the first evening "
        f"{dict(evenings[0].files)}, the last {dict(evenings[-1].files)}\n"
    )
    sys.stderr.write(said)
    assert memory < LEAK_MB, said
    assert descriptors < LEAK_FDS, said
