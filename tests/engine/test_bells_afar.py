"""Several processes and Redis: what one leaves rings at the holder; nobody waits for the poll."""

from collections.abc import AsyncIterator

import pytest

from bot.engine import worker
from bot.engine.part import Part
from bot.lines import line_of, partition_of
from config.vocabulary import Loop
from storage import leases
from storage.coordination_redis import OverRedis
from tests.engine.conftest import Build
from tests.engine.house import GROUP, SEAL, House, heard
from tests.servers.redis import RedisServer

SPLIT = (frozenset({Loop.HEAR, Loop.WEB}), frozenset(Loop) - {Loop.HEAR, Loop.WEB})


@pytest.fixture
async def pair(
    migrated_postgres_url: str,
    redis_server: RedisServer,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[tuple[House, House]]:
    """One that only hears, one that works and sends; both would poll once in ten minutes."""
    monkeypatch.setattr(worker, "POLL_S", 600.0)
    houses = build(migrated_postgres_url), build(migrated_postgres_url)
    afar = [
        OverRedis(redis_server.url, house.clock.now, site="bells", seal=SEAL) for house in houses
    ]
    for house, bells, loops in zip(houses, afar, SPLIT, strict=True):
        works = Loop.SEND in loops
        await bells.start()
        await house.open(Part(loops, lambda _name, works=works: works, bells))  # type: ignore[misc]
    yield houses
    for house, bells in zip(houses, afar, strict=True):
        await house.close()
        await bells.close()


async def test_event_heard_here_is_worked_and_answered_there_without_a_poll(
    pair: tuple[House, House],
) -> None:
    hears, works = pair
    part = leases.partition(partition_of(line_of(GROUP)))
    await works.has(lambda: works.engine.keeper and works.engine.keeper.epoch(part), "it holds it")
    await hears.has(lambda: hears.engine.keeper and hears.engine.keeper.others, "they have met")
    works.desk.always = lambda turn, event: turn.say_group(GROUP, event.key)

    await hears.hear(heard("e1"))
    await works.has(lambda: works.socket.words == ["e1"], "it is said")

    assert hears.desk.tries == []
    assert hears.socket.words == []
