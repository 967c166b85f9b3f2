"""Kill -9 of the bot at random moments under a stream of messages: nothing accepted is lost."""

import asyncio
import random

from tests.crash.checks import opened_once, settled
from tests.crash.conftest import Station
from tests.crash.stream import Poured, pour, reports
from tests.servers.polling import until
from tests.stories.world import World, open_world

SEED = 20260304
KILLS = 10
MOST = 130
FRAMES, LONGEST_S = 3, 0.2  # so many frames at most, and then so long, before the next death
IN_FLIGHT_PER_KILL = 3
# A frame in flight at a death is never answered; the third such one of a user stops deliveries.
LEFT_BY_DEATH = frozenset({"unfinished"})


async def kill_again_and_again(world: World, poured: Poured, dice: random.Random) -> None:
    """Kill the bot ``KILLS`` times, each time at a random moment of work."""
    for _ in range(KILLS):
        heard = poured.by_socket + dice.randint(1, FRAMES)
        await until(lambda seen=heard: reached(poured, seen), "the bot hears again", within_s=30)
        await asyncio.sleep(dice.uniform(0, LONGEST_S))
        world.demo.kill_bot()


async def reached(poured: Poured, count: int) -> bool:
    """True once so many frames went over the socket."""
    return poured.by_socket >= count


async def test_killed_bot_handles_every_accepted_message_once(station: Station) -> None:
    dice, poured, done = random.Random(SEED), Poured(), asyncio.Event()  # noqa: S311 - repeatable
    async with open_world(station.demo) as world:
        world.broken_on_purpose = LEFT_BY_DEATH
        pouring = asyncio.create_task(pour(world, poured, reports(SEED), MOST, done))

        await kill_again_and_again(world, poured, dice)
        assert not pouring.done(), "no more to say"
        done.set()
        await pouring
        await settled(world)

        books, shown = station.books(), await world.everything_said()
        lost = [report for report in poured.reports if not books.accepted(report.text)]
        assert len(books.tickets) >= KILLS
        assert books.faults(shown) == {}
        assert opened_once(books, poured) == []
        assert len(books.tickets) == len(poured.reports) - len(lost)
        assert len(lost) <= IN_FLIGHT_PER_KILL * KILLS  # in flight, never acknowledged by us
