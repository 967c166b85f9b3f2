"""Bells, buckets and the small cache: one class of tests over both forms of coordination."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.wecom.channel import Buckets, Tokens
from storage.coordination import Coordination, InProcess
from storage.coordination_redis import OverRedis
from tests.storage.coordinating import SHORT_S, SOON_S, Clock, Connect

if TYPE_CHECKING:  # mypy shows that both forms fit the seams of the house
    _both: tuple[type[Coordination], type[Coordination]] = (InProcess, OverRedis)
    _tokens: tuple[type[Tokens], type[Tokens]] = (InProcess, OverRedis)
    _buckets: tuple[type[Buckets], type[Buckets]] = (InProcess, OverRedis)

NUMBERS = itertools.count()


@dataclass
class Pair:
    """Two processes of one site; in the in-process form both are the same one."""

    here: Coordination
    there: Coordination
    clock: Clock


@pytest.fixture(params=["in process", "over redis"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    clock = Clock()
    if request.param == "in process":
        alone = InProcess(clock)
        yield Pair(alone, alone, clock)
        return
    connect = Connect(request.getfixturevalue("redis_url"))
    here, there = connect(clock), connect(clock)
    await asyncio.gather(here.start(), there.start())
    yield Pair(here, there, clock)
    await connect.close()


class TestBothForms:
    async def test_ring_wakes_all_who_wait_wherever_they_are(self, pair: Pair) -> None:
        waits = [
            asyncio.create_task(process.wait("work:3", SOON_S))
            for process in (pair.here, pair.there, pair.there)
        ]
        await asyncio.sleep(0)

        await pair.here.ring("work:3")

        assert await asyncio.gather(*waits) == [True, True, True]

    async def test_ring_wakes_those_whose_wait_has_not_begun_in_this_tick(self, pair: Pair) -> None:
        waits = [asyncio.create_task(pair.here.wait("work:3", SOON_S)) for _ in range(3)]

        await pair.here.ring("work:3")

        assert await asyncio.gather(*waits) == [True, True, True]

    async def test_ring_while_nobody_waits_wakes_the_next_wait(self, pair: Pair) -> None:
        assert not await pair.there.wait("done:app:88", 0)

        await pair.here.ring("done:app:88")

        assert await pair.there.wait("done:app:88", SOON_S)

    async def test_many_rings_while_nobody_waits_wake_once(self, pair: Pair) -> None:
        for _ in range(3):
            await pair.here.ring("work:3")

        assert await pair.here.wait("work:3", SOON_S)
        assert not await pair.here.wait("work:3", SHORT_S)

    async def test_ring_wakes_a_waiter_once(self, pair: Pair) -> None:
        wait = asyncio.create_task(pair.here.wait("work:3", SOON_S))
        await asyncio.sleep(0)

        await pair.here.ring("work:3")

        assert await wait
        assert not await pair.here.wait("work:3", SHORT_S)

    async def test_ring_since_the_mark_wakes_everybody_who_looked_before(self, pair: Pair) -> None:
        marks = [pair.there.mark(), pair.there.mark()]

        await pair.here.ring("work:3")

        assert await pair.there.wait("work:3", SOON_S, marks[0])
        assert await pair.there.wait("work:3", SOON_S, marks[1])
        assert not await pair.there.wait("work:3", SHORT_S, pair.there.mark())

    async def test_other_bells_wake_nobody(self, pair: Pair) -> None:
        wait = asyncio.create_task(pair.there.wait("work:3", SHORT_S))

        await pair.here.ring("work:4")

        assert not await wait

    async def test_one_who_stops_waiting_takes_no_ring_away(self, pair: Pair) -> None:
        impatient = asyncio.create_task(pair.here.wait("work:3", SOON_S))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.wait([impatient])

        await pair.here.ring("work:3")

        assert await pair.here.wait("work:3", SOON_S)

    async def test_thousands_of_bells_do_not_push_out_one_that_is_waited_for(
        self, pair: Pair
    ) -> None:
        wait = asyncio.create_task(pair.here.wait("work:3", SOON_S))
        await asyncio.sleep(0)

        await asyncio.gather(*(pair.here.wait(f"done:app:{n}", 0) for n in range(5000)))
        await pair.here.ring("work:3")

        assert await wait

    async def test_bucket_gives_its_count_and_then_says_how_long_to_wait(self, pair: Pair) -> None:
        limits = ((2, 60),)
        assert await pair.here.take("chat:g17", limits) == 0.0
        pair.clock.pass_s(10)
        assert await pair.there.take("chat:g17", limits) == 0.0

        assert await pair.here.take("chat:g17", limits) == 50.0
        assert await pair.there.take("chat:g17", limits) == 50.0
        pair.clock.pass_s(49.999999)
        assert await pair.there.take("chat:g17", limits) == 0.000001
        pair.clock.pass_s(0.000001)
        assert await pair.there.take("chat:g17", limits) == 0.0
        assert await pair.here.take("chat:g17", limits) == 10.0

    async def test_strictest_window_decides(self, pair: Pair) -> None:
        limits = ((1, 5), (2, 3600))
        assert await pair.here.take("chat:g17", limits) == 0.0
        assert await pair.here.take("chat:g17", limits) == 5.0
        pair.clock.pass_s(5)
        assert await pair.here.take("chat:g17", limits) == 0.0

        assert await pair.here.take("chat:g17", limits) == 3595.0

    async def test_reserve_is_kept_for_danger(self, pair: Pair) -> None:
        limits = ((4, 60), (5, 3600))
        assert [await pair.here.take("chat:g17", limits, 3) for _ in range(2)] == [0.0, 60.0]

        danger = [await pair.there.take("chat:g17", limits) for _ in range(4)]

        assert danger == [0.0, 0.0, 0.0, 60.0]

    async def test_buckets_of_different_names_are_apart(self, pair: Pair) -> None:
        assert await pair.here.take("chat:g17", ((1, 60),)) == 0.0

        assert await pair.here.take("chat:g18", ((1, 60),)) == 0.0

    async def test_concurrent_takes_never_get_more_than_the_count(self, pair: Pair) -> None:
        takers = [process.take("app", ((30, 60),)) for process in (pair.here, pair.there) * 30]

        waits = await asyncio.gather(*takers)

        assert waits.count(0.0) == 30
        assert set(waits) == {0.0, 60.0}

    async def test_unlimited_bucket_never_waits(self, pair: Pair) -> None:
        assert {await pair.here.take("free", ()) for _ in range(5)} == {0.0}

    @pytest.mark.parametrize(
        ("limits", "reserve"),
        [
            pytest.param(((0, 60),), 0, id="no token"),
            pytest.param(((5, 0),), 0, id="no time"),
            pytest.param(((30, 60), (5, 60)), 5, id="all in reserve"),
            pytest.param(((5, 60),), -1, id="negative reserve"),
        ],
    )
    async def test_limits_that_could_never_be_met_are_an_error(
        self, pair: Pair, limits: tuple[tuple[int, int], ...], reserve: int
    ) -> None:
        with pytest.raises(ValueError, match="leave nothing"):
            await pair.here.take("chat:g17", limits, reserve)

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        limits=st.lists(
            st.tuples(st.integers(3, 8), st.integers(1, 90)), min_size=1, max_size=3
        ).map(tuple),
        steps=st.lists(
            st.tuples(st.integers(0, 30_000_000), st.booleans(), st.integers(0, 2)), max_size=25
        ),
    )
    async def test_bucket_does_what_a_list_of_moments_says(
        self,
        pair: Pair,
        limits: tuple[tuple[int, int], ...],
        steps: list[tuple[int, bool, int]],
    ) -> None:
        taken: list[datetime] = []
        name = f"bucket:{next(NUMBERS)}"

        for pause_us, is_here, reserve in steps:
            pair.clock.at += timedelta(microseconds=pause_us)
            process = pair.here if is_here else pair.there
            expected = wait_by_hand(taken, limits, reserve, pair.clock.at)

            assert await process.take(name, limits, reserve) == expected
            if expected == 0.0:
                taken.append(pair.clock.at)

    async def test_cache_gives_back_what_any_process_kept_until_its_end(self, pair: Pair) -> None:
        until = pair.clock() + timedelta(seconds=7200, microseconds=5)
        await pair.here.put("app token", "季-s3cret", until)

        assert await pair.here.get("app token") == ("季-s3cret", until)
        assert await pair.there.get("app token") == ("季-s3cret", until)
        assert await pair.there.get("robot token") is None
        pair.clock.at = until - timedelta(microseconds=1)
        assert await pair.there.get("app token") == ("季-s3cret", until)
        pair.clock.at = until
        assert await pair.there.get("app token") is None

    async def test_cache_keeps_the_newest_value(self, pair: Pair) -> None:
        await pair.here.put("app token", "old", pair.clock() + timedelta(hours=2))
        await pair.there.put("app token", "new", pair.clock() + timedelta(hours=1))

        assert await pair.here.get("app token") == ("new", pair.clock() + timedelta(hours=1))

    async def test_dropped_value_is_gone_for_all(self, pair: Pair) -> None:
        await pair.here.put("app token", "refused", pair.clock() + timedelta(hours=2))

        await pair.there.drop("app token")
        await pair.there.drop("never kept")

        assert await pair.here.get("app token") is None

    async def test_value_that_has_ended_already_is_not_kept(self, pair: Pair) -> None:
        await pair.here.put("app token", "late", pair.clock() - timedelta(hours=2))

        assert await pair.here.get("app token") is None


def wait_by_hand(
    taken: list[datetime], limits: tuple[tuple[int, int], ...], reserve: int, now: datetime
) -> float:
    """Shortest wait after which every window holds fewer tokens than it may, by trying out."""
    ends = [moment + timedelta(seconds=seconds) for moment in taken for _, seconds in limits]
    for moment in sorted({now, *(end for end in ends if end > now)}):
        if all(
            sum(moment - timedelta(seconds=seconds) < past for past in taken) < count - reserve
            for count, seconds in limits
        ):
            return (moment - now) / timedelta(seconds=1)
    raise AssertionError("a window never opens")


async def test_memory_of_in_process_buckets_does_not_grow_with_names() -> None:
    clock = Clock()
    alone = InProcess(clock)

    for number in range(1000):
        await alone.take(f"member:{number}", ((1, 60),))
        clock.pass_s(10)

    assert len(alone._taken._taken) <= 7


async def test_memory_of_the_in_process_cache_is_bounded() -> None:
    alone = InProcess(Clock())
    until = alone._now() + timedelta(hours=1)

    for number in range(5000):
        await alone.put(f"card:{number}", "code", until)

    assert await alone.get("card:0") is None
    assert await alone.get("card:4999") == ("code", until)


async def test_clock_that_steps_back_gives_no_extra_tokens() -> None:
    clock = Clock()
    alone = InProcess(clock)
    assert await alone.take("app", ((2, 60),)) == 0.0
    clock.pass_s(-1)
    assert await alone.take("app", ((2, 60),)) == 0.0

    assert await alone.take("app", ((2, 60),)) == 60.0
