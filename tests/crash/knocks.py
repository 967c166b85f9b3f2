"""Letters straight at the callback doors (直接敲门), by somebody who knows what was acknowledged.

The simulator gives a letter up after four tries, so what dies with the bot may be lost with right.
This one tries until it reads 200: from then on the letter is ours, whatever happens. Some letters
come again with the same id, as WeCom's do. Called by the kill soak and the power cut.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import aiohttp

from tests.bad_input.letters import Knocker, knockers
from tests.crash.stream import Report
from tests.stories.world import World

DOORS = ("app", "robot")
AGAIN = 0.3  # of the letters come twice
_PAUSE_S = 0.1
_WAITS_S = 5.0


@dataclass
class Acked:
    """The letters that were answered with 200, and when (monotonic seconds)."""

    at: dict[str, float] = field(default_factory=dict)  # text → moment
    tries: int = 0
    again: int = 0


async def knock(
    world: World, acked: Acked, source: Iterator[Report], dice: random.Random,
    done: asyncio.Event, pause_s: float = _PAUSE_S,
) -> None:  # fmt: skip
    """Letter after letter until ``done``; each is tried until it is acknowledged."""
    doors = await knockers(world)
    for number, report in enumerate(source):
        if done.is_set():
            return
        door = doors[DOORS[number % 2]]
        msgid = f"k{dice.getrandbits(60)}"
        while not await _is_taken(world, door, report, msgid):
            acked.tries += 1
            await asyncio.sleep(pause_s)
        acked.at[report.text] = time.monotonic()
        if dice.random() < AGAIN:
            acked.again += await _is_taken(world, door, report, msgid)
        await asyncio.sleep(pause_s)


async def _is_taken(world: World, door: Knocker, report: Report, msgid: str) -> bool:
    stamped = replace(door, stamp=str(int((await world.now()).timestamp())))
    letter = stamped.letter(report.text, msgid, world.people[report.user]["id"])
    try:
        async with asyncio.timeout(_WAITS_S):
            return await stamped.send(letter) == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
