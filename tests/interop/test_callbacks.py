"""Callbacks against WeCom's own crypto package, from both ends.

The simulator's callbacks are opened by a door made of that package, and our doors are knocked at
by a sender made of it: simulator and bot cannot have agreed on an error.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.events import Heard, Joined
from bot.messages import Text
from bot.web.callbacks import add_callbacks
from bot.wecom.app import App
from bot.wecom.client import Api
from bot.wecom.places import AppConfig, RobotConfig
from bot.wecom.robot import Robot
from tests.interop.conftest import RunSimulator
from tests.interop.official import CallbackReceiver, OfficialEnvelope, post_callback
from tests.servers.polling import until
from tests.wecom.fakes import Clock, DictTokens, ListeningEars, OpenBuckets

pytestmark = pytest.mark.slow

RESIDENT = "wang_ayi"
CORP = "wwxihe00demo"
# As config/site/demo.yaml has them.
APP = OfficialEnvelope("demoAppToken", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", CORP)
ROBOT = OfficialEnvelope("demoRobotToken", "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA", "")
XML = (
    "<xml><ToUserName>{corp}</ToUserName><FromUserName>{user}</FromUserName><CreateTime>1772596800"
    "</CreateTime><MsgType>text</MsgType><Content><![CDATA[3号楼漏水]]></Content><MsgId>42</MsgId>"
    "<AgentID>1000007</AgentID></xml>"
)


# ------------------------------------------------------------ the simulator knocks
@pytest.fixture
async def receiver(node: Path) -> AsyncIterator[CallbackReceiver]:
    """The bot's callback address, made of the official package."""
    doors = {"/wecom/app": APP, "/wecom/robot": ROBOT}
    async with CallbackReceiver(node, doors) as running:
        yield running


async def test_app_message_of_the_simulator_opens_as_wecoms_xml(
    receiver: CallbackReceiver, run_simulator: RunSimulator
) -> None:
    async with run_simulator("--bot-url", await receiver.url()) as simulator:
        said = await simulator.say(f"app:{RESIDENT}", RESIDENT, "3号楼]]>漏水")
        got = await receiver.request("/wecom/app")

        assert said["delivered"]
        assert (got["signed"], got["receiveid"]) == (True, CORP)
        assert "<MsgType><![CDATA[text]]></MsgType>" in got["text"]
        assert f"<FromUserName><![CDATA[{RESIDENT}]]></FromUserName>" in got["text"]
        assert await simulator.errors() == []


async def test_robot_message_of_the_simulator_is_answered_in_the_official_envelope(
    receiver: CallbackReceiver, run_simulator: RunSimulator
) -> None:
    stream = {"id": "s1", "finish": True, "content": "收到，已登记。"}
    async with run_simulator("--bot-url", await receiver.url()) as simulator:
        await receiver.write(json.dumps({"msgtype": "stream", "stream": stream}))
        await simulator.say(f"ge:{RESIDENT}", RESIDENT, "路灯不亮")
        got = await receiver.request("/wecom/robot")
        body = json.loads(got["text"])

        async def answered() -> bool:
            return "收到，已登记。" in [line["text"] for line in await simulator.inbox(RESIDENT)]

        assert (got["signed"], got["receiveid"]) == (True, "")
        assert (body["msgtype"], body["text"]["content"]) == ("text", "路灯不亮")
        assert body["from"]["userid"] == RESIDENT
        assert await until(answered, "the answer in her chat")
        assert await simulator.errors() == []


# ------------------------------------------------------------ the official package knocks
class Doors:
    """Our two callback doors behind a real web server, with ears that only remember."""

    def __init__(self, url: str, ears: ListeningEars, stamp: int) -> None:
        self.app, self.robot = f"{url}/wecom/app", f"{url}/wecom/robot"
        self.ears = ears
        self.stamp = stamp


