"""The rules are read again and a stranger takes the long connection, while people speak.

A faulty folder is refused and a good one goes on between two messages; what is said around it
becomes one ticket each. While a stranger holds the connection every other door works, and a minute
later the bot has it back with all that waited.
"""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from storage.change_tables import RuleChangeRow
from storage.database import Database, table_of
from tests.crash.checks import opened_once, settled
from tests.crash.conftest import Station
from tests.crash.stream import CALLBACKS, Poured, pour, reports
from tests.servers.polling import until
from tests.stories.demo import ROOT, demo_process
from tests.stories.world import World, open_world

SEED, EACH = 51, 5
PAUSE_S = 2.5  # nobody is told more than WeCom lets through in a minute
ADMIN = "zuo_mingkai"
BUSY = frozenset({"unfinished", "callback_late"})
WORDS, BETTER = "收到，记下了", "收到了，记下了"


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[tuple[Station, Path]]:
    """A demo with a folder of rules that may be changed."""
    site = tmp_path / "site"
    shutil.copytree(ROOT / "config/site", site)
    with demo_process("--site", str(site), DATABASE_URL="", REDIS_URL="") as demo:
        yield Station(demo), site


def states(station: Station) -> list[str]:
    """What became of each change of the rules so far."""
    database = Database(f"sqlite:///{station.demo.data / 'jingge.db'}")
    c = table_of(RuleChangeRow).c
    try:
        return database.read_now(
            lambda conn: list(conn.execute(select(c.state).order_by(c.id)).scalars())
        )
    finally:
        database.close()


async def read_again(world: World, station: Station, number: int) -> str:
    """The outcome once the administrator has asked for it."""

    async def over() -> str:
        found = await asyncio.to_thread(states, station)
        return found[number] if len(found) > number and found[number] in ("done", "faulty") else ""

    answer = await world.person(ADMIN).tries_to_say("重读规则", "app", wait=False)
    assert answer["delivered"]
    return await until(over, "the rules were tried", within_s=240)


async def test_rules_read_again_under_load_lose_and_double_nothing(
    own_site: tuple[Station, Path],
) -> None:
    station, site = own_site
    texts = site / "texts.yaml"
    good = texts.read_text("utf-8")
    poured, done = Poured(), asyncio.Event()
    async with open_world(station.demo) as world:
        world.broken_on_purpose = BUSY
        speaking = asyncio.create_task(pour(world, poured, reports(SEED), 10_000, done, PAUSE_S))

        texts.write_text(good.replace("rating_thanks:", "rating_thankz:"), "utf-8")
        assert await read_again(world, station, 0) == "faulty"
        texts.write_text(good.replace(WORDS, BETTER), "utf-8")
        assert await read_again(world, station, 1) == "done"
        assert not speaking.done(), "no more to say"
        done.set()
        await speaking
        await settled(world)
        await world.resident("王阿姨").says("桂花苑25号楼门口的路灯不亮", chat="桂花苑")

        assert BETTER in await world.chat("桂花苑").last()
        await world.pass_seconds(130)
        books = station.books()
        assert len(poured.reports) >= EACH
        assert [one.text for one in poured.reports if not books.accepted(one.text)] == []
        assert opened_once(books, poured) == []
        assert books.faults(await world.everything_said()) == {}


async def take_over(
    world: World, stranger: aiohttp.ClientSession
) -> aiohttp.ClientWebSocketResponse:
    """Somebody who knows the secret takes the robot's connection."""
    door = (await world.get("/sim/world"))["doors"]["robot_socket"]
    ws = await stranger.ws_connect(door["url"])
    body = {"bot_id": door["bot_id"], "secret": door["secret"]}
    await ws.send_json({"cmd": "aibot_subscribe", "headers": {"req_id": "stranger"}, "body": body})
    answer = await ws.receive_json()
    assert answer["errcode"] == 0
    return ws


async def is_back(world: World, log: Path, before: int) -> bool:
    """True once the bot has subscribed again."""
    shown = (await world.get("/sim/world"))["doors"]["robot_socket"]["connected"]
    return shown and subscribed(log) > before


def subscribed(log: Path) -> int:
    """How often the bot has taken its connection."""
    return log.read_text(encoding="utf-8").count(" subscribed")


@pytest.mark.soak  # the bot leaves a stranger the line for a minute
async def test_stranger_on_the_line_loses_and_doubles_nothing(station: Station) -> None:
    poured, source = Poured(), reports(SEED)
    log = station.demo.data / "bot.log"
    async with open_world(station.demo) as world, aiohttp.ClientSession() as stranger:
        world.broken_on_purpose = BUSY
        await pour(world, poured, source, EACH)
        before = subscribed(log)
        line = await take_over(world, stranger)
        others = (one for one in source if one.chat in CALLBACKS)
        await pour(world, poured, others, 3 * EACH)
        with suppress(ConnectionError):
            await line.close()
        await until(partial(is_back, world, log, before), "the bot has it back", within_s=120)
        await pour(world, poured, source, 4 * EACH)
        await settled(world)

        books = station.books()
        assert [one.text for one in poured.reports if not books.accepted(one.text)] == []
        assert opened_once(books, poured) == []
        assert books.faults(await world.everything_said()) == {}
