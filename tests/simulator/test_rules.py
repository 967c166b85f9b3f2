"""Rules of the table that no other file here breaks."""

import base64
import json
from typing import Any

import pytest

from tests.simulator.bots import Bot, Socket
from tests.simulator.corp import AGENT
from tests.simulator.fakes import Wire, heard


async def send(wire: Wire, kind: str, **inner: Any) -> int:
    body = {"touser": "wg_li", "msgtype": kind, "agentid": AGENT, kind: inner}
    return int((await wire.call("message/send", body))["errcode"])


async def test_trap_18_a_textcard_is_cut(wire: Wire) -> None:
    url = "https://example.invalid"

    assert await send(wire, "textcard", title="题" * 129, description="文" * 513, url=url) == 0

    assert await wire.texts("app:wg_li") == ["题" * 128 + "\n" + "文" * 512]
    assert await wire.errors() == ["textcard_title", "textcard_text"]


async def test_a_textcard_needs_a_url(wire: Wire) -> None:
    assert await send(wire, "textcard", title="题", description="文") == 40058


async def test_trap_17_the_thousand_and_first_message_in_an_hour_vanishes(wire: Wire) -> None:
    for _ in range(40):
        for n in range(25):
            await wire.text("wg_li", str(n))
        await wire.sim_post("clock", advance_s=61)

    assert (await wire.text("wg_li", "多了"))["errcode"] == 0

    assert len(await wire.texts("app:wg_li")) == 1000
    assert await wire.errors() == ["member_hour"]


async def test_trap_17_an_app_made_group_hears_at_most_200_a_minute(wire: Wire) -> None:
    made = {"name": "群", "userlist": ["Off_Wang", "wg_li"], "chatid": "g1"}
    await wire.call("appchat/create", made)
    body = {"chatid": "g1", "msgtype": "text", "text": {"content": "好"}}

    codes = {(await wire.call("appchat/send", body))["errcode"] for _ in range(201)}

    assert codes == {0}
    assert len(await wire.texts("g1")) == 200
    assert await wire.errors() == ["appchat_member_minute"]


async def test_an_app_made_group_needs_known_members(wire: Wire) -> None:
    made = {"name": "群", "userlist": ["Off_Wang", "ghost"], "chatid": "g1"}

    assert (await wire.call("appchat/create", made))["errcode"] == 86006


async def test_trap_08_at_most_a_thousand_ids_at_once(wire: Wire) -> None:
    asked = {"open_userid_list": ["woX"] * 1001}

    assert (await wire.call("batch/openuserid_to_userid", asked))["errcode"] == 40058
    assert await wire.errors() == ["openuserids"]


# ------------------------------------------------------------------ uploads
async def begin(robot: Socket, **changes: Any) -> tuple[int, dict[str, str]]:
    asked = {"type": "file", "filename": "a", "total_size": 10, "total_chunks": 1, "md5": "0"}
    ack = await robot.send("aibot_upload_media_init", asked | changes)
    return ack["errcode"], {"upload_id": (ack.get("body") or {}).get("upload_id", "")}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"type": "smoke"}, "media_type", id="type"),
        pytest.param({"total_size": 5}, "media_size", id="too small"),
        pytest.param({"type": "voice", "total_size": 2097153}, "media_size", id="too large"),
        pytest.param({"total_chunks": 101}, "upload_chunks", id="101 chunks"),
        pytest.param({"total_size": "10"}, "parameter", id="size as text"),
    ],
)
async def test_trap_13_uploads_that_cannot_begin(
    wire: Wire, changes: dict[str, Any], rule: str
) -> None:
    robot = await wire.robot()

    assert (await begin(robot, **changes))[0] != 0
    assert await wire.errors() == [rule]


@pytest.mark.parametrize(
    ("chunk", "rule"),
    [
        pytest.param({"chunk_index": 1, "base64_data": ""}, "upload_chunks", id="index"),
        pytest.param({"chunk_index": 0, "base64_data": "?"}, "parameter", id="no base64"),
        pytest.param(
            {"chunk_index": 0, "base64_data": base64.b64encode(b"x" * 524289).decode()},
            "upload_chunk_bytes",
            id="too long",
        ),
        pytest.param({"upload_id": "no"}, "upload_session", id="unknown session"),
    ],
)
async def test_trap_13_chunks_that_are_refused(
    wire: Wire, chunk: dict[str, Any], rule: str
) -> None:
    robot = await wire.robot()
    _, upload = await begin(robot)

    assert (await robot.send("aibot_upload_media_chunk", {**upload, **chunk}))["errcode"] != 0
    assert await wire.errors() == [rule]


async def test_trap_13_an_upload_session_lives_half_an_hour(wire: Wire) -> None:
    robot = await wire.robot()
    _, upload = await begin(robot)

    await wire.sim_post("clock", advance_s=1801)

    assert (await robot.send("aibot_upload_media_finish", upload))["errcode"] == 40058
    assert await wire.errors() == ["upload_session"]


async def test_trap_13_thirty_uploads_a_minute(wire: Wire) -> None:
    robot = await wire.robot()

    codes = [(await begin(robot))[0] for _ in range(31)]

    assert codes == [0] * 30 + [45009]
    assert await wire.errors() == ["upload_minute"]


# ------------------------------------------------------------------ forms
@pytest.mark.parametrize(
    "stream",
    [
        pytest.param({"finish": True, "content": "x"}, id="no id"),
        pytest.param({"id": "s", "finish": False, "content": ""}, id="empty and unfinished"),
        pytest.param({"id": "s", "finish": True, "content": 5}, id="number"),
        pytest.param("s", id="text"),
    ],
)
async def test_trap_12_a_misshapen_stream_is_refused(wire: Wire, stream: Any) -> None:
    robot = await wire.robot()
    body = {"msgtype": "stream", "stream": stream}

    ack = await robot.send("aibot_respond_msg", body, await heard(wire, robot))

    assert ack["errcode"] == 40058
    assert await wire.errors() == ["stream_shape"]


async def test_trap_05_a_passive_reply_that_is_no_envelope_is_dropped(both: Wire, bot: Bot) -> None:
    bot._sealed = lambda *_: "plain text"  # type: ignore[method-assign]
    bot.replies = ["x", "x"]

    await both.say("app:wg_li", "wg_li", "一")
    await both.say("ge:wg_li", "wg_li", "二")

    assert await both.errors() == ["passive_form", "passive_form"]
    assert await both.texts("app:wg_li") == ["一"]


async def test_trap_03_a_passive_reply_of_another_type_is_dropped(both: Wire, bot: Bot) -> None:
    bot.replies = ["<xml><MsgType>smoke</MsgType></xml>"]
    await both.say("app:wg_li", "wg_li", "一")
    bot.replies = [json.dumps({"msgtype": "text", "text": {"content": "只在进入会话时"}})]
    await both.say("ge:wg_li", "wg_li", "二")

    assert await both.errors() == ["passive_type", "passive_type"]
    assert await both.texts("ge:wg_li") == ["二"]


async def test_trap_04_an_echo_after_more_than_a_second_fails(both: Wire, bot: Bot) -> None:
    bot.echo_wait_s = 1.2

    assert await both.sim_post("verify") == {"app": False, "小验": False}
    assert await both.errors() == ["echo_late"] * 2


async def test_a_cut_link_hears_nothing_from_that_moment(wire: Wire) -> None:
    await wire.robot()

    await wire.sim_post("faults", on="socket", do="cut")

    assert (await wire.say("bot:res_a", "res_a", "在吗"))["reason"] == "no connection"