@pytest.fixture
async def doors() -> AsyncIterator[Doors]:
    """Doors of the sample station at noon of its day."""
    clock, ears, buckets = Clock(), ListeningEars(), OpenBuckets()
    config = AppConfig(
        corpid=CORP, agentid=1000007, secret="none", token=APP.token, aes_key=APP.key
    )
    robot = RobotConfig(bot_id="aibXIAOGE", token=ROBOT.token, aes_key=ROBOT.key, name="小格")
    async with aiohttp.ClientSession() as session:
        api = Api(config, session, DictTokens(), clock)
        served = web.Application()
        add_callbacks(
            served,
            {
                "/wecom/app": App(config, api, ears, buckets, clock),
                "/wecom/robot": Robot(robot, session, ears, buckets, clock),
            },
        )
        runner = web.AppRunner(served)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield Doors(site_url(runner), ears, int(clock().timestamp()))
        await runner.cleanup()


def site_url(runner: web.AppRunner) -> str:
    """Where the web server of ``runner`` listens."""
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"


@pytest.mark.parametrize("door", ["app", "robot"])
async def test_our_door_proves_its_address_to_the_official_package(
    node: Path, doors: Doors, door: str
) -> None:
    url, envelope = (doors.app, APP) if door == "app" else (doors.robot, ROBOT)

    answer = await post_callback(
        node, url, envelope, form="xml", text="1234567890", echo=True, timestamp=doors.stamp
    )

    assert (answer["status"], answer["body"]) == (200, "1234567890")


async def test_our_app_door_hears_what_the_official_package_sealed(
    node: Path, doors: Doors
) -> None:
    text = XML.format(corp=CORP, user=RESIDENT)

    answer = await post_callback(node, doors.app, APP, form="xml", text=text, timestamp=doors.stamp)

    assert (answer["status"], answer["text"]) == (200, None)
    [event] = doors.ears.heard
    assert isinstance(event, Heard)
    assert (event.key, event.text) == ("app:42", "3号楼漏水")


async def test_our_robot_door_answers_a_greeting_in_the_official_envelope(
    node: Path, doors: Doors
) -> None:
    body = robot_body("E1", msgtype="event", event={"eventtype": "enter_chat"})
    doors.ears.replies["aibot:E1"] = Text(text="您好，我是小格。")

    answer = await post_callback(
        node, doors.robot, ROBOT, form="json", text=body, timestamp=doors.stamp
    )

    assert (answer["status"], answer["signed"], answer["receiveid"]) == (200, True, "")
    assert json.loads(answer["text"])["text"]["content"] == "您好，我是小格。"
    assert [type(event) for event in doors.ears.heard] == [Joined]


async def test_same_message_sealed_twice_is_heard_once(node: Path, doors: Doors) -> None:
    body = robot_body("M1", msgtype="text", text={"content": "路灯不亮"})

    answers = await asyncio.gather(
        *(
            post_callback(node, doors.robot, ROBOT, form="json", text=body, timestamp=doors.stamp)
            for _ in range(2)
        )
    )

    assert [answer["status"] for answer in answers] == [200, 200]
    assert [event.key for event in doors.ears.heard] == ["aibot:M1"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token": "another"}, 403),
        ({"timestamp": 1_600_000_000}, 403),
        ({"receiveid": "wwother"}, 400),
        ({"text": "neither XML nor JSON"}, 400),
    ],
    ids=["wrong token", "old stamp", "another corp", "garbage"],
)
async def test_forged_knock_is_refused(
    node: Path, doors: Doors, change: dict[str, object], status: int
) -> None:
    order = {"form": "xml", "text": XML, "timestamp": doors.stamp, **change}

    answer = await post_callback(node, doors.app, APP, **order)

    assert answer["status"] == status
    assert doors.ears.heard == []


def robot_body(msgid: str, **more: object) -> str:
    """What WeCom would seal for a robot: a message or event of one resident."""
    return json.dumps(
        {
            "msgid": msgid,
            "aibotid": "aibXIAOGE",
            "chattype": "single",
            "from": {"userid": RESIDENT},
            **more,
        }
    )
