"""The bot is dead for ten minutes; what was said meanwhile comes late, over the real wire.

Callbacks are tried again by WeCom, 微信客服 is read from its cursor, the socket loses what was
said. Clocks of tickets that were open before fall due while nobody is there.
"""

import asyncio

import pytest

from tests.crash.checks import alive, settled
from tests.crash.conftest import Station
from tests.servers.polling import until
from tests.stories.customers import Customer
from tests.stories.world import World, open_world

SORRY = "抱歉，刚才系统中断"
ROOM = "邱若兰"
CUSTOMER = "wmZHOU01"
TEAM = "wrGEZIBAN1"  # hears by webhook, and the books know it by another name
LATE_KNOCK = frozenset({"kf_token"})  # the letter's token is ten minutes old; it is read without


@pytest.fixture
def station(sqlite_station: Station) -> Station:
    """One database is enough: the rows are looked at in tests/handlers on both."""
    return sqlite_station


async def dead_for_ten_minutes(world: World) -> None:
    """The bot dies; people speak, each at his door; ten minutes later it is back."""
    for user in ("chen_shu", "wang_ayi"):  # so that WeCom's four tries last until it is back
        await world.fault("callback", "delay", delay_s=5, user=user)
    world.demo.kill_bot()
    said = (
        world.person("陈叔").tries_to_say("救命，5号楼有人拿刀砍人了", "app", wait=False),
        world.person("王阿姨").tries_to_say("桂花苑3号楼门口的路灯不亮", "ge", wait=False),
        world.post("/sim/kf/say", customer=CUSTOMER, text="槐安里2号楼的楼道漏水", wait=False),
        world.person("徐小蕾").tries_to_say("7号楼的垃圾没人清", "桂花苑", wait=False),
    )
    await asyncio.gather(*said)
    await world.post("/sim/clock", advance_s=600, wait=False)
    await until(lambda: alive(world), "the bot is back", within_s=60)
    await settled(world)


async def test_ten_minutes_of_silence_end_in_one_list_and_no_surprise(station: Station) -> None:
    async with open_world(station.demo) as world:
        world.broken_on_purpose = LATE_KNOCK
        before = await world.chat("桂花苑").heard()
        await dead_for_ten_minutes(world)

        books, shown = station.books(), await world.everything_said()
        assert books.faults([line for line in shown if line.chat != TEAM]) == {}
        danger = next(t for t in books.tickets if t.danger == "confirmed")
        assert await world.chat("桂花苑").heard() == before
        for words in (
            await world.person("陈叔").heard_all(),
            "\n".join(await Customer(world, CUSTOMER).heard()),
        ):
            assert words.count(SORRY) == 1
        assert "110" in (await world.person("陈叔").heard_all()).split(SORRY, 1)[1]
        told = [text for text in await world.person(ROOM).heard() if "停机期间" in text]
        assert len(told) == 1
        assert danger.serial in told[0].split("\n")[1]
        assert "请先打电话核实" in told[0].split("\n")[1]
