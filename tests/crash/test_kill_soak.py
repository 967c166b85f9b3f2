"""Two hundred deaths of the bot on each database, at random moments of work and of the start.

People speak at every door all the while, and letters come until they are acknowledged. The books
are balanced every ``PER_REST`` deaths and at the end of each chapter, which is a station of its
own: the sample estates have no more matters than one needs. SOAK_KILLS and SOAK_SEED as in
docs/soak.md.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import pytest

from tests.crash.books import read_books
from tests.crash.checks import Missing, missing, opened_once, settled
from tests.crash.knocks import Acked, knock
from tests.crash.lives import Lives, begun_again, lives
from tests.crash.stream import MORE, Poured, pour, reports
from tests.crash.test_kill import LEFT_BY_DEATH, has_no_key, more_tickets
from tests.servers.polling import until
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.stories.world import World, open_world

KILLS = int(os.environ.get("SOAK_KILLS", "200"))
SEED = int(os.environ.get("SOAK_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
PER_CHAPTER, PER_REST = 40, 10
IN_THE_START = 0.25  # of the deaths come before the new life has done anything
LONGEST_S, LONGEST_START_S = 0.6, 1.5
# Slower than a life can say: WeCom lets an officer have thirty words a minute, and a chapter has as
# many matters as its estates have houses.
PAUSE_S = 0.5
LONGEST_REST = 20  # minutes until what a limit held back is said
# An answer is late when the machine has no time for the bot; nothing is lost by it. Who died after
# a card was changed, and before it was written down, tries the used code once more. Without Redis a
# new life does not know how much the last one said within this minute: WeCom drops the 31st.
EXPECTED = LEFT_BY_DEATH | {"callback_late", "code_used", "member_minute"}


@dataclass
class Chapter:
    """What was said, acknowledged and killed on one station."""

    poured: Poured = field(default_factory=Poured)
    acked: Acked = field(default_factory=Acked)
    killed: int = 0
    missing: Missing = field(default_factory=Missing)
    dropped: int = 0
    opened: int = 0


async def die(world: World, chapter: Chapter, dice: random.Random) -> None:
    """One death: at work, or anywhere in the start of a life."""
    station = world.demo
    assert isinstance(station, Lives)
    if dice.random() < IN_THE_START:
        await asyncio.sleep(dice.uniform(0, LONGEST_START_S))
    else:
        chapter.opened = await until(
            partial(more_tickets, world, chapter.opened), "work goes on", within_s=90
        )
        await asyncio.sleep(dice.uniform(0, LONGEST_S))
    before = station.begun
    station.kill_bot()
    chapter.killed += 1
    await until(partial(lives_again, station, before), "the next life")


async def lives_again(station: Lives, before: int) -> bool:
    """True once another life has begun."""
    return station.begun > before


async def pass_chapter(station: Lives, url: str, kills: int, seed: int) -> Chapter:
    """So many deaths; the books are right after each rest and at the end."""
    dice, chapter = random.Random(seed), Chapter()  # noqa: S311 - repeatable
    source = reports(seed, MORE)
    async with open_world(station) as world, begun_again(world):
        world.broken_on_purpose = EXPECTED
        while chapter.killed < kills:
            done = asyncio.Event()
            load = [
                asyncio.create_task(pour(world, chapter.poured, source, 10_000, done, PAUSE_S)),
                asyncio.create_task(knock(world, chapter.acked, source, dice, done, PAUSE_S)),
            ]
            for _ in range(min(PER_REST, kills - chapter.killed)):
                await die(world, chapter, dice)
            assert not any(one.done() for one in load), "no more to say"
            done.set()
            await asyncio.gather(*load)
            await rested(world, url)
            await balanced(world, url, chapter)
            await world.pass_minutes(11)  # WeCom forgets who waits for an answer
    return chapter


async def rested(world: World, url: str) -> None:
    """Both sides quiet, and everything said that a limit had held back."""
    await settled(world)
    for _ in range(LONGEST_REST):
        if not read_books(world.demo.data, url).unfinished():
            return
        await world.pass_minutes(1)


async def balanced(world: World, url: str, chapter: Chapter) -> None:
    """Everything acknowledged is there once, in order, seen; nothing is half done."""
    books, shown = read_books(world.demo.data, url), await world.everything_said()
    faults = books.faults(shown)
    doubled, unseen = faults.pop("doubled", []), faults.pop("unseen", [])
    assert faults == {}, doubled
    chapter.dropped = await dropped(world)
    assert len(unseen) <= chapter.dropped
    assert [one for one in doubled if not has_no_key(one)] == []
    assert len(doubled) <= 2 * chapter.killed
    assert [text for text in chapter.acked.at if len(books.accepted(text)) != 1] == []
    assert opened_once(books, chapter.poured) == []
    opened = [text for text in chapter.acked.at for key in books.accepted(text)
              if len(books.tickets_of(key)) == 1]  # fmt: skip
    assert set(chapter.acked.at) - set(opened) == set()
    chapter.missing = await missing(world, books, chapter.poured)
    assert chapter.missing.lost == []


async def dropped(world: World) -> int:
    """How many words WeCom took and showed to nobody, since there were too many in a minute."""
    return sum(one["rule"] == "member_minute" for one in await world.get("/sim/errors"))


def told(kind: str, chapters: list[Chapter], began: float) -> str:
    """The line of docs/soak.md."""
    kills = sum(one.killed for one in chapters)
    said = sum(len(one.poured.reports) for one in chapters)
    acked = sum(len(one.acked.at) for one in chapters)
    again = sum(one.acked.again for one in chapters)
    not_there = Missing([report for one in chapters for report in one.missing.lawful])
    over = sum(one.dropped for one in chapters)
    return (
        f"kills {kind}: seed {SEED}, {kills} deaths in {time.monotonic() - began:.0f} s, "
        f"{acked} letters acknowledged and there once ({again} came twice), {said} sentences "
        f"said of which never handed over: {not_there.told()}; {over} words over WeCom's limit\n"
    )


@pytest.mark.soak
@pytest.mark.timeout(3000)
async def test_killed_two_hundred_times_on_sqlite() -> None:
    began, chapters = time.monotonic(), []
    for number, kills in enumerate(_chapters()):
        with lives() as station:
            chapters.append(await pass_chapter(station, "", kills, SEED + number))
    sys.stderr.write(told("SQLite", chapters, began))


@pytest.mark.soak
@pytest.mark.timeout(3000)
async def test_killed_two_hundred_times_on_postgres(
    postgres: PostgresServer, redis_server: RedisServer
) -> None:
    began, chapters = time.monotonic(), []
    for number, kills in enumerate(_chapters()):
        url = postgres.fresh_database()
        redis_server.empty()
        with lives(url, redis_server.url) as station:
            chapters.append(await pass_chapter(station, url, kills, SEED + number))
        postgres.drop(url)
    sys.stderr.write(told("PostgreSQL", chapters, began))


def _chapters() -> Iterator[int]:
    """Deaths of each station."""
    yield from (len(list(islice(range(start, KILLS), PER_CHAPTER)))
                for start in range(0, KILLS, PER_CHAPTER))  # fmt: skip
