"""The simulator's websocket against WeCom's own SDK: it must be WeCom, not our echo.

Each test leaves the simulator's book of broken rules empty, unless breaking one is its subject:
what the official SDK does by itself cannot be against WeCom's rules.
"""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.interop.conftest import RunSimulator
from tests.interop.robot import SdkRobot
from tests.interop.simulator import Simulator
from tests.servers.polling import until

pytestmark = pytest.mark.slow

GROUP = "wrGUIHUA01"
RESIDENT = "wang_ayi"
CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "邻里纠纷 · 紧急", "desc": "桂花苑3号楼"},
    "button_list": [
        {"text": "签收", "style": 1, "key": "accept|1"},
        {"text": "退回", "style": 2, "key": "send_back|1"},
    ],
    "task_id": "interop@1",
}


@pytest.fixture
async def robot(node: Path, simulator: Simulator) -> AsyncIterator[SdkRobot]:
    """The official SDK, subscribed."""
    async with await sdk_robot(node, simulator) as client:
        await client.event("authenticated")
        yield client


async def sdk_robot(node: Path, simulator: Simulator) -> SdkRobot:
    """A client of the official SDK with the robot's own secret."""
    socket = (await simulator.doors())["robot_socket"]
    return SdkRobot(node, socket["url"], socket["bot_id"], socket["secret"])


async def test_subscribe_with_a_wrong_secret_is_refused(node: Path, simulator: Simulator) -> None:
    socket = (await simulator.doors())["robot_socket"]

    async with SdkRobot(node, socket["url"], socket["bot_id"], "wrong") as client:
        fault = await client.event("error")

        assert "auth" in str(fault).lower()
        assert not client.had("authenticated")


async def test_mention_arrives_and_its_answer_grows_in_place(
    robot: SdkRobot, simulator: Simulator
) -> None:
    said = await simulator.say(GROUP, RESIDENT, "3号楼有人吵架", mention=True)

    frame = await robot.event("message.text")
    assert said["delivered"]
    assert frame["body"]["msgid"] == said["msgid"]
    assert frame["body"]["chatid"] == GROUP
    assert frame["body"]["from"]["userid"] == RESIDENT
    assert frame["body"]["text"]["content"].startswith("@小警")
    assert frame["body"]["text"]["content"].endswith("3号楼有人吵架")
    begun = await robot.call("replyStream", frame, "s1", "收到", False)
    ended = await robot.call("replyStream", frame, "s1", "收到，已转给警务室。", True)

    assert begun["answer"]["errcode"] == ended["answer"]["errcode"] == 0
    answers = [line for line in await simulator.messages(GROUP) if line["from"] == "bot"]
    assert [line["text"] for line in answers] == ["收到，已转给警务室。"]
    assert await simulator.errors() == []


async def test_speech_without_a_mention_never_reaches_the_robot(
    robot: SdkRobot, simulator: Simulator
) -> None:
    unheard = await simulator.say(GROUP, RESIDENT, "大家晚上好")
    heard = await simulator.say(GROUP, RESIDENT, "路灯不亮", mention=True)

    frame = await robot.event("message.text")

    assert not unheard["delivered"]
    assert frame["body"]["msgid"] == heard["msgid"]
    assert not robot.had("message.text")


async def test_press_on_a_card_comes_as_event_and_its_update_replaces_the_card(
    robot: SdkRobot, simulator: Simulator
) -> None:
    await simulator.say(f"bot:{RESIDENT}", RESIDENT, "帮助")
    frame = await robot.event("message.text")
    shown = await robot.call("replyTemplateCard", frame, CARD)
    assert shown["answer"]["errcode"] == 0

    pressed = await simulator.post(
        "/sim/press", user=RESIDENT, card=CARD["task_id"], button="签收", wait=False
    )
    event = await robot.event("event.template_card_event")
    click = event["body"]["event"]["template_card_event"]
    changed = {
        "card_type": "text_notice",
        "main_title": {"title": "已签收"},
        "card_action": {"type": 1, "url": "https://jingge.invalid/1"},
        "task_id": CARD["task_id"],
    }
    updated = await robot.call("updateTemplateCard", event, changed)

    assert pressed["delivered"]
    assert (click["event_key"], click["task_id"]) == ("accept|1", CARD["task_id"])
    assert updated["answer"]["errcode"] == 0
    cards = [line["card"] for line in await simulator.inbox(RESIDENT) if line["card"]]
    assert [(card["title"], card["live"]) for card in cards] == [("已签收", False)]
    assert await simulator.errors() == []


