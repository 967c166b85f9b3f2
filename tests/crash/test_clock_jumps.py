"""The machine's clock is set while the bot runs, and the process stands still for a while.

Jumps of an hour, forward and back, are seen by the bot alone (``clock.c``), not by WeCom. Nothing
falls due too early, nothing is lost or doubled, and a bot that begins anew after the
clock went back finds its leases free. A stopped process hears what waited when it is woken.
"""

import asyncio
import os
import signal
import struct
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crash.books import Books
from tests.crash.checks import opened_once, settled, starts
from tests.crash.conftest import Station
from tests.crash.shims import built
from tests.crash.stream import CALLBACKS, Poured, Report, pour, reports
from tests.crash.test_kill import has_no_key
from tests.servers.polling import until
from tests.stories.demo import demo_process
from tests.stories.world import World, open_world

SEED, EACH = 41, 5
HOUR_NS = 3600 * 10**9
MOST_AHEAD = timedelta(minutes=2)
BUSY = frozenset({"unfinished", "callback_late"})
SHORT_S = 6.0
LONG_S = 60.0


def jump(file: Path, to_ns: int) -> None:
    """The machine's clock shows so much more than the true time."""
    with file.open("r+b") as kept:
        kept.write(struct.pack("<q", to_ns))


@pytest.fixture
def jumpy(tmp_path: Path) -> Iterator[tuple[Station, Path]]:
    """A demo on SQLite whose bot has a clock that can be set."""
    file = tmp_path / "jump"
    file.write_bytes(bytes(8))
    given = {
        "LD_PRELOAD": str(built("clock", tmp_path)),
        "CLOCK_JUMP": str(file),
        "CLOCK_ONLY": "demo-bot",
    }
    with demo_process(DATABASE_URL="", REDIS_URL="", **given) as demo:
        yield Station(demo), file


async def too_early(world: World, books: Books) -> list[str]:
    """Clocks and cron hours that rang before their time."""
    latest = await world.now() + MOST_AHEAD
    rung = [row for row in books.inbox if row.kind in ("due", "scheduled")]
    return [row.key for row in rung if row.event_at > latest]


async def test_clock_set_by_an_hour_rings_nothing_early_and_loses_nothing(
    jumpy: tuple[Station, Path],
) -> None:
    station, file = jumpy
    source, poured = reports(SEED), Poured()
    async with open_world(station.demo) as world:
        world.broken_on_purpose = BUSY | {"response_url_used"}
        for to_ns in (0, HOUR_NS, -HOUR_NS):
            jump(file, to_ns)
            await pour(world, poured, source, len(poured.reports) + EACH)
        await settled(world)
        begun = starts(world)
        station.demo.kill_bot()  # who held the leases cannot give them back

        async def begun_again() -> bool:
            return starts(world) > begun

        await until(begun_again, "the next life")
        jump(file, 0)
        await pour(world, poured, source, len(poured.reports) + EACH)
        await settled(world)

        books = station.books()
        assert await too_early(world, books) == []
        assert [one.text for one in poured.reports if not books.accepted(one.text)] == []
        assert opened_once(books, poured) == []
        assert books.faults(await world.everything_said()) == {}
    log = (station.demo.data / "bot.log").read_text(encoding="utf-8")
    assert "clock jumped by +3600 s" in log


async def test_process_that_stood_still_hears_what_waited(station: Station) -> None:
    await stood_still(station, SHORT_S)


@pytest.mark.soak
async def test_process_that_stood_still_for_a_minute_hears_what_waited(station: Station) -> None:
    await stood_still(station, LONG_S)


async def stood_still(station: Station, seconds: float) -> None:
    """Words before, meanwhile (on the long connection) and after; the books agree."""
    every, poured = reports(SEED), Poured()
    async with open_world(station.demo) as world:
        world.broken_on_purpose = BUSY
        await pour(world, poured, every, EACH)
        pid = station.demo.bot_pid()
        os.kill(pid, signal.SIGSTOP)
        try:
            await pour(world, poured, _on_the_line(every), 2 * EACH)
            await asyncio.sleep(seconds)
        finally:
            os.kill(pid, signal.SIGCONT)
        await pour(world, poured, every, 3 * EACH)
        await settled(world)

        books = station.books()
        assert station.demo.bot_pid() == pid
        assert [one.text for one in poured.reports if not books.accepted(one.text)] == []
        assert opened_once(books, poured) == []
        faults = books.faults(await world.everything_said())
        doubled = faults.pop("doubled", [])  # it could not read who took its last words
        assert faults == {}
        assert [one for one in doubled if not has_no_key(one)] == []


def _on_the_line(source: Iterator[Report]) -> Iterator[Report]:
    """Those that WeCom keeps on the long connection; a callback it gives up after four tries."""
    return (one for one in source if one.chat not in CALLBACKS)
