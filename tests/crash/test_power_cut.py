"""The power goes at a random moment of a working bot on SQLite: what was acknowledged is there.

A real bot process under load writes through ``oplog.c``; afterwards the disk is rebuilt at random
moments, with nothing, all or some sectors of what was not synced. Each such database opens, is
whole, holds every letter that had been answered with 200 and every ticket whose number anybody had
read by then, and no Turn is half there. A thousand such disks in `make soak`.
"""

import asyncio
import contextlib
import os
import random
import re
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import text

from storage.database import Database
from tests.crash.books import Books, read_books
from tests.crash.disk import WRITE, Op, read_log, states
from tests.crash.knocks import Acked, knock
from tests.crash.shims import built
from tests.crash.stream import MORE, Poured, pour, reports
from tests.servers.polling import until
from tests.stories.demo import demo_process
from tests.stories.world import World, open_world

NAME = "jingge.db"
SEED = 20261123
FEW, FEW_LETTERS = 100, 40
MANY = int(os.environ.get("SOAK_POWER_CUTS", "1000"))
MANY_LETTERS = 150
# A busy machine answers late; who said three things meanwhile is not heard. Nothing is lost by it.
BUSY = frozenset({"unfinished", "callback_late"})
_NUMBER = re.compile(r"[A-Z]{2}\d{6}-\d{4}[A-Z]")
_LOOK_S, _PAUSE_S = 0.3, 1.0


@dataclass
class Load:
    """What the world knew of the bot, with the moment (monotonic) when it knew it."""

    acked: Acked = field(default_factory=Acked)
    poured: Poured = field(default_factory=Poured)
    numbers: dict[str, float] = field(default_factory=dict)


async def worked(world: World, load: Load, letters: int) -> None:
    """Speak, knock and look at what is shown until so many letters are acknowledged."""
    done, dice = asyncio.Event(), random.Random(SEED)  # noqa: S311 - repeatable
    source = reports(SEED, MORE)
    tasks = [
        asyncio.create_task(pour(world, load.poured, source, 10_000, done, _PAUSE_S)),
        asyncio.create_task(knock(world, load.acked, source, dice, done)),
        asyncio.create_task(_look(world, load, done)),
    ]

    async def enough() -> bool:
        assert not any(one.done() for one in tasks), "no more to say"
        return len(load.acked.at) >= letters and len(load.numbers) >= letters / 2

    await until(enough, "letters are acknowledged, tickets are shown", within_s=500)
    done.set()
    await asyncio.gather(*tasks)


async def _look(world: World, load: Load, done: asyncio.Event) -> None:
    """Note the numbers that somebody could read by now."""
    while not done.is_set():
        with contextlib.suppress(aiohttp.ClientError):
            shown = await world.everything_said()
            now = time.monotonic()
            for line in shown:
                for number in _NUMBER.findall(f"{line.text} {line.card}" if line.is_bot else ""):
                    load.numbers.setdefault(number, now)
        await asyncio.sleep(_LOOK_S)


def rows_of(books: Books) -> dict[str, Counter[str]]:
    """What each event's Turn wrote: keys of its steps and of its words."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, rows in (("step", books.journal), ("words", books.outgoing)):
        for row in rows:
            event, _, number = row.key.rpartition(":")
            found[event][f"{kind} {number}"] += 1
    return found


def half_done(books: Books, whole: dict[str, Counter[str]]) -> list[str]:
    """Events of which the database holds some rows and not all."""
    here = rows_of(books)
    wrong = []
    for row in books.inbox:
        wanted = whole.get(row.key, Counter()) if row.done_at else Counter()
        if here.get(row.key, Counter()) != wanted:
            wrong.append(row.key)
    return wrong


def missing(words: Iterable[str], known: dict[str, float], by: float) -> list[str]:
    """What somebody knew before ``by`` and the database does not know."""
    there = set(words)
    return [one for one, at in known.items() if at < by and one not in there]


def is_whole(folder: Path) -> str:
    """Open it as the bot does, which also recovers it; "ok", or what is wrong."""
    database = Database(f"sqlite:///{folder / NAME}")
    try:
        with database.writer_engine.connect() as conn:
            return str(conn.execute(text("PRAGMA integrity_check")).scalar_one())
    finally:
        database.close()


async def cut_again_and_again(folder: Path, letters: int, cuts: int) -> str:
    """Load, then so many power cuts; the line for docs/soak.md."""
    log, load = folder / "oplog", Load()
    shim = built("oplog", folder)
    given = {"LD_PRELOAD": str(shim), "OPLOG": str(log), "OPLOG_NAME": f"/{NAME}"}
    with demo_process(DATABASE_URL="", REDIS_URL="", **given) as demo:
        async with open_world(demo) as world:
            world.broken_on_purpose = BUSY
            await worked(world, load, letters)
            await world.pass_seconds(5)
        whole = rows_of(read_books(demo.data))
        ops = read_log(log)
        shutil.copy(demo.data / "keys.json", folder)
    return await asyncio.to_thread(_cut, folder, ops, load, whole, cuts)


def _cut(folder: Path, ops: list[Op], load: Load, whole: dict[str, Counter[str]], cuts: int) -> str:
    dice = random.Random(SEED)  # noqa: S311 - repeatable
    first = next(n for n, one in enumerate(ops) if one.at > min(load.acked.at.values()))
    chosen = [dice.randrange(first, len(ops)) for _ in range(cuts)]
    modes: Counter[str] = Counter()
    at_stake = 0
    for by, mode in states(ops, chosen, folder, NAME, dice):
        where = f"cut at {by:.3f}, unsynced {mode}"
        assert is_whole(folder) == "ok", where
        books = read_books(folder)
        assert missing(_words(books), load.acked.at, by) == [], where
        assert missing((one.number for one in books.tickets), load.numbers, by) == [], where
        assert half_done(books, whole) == [], where
        assert books.wrong_stories() == [], where
        modes[mode] += 1
        at_stake += sum(at < by for at in load.acked.at.values())
    writes = sum(one.op == WRITE for one in ops)
    return (
        f"power cuts: {cuts} states ({dict(sorted(modes.items()))}) of {len(ops)} operations "
        f"({writes} writes), {at_stake} acknowledgements looked up, none lost; seed {SEED}\n"
    )


def _words(books: Books) -> set[str]:
    return set(books.words.values())


async def test_a_power_cut_loses_nothing_acknowledged_and_halves_nothing(tmp_path: Path) -> None:
    sys.stderr.write(await cut_again_and_again(tmp_path, FEW_LETTERS, FEW))


@pytest.mark.soak
@pytest.mark.timeout(3000)
async def test_a_thousand_power_cuts_lose_nothing_and_halve_nothing(tmp_path: Path) -> None:
    sys.stderr.write(await cut_again_and_again(tmp_path, MANY_LETTERS, MANY))