async def test_push_reaches_group_and_person(robot: SdkRobot, simulator: Simulator) -> None:
    line = {"msgtype": "markdown", "markdown": {"content": "**今日** 2件"}}

    to_group = await robot.call("sendMessage", GROUP, line)
    to_person = await robot.call("sendMessage", RESIDENT, line)
    with_card = await robot.call(
        "sendMessage", RESIDENT, {"msgtype": "template_card", "template_card": CARD}
    )

    assert [push["answer"]["errcode"] for push in (to_group, to_person, with_card)] == [0, 0, 0]
    assert [m["text"] for m in await simulator.messages(GROUP) if m["from"] == "bot"] == [
        "**今日** 2件"
    ]
    inbox = [line for line in await simulator.inbox(RESIDENT) if line["from"] == "bot"]
    assert [line["card"]["task_id"] for line in inbox if line["card"]] == [CARD["task_id"]]
    assert await simulator.errors() == []


async def test_push_before_anybody_spoke_is_refused(
    node: Path, run_simulator: RunSimulator
) -> None:
    line = {"msgtype": "markdown", "markdown": {"content": "早上好"}}

    async with (
        run_simulator("--virgin") as simulator,
        await sdk_robot(node, simulator) as client,
    ):
        await client.event("authenticated")
        too_early = await client.call("sendMessage", GROUP, line)
        await simulator.say(GROUP, RESIDENT, "在吗", mention=True)
        await client.event("message.text")
        after = await client.call("sendMessage", GROUP, line)

        assert too_early["fault"]["errcode"] != 0
        assert after["answer"]["errcode"] == 0


async def test_newer_connection_takes_over_and_the_older_stays_away(
    node: Path, robot: SdkRobot, simulator: Simulator
) -> None:
    async with await sdk_robot(node, simulator) as newer:
        await newer.event("authenticated")
        taken = await robot.event("event.disconnected_event")
        await robot.event("disconnected")
        await simulator.say(GROUP, RESIDENT, "路灯不亮", mention=True)
        frame = await newer.event("message.text")

        assert taken["body"]["event"]["eventtype"] == "disconnected_event"
        assert frame["body"]["text"]["content"].endswith("路灯不亮")
        assert not robot.had("message.text")
        assert not robot.had("reconnecting")
        assert await simulator.errors() == []


@pytest.mark.parametrize("code", [1000, 0], ids=["clean-close", "pulled-cable"])
async def test_robot_comes_back_after_the_line_was_cut(
    robot: SdkRobot, simulator: Simulator, code: int
) -> None:
    await simulator.post("/sim/faults", on="socket", do="cut", code=code)

    await robot.event("disconnected")
    await robot.event("authenticated")
    await simulator.say(GROUP, RESIDENT, "井盖坏了", mention=True)

    assert (await robot.event("message.text"))["body"]["chatid"] == GROUP


async def test_photo_is_decrypted_by_the_official_download(
    robot: SdkRobot, simulator: Simulator
) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    photo = base64.b64encode(picture).decode()

    await simulator.say(f"bot:{RESIDENT}", RESIDENT, "", image=photo)
    frame = await robot.event("message.image")
    image = frame["body"]["image"]
    loaded = await robot.call("downloadFile", image["url"], image["aeskey"])

    assert bytes(loaded["answer"]["buffer"]["data"]) == picture


async def test_file_is_uploaded_in_pieces_and_shown(robot: SdkRobot, simulator: Simulator) -> None:
    content = {"base64": "6K2m5qC8" * 120_000}  # 720,000 bytes: more than one piece of 512 KB

    uploaded = await robot.call("uploadMedia", content, {"type": "file", "filename": "日报.txt"})
    sent = await robot.call("sendMediaMessage", GROUP, "file", uploaded["answer"]["media_id"])

    assert sent["answer"]["errcode"] == 0
    shown = await until(lambda: simulator.messages(GROUP), "the file in the group")
    assert "日报.txt" in shown[-1]["text"]
    assert await simulator.errors() == []
