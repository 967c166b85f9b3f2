"""Limits, take-overs and lost tokens against the simulator, over the wire: traps 9 to 11, 16, 17.

The buckets are the real ones and both clocks move together, so what is held back here would have
been refused or silently dropped there.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import pytest

from bot.events import Heard
from bot.messages import Text
from bot.wecom.aibot import Socket
from bot.wecom.app import App
from bot.wecom.appchat import AppChat
from bot.wecom.client import Api
from bot.wecom.errors import Limited
from bot.wecom.places import AppConfig, SocketConfig
from simulator.server import serve
from simulator.sim import Sim
from simulator.world import load_world
from storage.coordination import InProcess
from tests.config.sites import SAMPLE
from tests.interop.simulator import Simulator
from tests.wecom.fakes import NOON, Clock, DictTokens, ListeningEars, row, until

pytestmark = pytest.mark.slow
GROUP, OFFICER = "wrGUIHUA01", "lin_zhiyuan"


@dataclass
class World:
    sim: Simulator
    session: aiohttp.ClientSession
    clock: Clock
    ears: ListeningEars
    line: dict[str, str]
    api: Api
    app: App
    groups: AppChat
    broken_on_purpose: frozenset[str] = frozenset()

    async def pass_s(self, seconds: float) -> None:
        """Both clocks go on."""
        self.clock.pass_s(seconds)
        await self.sim.post("/sim/clock", advance_s=seconds)

    async def patiently(self, send: Callable[[], Awaitable[object]]) -> None:
        """Send it; where our own bucket says wait, wait that long."""
        while True:
            try:
                await send()
            except Limited as full:
                await self.pass_s(full.retry_after_s)
            else:
                return

    def socket(self) -> Socket:
        own = SocketConfig(
            bot_id=self.line["bot_id"],
            secret=self.line["secret"],
            url=self.line["url"],
            backoff_first_s=0.02,
            backoff_last_s=0.1,
            yield_pause_s=0.02,
        )
        buckets = InProcess(self.clock)
        return Socket(own, self.session, self.ears, buckets, self.clock, alarm=lambda *_: None)


@pytest.fixture
async def world(
    session: aiohttp.ClientSession, ears: ListeningEars, tokens: DictTokens, clock: Clock
) -> AsyncIterator[World]:
    made_up = Sim(load_world(SAMPLE), now=NOON)
    async with serve(made_up) as url:
        sim = Simulator(url, session)
        doors = await sim.doors()
        own = doors["app"]
        config = AppConfig(
            corpid=own["corpid"],
            agentid=int(own["agentid"]),
            secret="demo-app-secret",
            aes_key=own["aes_key"],
            api_base=url,
            backoff_s=0.01,
        )
        api, buckets = Api(config, session, tokens, clock), InProcess(clock)
        app = App(config, api, ears, buckets, clock)
        groups = AppChat(api, buckets, clock)
        opened = World(sim, session, clock, ears, doors["robot_socket"], api, app, groups)
        yield opened
        assert {one["rule"] for one in await sim.errors()} == opened.broken_on_purpose


async def test_trap_09_two_replicas_do_not_fight_for_the_connection(world: World) -> None:
    """Trap 9: take-over; the older one is told, yields, and stays away."""
    first, second = world.socket(), world.socket()
    async with asyncio.TaskGroup() as group:
        group.create_task(first.run())
        await until(lambda: first.online)
        group.create_task(second.run())
        await until(lambda: second.online and first.yielded)
        with pytest.raises(TimeoutError):
            await until(lambda: first.online or second.yielded, within_s=0.5)

        await world.sim.say(GROUP, "wang_ayi", "路灯不亮", mention=True)
        await until(lambda: bool(world.ears.heard))
        assert (first.seen, second.seen) == ({"aibXIAOJING": 0}, {"aibXIAOJING": 1})
        await first.stop()
        await second.stop()


async def test_trap_10_answer_outlives_the_connection_that_brought_the_question(
    world: World,
) -> None:
    """Trap 10: a reconnect loses the 5 s windows; the 24 h answer is given all the same."""
    socket = world.socket()
    async with asyncio.TaskGroup() as group:
        group.create_task(socket.run())
        await until(lambda: socket.online)
        await world.sim.say(GROUP, "wang_ayi", "路灯不亮", mention=True)
        await until(lambda: bool(world.ears.heard))
        await world.sim.post("/sim/faults", on="socket", do="cut")
        await until(lambda: socket.seen == {"aibXIAOJING": 0} and socket.online)

        [event] = world.ears.heard
        assert isinstance(event, Heard)
        await socket.send(row(Text(text="收到"), GROUP, event.reply))
        await world.pass_s(24 * 3600 + 1)
        await socket.send(row(Text(text="办好了"), GROUP, event.reply, key="row-2"))
        await socket.stop()

    lines = [one["text"] for one in await world.sim.messages(GROUP) if one["from"] == "bot"]
    assert lines == ["收到", "办好了"]
    said = [call["what"] for call in await world.sim.get("/sim/calls") if "_msg" in call["what"]]
    assert said == ["aibot_respond_msg", "aibot_send_msg"]


async def test_trap_11_no_conversation_hears_more_than_wecom_allows(world: World) -> None:
    """Trap 11: the 31st message of a minute and the 1001st of an hour wait for their turn."""
    socket = world.socket()
    began = world.clock()
    async with asyncio.TaskGroup() as group:
        group.create_task(socket.run())
        await until(lambda: socket.online)
        for number in range(1010):
            said = row(Text(text=str(number)), GROUP, key=f"row-{number}")
            await world.patiently(lambda said=said: socket.send(said))  # type: ignore[misc]
        await socket.stop()

    lines = [one["text"] for one in await world.sim.messages(GROUP)]
    assert lines == [str(number) for number in range(1010)]
    assert (world.clock() - began).total_seconds() >= 3600


async def test_trap_11_a_word_counts_from_when_it_came_not_from_when_it_left(
    world: World,
) -> None:
    """The first of thirty was long on its way; the 31st leaves a minute after that one left."""
    socket = world.socket()
    await world.sim.post("/sim/faults", on="aibot_send_msg", do="delay", delay_s=1.5)
    async with asyncio.TaskGroup() as group:
        group.create_task(socket.run())
        await until(lambda: socket.online)
        for number in range(31):
            said = row(Text(text=str(number)), GROUP, key=f"row-{number}", danger=True)
            await world.patiently(lambda said=said: socket.send(said))  # type: ignore[misc]
            if number == 0:
                world.clock.pass_s(1.5)  # the simulator's own clock went on meanwhile
            if number == 29:
                await world.pass_s(58.6)
        await socket.stop()

    lines = [one["text"] for one in await world.sim.messages(GROUP)]
    assert lines == [str(number) for number in range(31)]


async def test_trap_16_token_that_ends_in_the_middle_of_a_burst_costs_one_fetch(
    world: World,
) -> None:
    """Trap 16: 40014 in the middle of a burst; every message arrives once."""
    await world.app.send(row(Text(text="先"), f"app:{OFFICER}", key="first"))
    await world.sim.post("/sim/faults", on="message/send", do="error", code=40014)

    async with asyncio.TaskGroup() as group:
        for number in range(20):
            said = row(Text(text=f"第{number}条"), f"app:{OFFICER}", key=f"row-{number}")
            group.create_task(world.app.send(said))

    calls = await world.sim.get("/sim/calls")
    texts = [one["text"] for one in await world.sim.inbox(OFFICER)]
    assert sorted(texts) == sorted(["先", *(f"第{number}条" for number in range(20))])
    assert [call["what"] for call in calls].count("gettoken") == 2


async def test_trap_17_nothing_is_silently_dropped_at_a_member(world: World) -> None:
    """Trap 17: over 30 a minute WeCom says ok and delivers nothing; our bucket stops before."""
    for number in range(70):
        said = row(Text(text=str(number)), f"app:{OFFICER}", key=f"row-{number}")
        await world.patiently(lambda said=said: world.app.send(said))  # type: ignore[misc]

    texts = [one["text"] for one in await world.sim.inbox(OFFICER)]
    assert texts == [str(number) for number in range(70)]


async def test_trap_17_second_reminder_with_equal_words_arrives(world: World) -> None:
    """Trap 17: duplicate_check would drop a reminder that is meant."""
    for number in range(2):
        said = row(Text(text="0001 还有1小时"), f"app:{OFFICER}", key=f"row-{number}")
        await world.app.send(said)

    texts = [one["text"] for one in await world.sim.inbox(OFFICER)]
    assert texts == ["0001 还有1小时"] * 2


async def test_trap_17_group_of_the_app_hears_at_most_200_a_minute(world: World) -> None:
    """Trap 17: appchat over 200 a minute is dropped without a word."""
    world.broken_on_purpose = frozenset({"appchat_unknown"})  # it asks whether there is one
    await world.groups.ensure("grid001", "警格群", [OFFICER, "fang_xiaoman"])
    for number in range(210):
        said = row(Text(text=str(number)), "appchat:grid001", key=f"row-{number}")
        await world.patiently(lambda said=said: world.groups.send(said))  # type: ignore[misc]

    texts = [one["text"] for one in await world.sim.messages("grid001")]
    assert texts == [str(number) for number in range(210)]
