"""The doors against the simulator's WeCom, over the wire: nothing that they say breaks a rule."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.events import Clicked, Heard, ReplyHandle
from bot.messages import Button, Card, CardUpdate, Message, Text
from bot.web.callbacks import add_callbacks
from bot.wecom.aibot import Socket
from bot.wecom.app import App
from bot.wecom.client import Api
from bot.wecom.errors import Gone, Refusal
from bot.wecom.places import AppConfig, RobotConfig, SocketConfig
from bot.wecom.robot import Robot
from tests.interop.simulator import Simulator, simulator_process
from tests.servers.process import free_port
from tests.wecom.fakes import Clock, DictTokens, ListeningEars, OpenBuckets, row, until

pytestmark = pytest.mark.slow

PICTURE = b"\x89PNG\r\n\x1a\n" + b"made up" * 10
GROUP, OFFICER = "wrGUIHUA01", "lin_zhiyuan"
CARD = Card(
    task_id="T260304-0001_1",
    title="邻里纠纷 · 紧急" + "长" * 40,
    desc="桂花苑3号楼" + "长" * 50,
    text="楼上深夜吵闹" * 40,
    quote="对门挂了面镜子",
    source="溪河警网",
    fields=(("时限", "30分钟"), ("报告人是谁呢", "王阿姨" * 20)),
    buttons=(Button(text="签收", key="accept|1"), Button(text="退回", key="send_back|1", style=2)),
)


@dataclass
class World:
    sim: Simulator
    ears: ListeningEars
    app: App
    robot: Robot
    socket: Socket
    broken_on_purpose: frozenset[str] = frozenset()

    async def press(self, user: str, card: Card, button: str) -> None:
        await self.sim.post("/sim/press", user=user, card=card.task_id, button=button, wait=False)

    async def event(self, kind: type[Heard] | type[Clicked]) -> Heard | Clicked:
        await until(lambda: any(isinstance(event, kind) for event in self.ears.heard))
        return next(event for event in self.ears.heard if isinstance(event, kind))


@pytest.fixture
async def world(
    session: aiohttp.ClientSession,
    ears: ListeningEars,
    buckets: OpenBuckets,
    tokens: DictTokens,
    clock: Clock,
) -> AsyncIterator[World]:
    port = free_port()
    process, url = simulator_process(
        "--now", "2026-03-04T12:00:00+08:00", "--bot-url", f"http://127.0.0.1:{port}"
    )
    process.start()
    try:
        sim = Simulator(url, session)
        doors = await sim.doors()
        own, back, line = doors["app"], doors["robot_callback"], doors["robot_socket"]
        keys = {"token": own["token"], "aes_key": own["aes_key"]}
        app_config = AppConfig(
            corpid=own["corpid"],
            agentid=int(own["agentid"]),
            secret="demo-app-secret",
            api_base=url,
            **keys,
        )
        robot_config = RobotConfig(bot_id="aibXIAOGE", token=back["token"], aes_key=back["aes_key"])
        socket_config = SocketConfig(bot_id=line["bot_id"], secret=line["secret"], url=line["url"])
        api = Api(app_config, session, tokens, clock)
        app = App(app_config, api, ears, buckets, clock)
        robot = Robot(robot_config, session, ears, buckets, clock)
        socket = Socket(socket_config, session, ears, buckets, clock, alarm=lambda *_: None)
        web_app = web.Application()
        add_callbacks(web_app, {"/wecom/app": app, "/wecom/robot": robot})
        async with TestServer(web_app, port=port), asyncio.TaskGroup() as group:
            group.create_task(socket.run())
            await until(lambda: socket.online)
            made = World(sim, ears, app, robot, socket)
            yield made
            await socket.stop()
        assert {error["rule"] for error in await sim.errors()} == made.broken_on_purpose
    finally:
        process.stop()
        process.remove()


async def test_socket_answers_pushes_and_updates_its_card(world: World) -> None:
    await world.sim.say(GROUP, "wang_ayi", "有人吵架 😀", mention=True)
    heard = await world.event(Heard)
    assert isinstance(heard, Heard)
    assert (heard.chat, heard.by, heard.text) == (GROUP, "wang_ayi", "@小警 有人吵架 😀")

    answer = row(Text(text="收到，记下了 <@all>"), GROUP, heard.reply)
    await world.socket.send(answer)
    await world.socket.send(answer)
    await world.socket.send(row(CARD, "bot:wang_ayi", key="row-2"))
    await world.press("wang_ayi", CARD, "签收")
    clicked = await world.event(Clicked)
    assert isinstance(clicked, Clicked)
    update = CardUpdate(card=CARD, replace_text="已由林警官签收")
    await world.socket.send(row(update, clicked.chat, clicked.reply, key="row-3"))

    lines = [line for line in await world.sim.messages(GROUP) if line["from"] == "bot"]
    assert [line["text"] for line in lines] == ["收到，记下了 ＜@all>"]
    [shown] = [line for line in await world.sim.inbox("wang_ayi") if line["card"]]
    assert shown["card"]["buttons"] == []
    assert clicked.button == "accept|1"
    await until(lambda: world.socket.seen == {"aibXIAOJING": 2})


async def test_app_hears_sends_and_updates_with_each_code_once(world: World) -> None:
    chat = f"app:{OFFICER}"
    await world.sim.say(chat, OFFICER, "我的任务 ]]> & <b>")
    heard = await world.event(Heard)
    assert isinstance(heard, Heard)
    assert (heard.chat, heard.text) == (chat, "我的任务 ]]> & <b>")

    receipt = await world.app.send(row(CARD, chat))
    again = await world.app.send(row(CARD, chat))
    assert (bool(receipt.code), again.note) == (True, "duplicate")
    await world.press(OFFICER, CARD, "签收")
    clicked = await world.event(Clicked)
    assert isinstance(clicked, Clicked)
    update = CardUpdate(card=CARD, replace_text="已签收")
    await world.app.send(row(update, chat, clicked.reply, key="row-2"))
    with pytest.raises(Gone):
        await world.app.send(row(update, chat, clicked.reply, key="row-3"))
    assert heard.reply is None
    assert clicked.reply is not None
    first = ReplyHandle(kind="code", token=receipt.code, until=clicked.reply.until)
    closed = replace(CARD, buttons=(), text="已办结")
    await world.app.send(row(CardUpdate(card=closed), chat, first, key="row-4"))
    await world.app.send(row(Text(text="0012 还有1小时\n" + "长" * 1500), chat, key="row-5"))

    lines = [line for line in await world.sim.inbox(OFFICER) if line["from"] == "bot"]
    [shown] = [line for line in lines if line["card"]]
    texts = [line["text"] for line in lines if "长" in line["text"] and not line["card"]]
    assert (shown["card"]["buttons"], shown["card"]["live"]) == ([], False)
    assert sum(text.count("长") for text in texts) == 1500
    assert len(texts) == 3


async def test_person_whom_the_corp_does_not_know_is_a_refusal(world: World) -> None:
    with pytest.raises(Refusal):
        await world.app.send(row(Text(text="a"), "app:nobody_here"))
    world.broken_on_purpose = frozenset({"receiver_unknown", "receivers_none"})


async def test_robot_at_the_callback_answers_once_and_updates_in_its_response(
    world: World,
) -> None:
    chat = f"ge:{OFFICER}"
    await world.sim.say(chat, OFFICER, "查 0012")
    heard = await world.event(Heard)
    assert isinstance(heard, Heard)
    assert (heard.chat, heard.door) == (chat, "robot")

    await world.robot.send(row(CARD, chat, heard.reply))
    world.ears.replies = AnyClick(CardUpdate(card=CARD, replace_text="已签收"))
    await world.press(OFFICER, CARD, "退回")

    clicked = await world.event(Clicked)
    assert isinstance(clicked, Clicked)
    assert clicked.button == "send_back|1"
    [shown] = [line for line in await world.sim.inbox(OFFICER) if line["card"]]
    assert shown["card"]["buttons"] == []


@pytest.mark.parametrize("prefix", ["bot", "ge", "app"])
async def test_picture_sent_in_private_is_fetched_and_opened(world: World, prefix: str) -> None:
    chat = f"{prefix}:{OFFICER}"
    await world.sim.say(chat, OFFICER, "", image=base64.b64encode(PICTURE).decode())

    heard = await world.event(Heard)

    assert isinstance(heard, Heard)
    [medium] = heard.media
    doors: dict[str, Socket | Robot | App] = {
        "bot": world.socket,
        "ge": world.robot,
        "app": world.app,
    }
    assert await doors[prefix].fetch(medium) == PICTURE


class AnyClick(dict[str, Message]):
    """The same answer to whatever is asked."""

    def __init__(self, answer: CardUpdate) -> None:
        super().__init__()
        self._answer = answer

    def get(self, key: str, default: object = None) -> CardUpdate:
        return self._answer
