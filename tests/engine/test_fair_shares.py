"""Several processes on one PostgreSQL: each has its part, and a dead one's part is taken over."""

from functools import partial

import pytest

from bot.engine.keeper import Keeper
from bot.lines import PARTITIONS
from storage import leases
from tests.engine.conftest import Build
from tests.engine.house import House, heard
from tests.engine.test_once import _die

PARTS = [leases.partition(n) for n in range(PARTITIONS)]


def held(house: House) -> list[str]:
    """The partitions that this process thinks it holds."""
    keeper = house.engine.keeper
    assert isinstance(keeper, Keeper)
    return [name for name in PARTS if keeper.epoch(name) is not None]


def are_parts(houses: list[House], parts: list[int]) -> bool:
    """True when the numbers of partitions that they hold are these."""
    return sorted((len(held(one)) for one in houses), reverse=True) == parts


async def test_second_process_gets_half_and_a_third_its_part(
    migrated_postgres_url: str, build: Build
) -> None:
    houses = [build(migrated_postgres_url) for _ in range(3)]
    for count, parts in ((1, [8]), (2, [4, 4]), (3, [3, 3, 2])):
        await houses[count - 1].open()
        await houses[0].has(partial(are_parts, houses[:count], parts), f"parts of {parts}")
        assert sorted(name for one in houses[:count] for name in held(one)) == PARTS


async def test_part_of_a_dead_process_is_worked_by_those_who_live(
    migrated_postgres_url: str, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = build(migrated_postgres_url), build(migrated_postgres_url)
    await first.open()
    await second.open()
    await first.has(lambda: len(held(first)) == len(held(second)) == 4, "they have shared")
    chats = [f"wr{number}" for number in range(24)]

    await _die(first, monkeypatch)
    for chat in chats:
        await second.hear(heard(chat, chat=chat))
    await second.has(lambda: sorted(second.done()) == sorted(chats), "everything is done")

    assert held(second) == PARTS


async def test_process_that_stops_leaves_its_part_at_once_and_does_not_wait_for_others(
    migrated_postgres_url: str, build: Build
) -> None:
    first, second = build(migrated_postgres_url), build(migrated_postgres_url)
    await first.open()
    await second.open()
    await first.has(lambda: len(held(first)) == len(held(second)) == 4, "they have shared")
    assert second.engine.keeper is not None

    await first.close()
    await second.engine.keeper.renew()

    assert held(second) == PARTS
    assert second.engine.keeper.others == 0


async def test_other_process_is_woken_by_the_bells(
    migrated_postgres_url: str, build: Build
) -> None:
    """The event of another's partition rings there; Redis carries it where there is one."""
    first, second = build(migrated_postgres_url), build(migrated_postgres_url)
    await first.open()
    await second.open()
    await first.has(lambda: len(held(first)) == len(held(second)) == 4, "they have shared")
    called: list[str] = []
    keeper = first.engine.keeper
    assert keeper is not None
    first.engine.belfry.calls_out = lambda name: keeper.epoch(name) is None

    for number in range(8):
        await first.hear(heard(f"e{number}", chat=f"wr{number}"))
    called = sorted(first.engine.belfry.calls)

    assert called
    assert set(called) <= set(held(second))
