"""Kill -9 of the bot at random moments under a stream of messages: nothing accepted is lost."""

import asyncio
import random
import re
from collections.abc import Iterator
from functools import partial

import aiohttp

from storage.repeats import FOCUS
from tests.crash.checks import missing, opened_once, settled
from tests.crash.conftest import Station
from tests.crash.stream import Poured, Report, pour, reports
from tests.servers.polling import until
from tests.stories.world import World, open_world

SEED = 20260304
KILLS = 5
MOST = 130
LONGEST_S = 0.4  # at most so long after the first ticket of a life comes its end
# A frame in flight at a death is never answered; the third such one of a user stops deliveries.
# An answer by response_url whose receipt died with the bot is tried once more.
LEFT_BY_DEATH = frozenset({"unfinished", "response_url_used"})


async def more_tickets(world: World, than: int) -> int:
    """How many tickets there are, when they are more; 0 otherwise, also from a dead bot."""
    try:
        count = len(await world.tickets())
    except (aiohttp.ClientError, TimeoutError):
        return 0
    return count if count > than else 0


async def kill_again_and_again(world: World, dice: random.Random) -> None:
    """Kill the bot ``KILLS`` times, each time at a random moment of work."""
    opened = 0
    for _ in range(KILLS):
        opened = await until(partial(more_tickets, world, opened), "work goes on", within_s=30)
        await asyncio.sleep(dice.uniform(0, LONGEST_S))
        world.demo.kill_bot()


def has_no_key(doubled: str) -> bool:
    """True for private texts; cards and answers in groups WeCom knows again."""
    chat, _, words = doubled.partition(": ")
    return ":" in chat and not re.match(r"XH\d{6}-", words)


async def test_killed_bot_handles_every_accepted_message_once(station: Station) -> None:
    dice, poured, done = random.Random(SEED), Poured(), asyncio.Event()  # noqa: S311 - repeatable
    async with open_world(station.demo) as world:
        world.broken_on_purpose = LEFT_BY_DEATH
        pouring = asyncio.create_task(pour(world, poured, reports(SEED), MOST, done))

        await kill_again_and_again(world, dice)
        assert not pouring.done(), "no more to say"
        done.set()
        await pouring
        await settled(world)

        books, shown = station.books(), await world.everything_said()
        not_there = await missing(world, books, poured)
        faults = books.faults(shown)
        doubled = faults.pop("doubled", [])
        assert faults == {}
        assert [one for one in doubled if not has_no_key(one)] == []
        assert len(doubled) <= 2 * KILLS  # a death between the send and its receipt
        assert opened_once(books, poured) == []
        assert not_there.lost == []
        of_people = [ticket for ticket in books.tickets if ticket.origin != FOCUS]
        assert len(of_people) == len(poured.reports) - len(not_there.lawful) >= KILLS


async def test_who_begins_anew_knows_what_was_said_within_the_minute(
    sqlite_station: Station,
) -> None:
    """Without Redis; else WeCom would drop what goes over thirty, and nobody would ever see it."""
    poured, source = Poured(), matters_of(reports(SEED), "桂花苑")
    async with open_world(sqlite_station.demo) as world:
        world.broken_on_purpose = LEFT_BY_DEATH
        pouring = asyncio.create_task(pour(world, poured, source, 50))
        await until(lambda: said_to_one(sqlite_station, 25), "the minute is used up")
        world.demo.kill_bot()
        await pouring
        await settled(world)

        faults = sqlite_station.books().faults(await world.everything_said())
        assert "unseen" not in faults


def matters_of(source: Iterator[Report], estate: str) -> Iterator[Report]:
    """Those of one estate, whose officer is one person."""
    return (one for one in source if estate in one.text)


async def said_to_one(station: Station, count: int) -> bool:
    """Whether so many words of the app have gone to somebody."""
    sent = [one.chat for one in station.books().outgoing if one.state == "sent"]
    return any(sent.count(chat) >= count for chat in set(sent) if chat.startswith("app:"))
