import asyncio
import time
from typing import Any

import aiohttp
import pytest

from tests.simulator.bots import Bot
from tests.simulator.corp import button_card
from tests.simulator.fakes import Wire, until


async def arm(wire: Wire, **fault: Any) -> str:
    fault_id: str = (await wire.sim_post("faults", **fault))["id"]
    return fault_id


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"do": "cut"}, id="no place"),
        pytest.param({"on": "socket"}, id="no action"),
        pytest.param({"on": "socket", "do": "explode"}, id="unknown action"),
        pytest.param({"on": "socket", "do": "cut", "after": "lunch"}, id="unknown after"),
        pytest.param({"on": "socket", "do": "cut", "whom": "x"}, id="unknown key"),
        pytest.param({"on": "socket", "do": "delay", "delay_s": "long"}, id="no number"),
    ],
)
async def test_a_fault_that_cannot_be_armed_is_refused(wire: Wire, fault: dict[str, Any]) -> None:
    assert (await wire.ask("POST", "/sim/faults", fault))[0] == 400


async def test_faults_are_listed_and_cleared(wire: Wire) -> None:
    first = await arm(wire, on="message/send", do="error", code=-1, times=2)
    await arm(wire, on="callback", do="refuse")

    await wire.text("wg_li")
    listed = (await wire.ask("GET", "/sim/faults"))[1]
    gone = (await wire.ask("DELETE", f"/sim/faults/{first}"))[1]
    rest = (await wire.ask("DELETE", "/sim/faults"))[1]

    assert [(one["on"], one["left"]) for one in listed] == [("message/send", 1), ("callback", 1)]
    assert (gone, rest) == ({"cleared": 1}, {"cleared": 1})


async def test_trap_16_an_error_answers_its_code_and_does_nothing(wire: Wire) -> None:
    await arm(wire, on="message/send", do="error", code=-1)

    first, second = await wire.text("wg_li", "一"), await wire.text("wg_li", "二")

    assert (first["errcode"], second["errcode"]) == (-1, 0)
    assert await wire.texts("app:wg_li") == ["二"]
    assert await wire.errors() == []


async def test_trap_16_http_5xx(wire: Wire) -> None:
    await arm(wire, on="message/send", do="http", code=502)
    body = {"touser": "wg_li", "msgtype": "text", "agentid": 7, "text": {"content": "x"}}
    url = f"{wire.url}/cgi-bin/message/send?access_token={await wire.token()}"

    async with wire.http.post(url, json=body) as answer:
        assert answer.status == 502
    assert await wire.texts("app:wg_li") == []


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [
        pytest.param({"do": "drop_request"}, False, id="request lost"),
        pytest.param({"do": "drop_answer"}, True, id="answer lost"),
        pytest.param({"do": "cut"}, False, id="cut before"),
        pytest.param({"do": "cut", "after": "accept"}, True, id="cut after accepting"),
        pytest.param({"do": "refuse"}, False, id="refused"),
    ],
)
async def test_trap_16_a_connection_lost_before_or_after_acceptance(
    wire: Wire, fault: dict[str, Any], arrives: bool
) -> None:
    await wire.token()
    await arm(wire, on="message/send", **fault)

    with pytest.raises(aiohttp.ClientError):
        await wire.text("wg_li", "一")

    assert (await wire.texts("app:wg_li") == ["一"]) is arrives
    assert await wire.errors() == []


async def test_a_delay_is_real(wire: Wire) -> None:
    await arm(wire, on="message/send", do="delay", delay_s=0.3)
    began = time.monotonic()

    assert (await wire.text("wg_li"))["errcode"] == 0

    assert time.monotonic() - began >= 0.3


async def test_a_fault_for_one_user_spares_the_others(wire: Wire) -> None:
    await arm(wire, on="message/send", do="error", code=-1, user="wg_li")

    assert (await wire.text("Off_Wang"))["errcode"] == 0
    assert (await wire.text("wg_li"))["errcode"] == -1


async def test_a_fault_for_one_chat_spares_the_others(wire: Wire) -> None:
    robot = await wire.robot()
    await arm(wire, on="aibot_send_msg", do="error", code=45009, chat="wrTWO")

    assert await robot.markdown("wrONE") == 0
    assert await robot.markdown("wrTWO") == 45009
    assert await wire.errors() == []


# ------------------------------------------------------------------ socket
async def test_cutting_the_socket_acts_at_once(wire: Wire) -> None:
    robot = await wire.robot()

    await arm(wire, on="socket", do="cut")

    await asyncio.wait_for(robot.closed.wait(), 3)
    assert robot.ws.close_code != 1000
    assert (await wire.robot()) is not robot


async def test_a_cut_with_a_code_is_a_clean_close(wire: Wire) -> None:
    robot = await wire.robot()

    await arm(wire, on="socket", do="cut", code=1000)

    await asyncio.wait_for(robot.closed.wait(), 3)
    assert robot.ws.close_code == 1000


async def test_trap_10_cut_after_accepting_shows_the_message_without_ack(wire: Wire) -> None:
    robot = await wire.robot()
    await arm(wire, on="socket", do="cut", after="accept")

    assert (await robot.send("ping"))["errcode"] == 0
    body = {"chatid": "wrONE", "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "x"}}
    await robot.post("aibot_send_msg", body, "r1")

    await asyncio.wait_for(robot.closed.wait(), 3)
    assert await wire.texts("wrONE") == ["x"]


async def test_trap_10_cut_after_delivering_lets_the_frame_through(wire: Wire) -> None:
    robot = await wire.robot()
    await arm(wire, on="socket", do="cut", after="deliver")

    await wire.say("bot:res_a", "res_a", "在吗")

    assert (await robot.next())["body"]["text"]["content"] == "在吗"
    await asyncio.wait_for(robot.closed.wait(), 3)


async def test_a_refused_connection_comes_back_the_next_time(wire: Wire) -> None:
    await arm(wire, on="socket", do="refuse")

    with pytest.raises(aiohttp.WSServerHandshakeError):
        await wire.connect()

    assert (await (await wire.robot()).send("ping"))["errcode"] == 0


async def test_trap_10_a_silent_link_takes_frames_and_answers_none(wire: Wire) -> None:
    robot = await wire.robot()
    await arm(wire, on="socket", do="silent")

    said = await wire.say("bot:res_a", "res_a", "在吗")
    await robot.post("ping", None, "p1")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(robot._queue("p1").get(), 0.3)

    assert said["delivered"] is False
    assert robot.seen == 0
    assert not robot.closed.is_set()
    assert (await (await wire.robot()).send("ping"))["errcode"] == 0


async def test_clearing_faults_ends_a_silent_link(wire: Wire) -> None:
    robot = await wire.robot()
    await arm(wire, on="aibot_send_msg", do="silent")
    await robot.post("aibot_send_msg", {}, "r1")
    await until(lambda: any(desk.link.silent for desk in linked(wire)))

    await wire.ask("DELETE", "/sim/faults")

    await asyncio.wait_for(robot.closed.wait(), 3)


def linked(wire: Wire) -> list[Any]:
    return [desk for desk in wire.sim.desks.values() if desk.link]


@pytest.mark.parametrize(("do", "arrives"), [("drop_request", False), ("drop_answer", True)])
async def test_trap_10_a_frame_without_ack(wire: Wire, do: str, arrives: bool) -> None:
    robot = await wire.robot()
    await arm(wire, on="aibot_send_msg", do=do)

    body = {"chatid": "wrONE", "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "x"}}
    await robot.post("aibot_send_msg", body, "r1")
    assert (await robot.send("ping"))["errcode"] == 0

    assert robot._queue("r1").empty()
    assert (await wire.texts("wrONE") == ["x"]) is arrives


async def test_a_repeated_respond_after_a_lost_ack_is_one_message(wire: Wire) -> None:
    robot = await wire.robot()
    await wire.say("wrONE", "res_a", "漏水", mention=True)
    req_id = (await robot.next())["headers"]["req_id"]
    await arm(wire, on="aibot_respond_msg", do="drop_answer")
    body = {"msgtype": "stream", "stream": {"id": "s1", "finish": True, "content": "收到"}}

    await robot.post("aibot_respond_msg", body, req_id)
    assert await robot.stream(req_id, "收到") == 0

    assert await wire.texts("wrONE") == ["@小试 漏水", "收到"]
    assert await wire.errors() == []


async def test_a_repeated_card_after_a_lost_ack_is_refused_without_blame(wire: Wire) -> None:
    robot = await wire.robot()
    await arm(wire, on="aibot_send_msg", do="drop_answer")
    body = {"chatid": "wrONE", "chat_type": 2, "msgtype": "template_card"}

    await robot.post("aibot_send_msg", {**body, "template_card": button_card("t1")}, "r1")

    assert await robot.card("wrONE", button_card("t1")) == 42014
    assert len(await wire.messages("wrONE")) == 1
    assert await wire.errors() == []


async def test_a_duplicated_frame_carries_the_same_msgid(wire: Wire) -> None:
    robot = await wire.robot()
    await arm(wire, on="aibot_msg_callback", do="duplicate")

    await wire.say("bot:res_a", "res_a", "在吗")

    first, second = await robot.next(), await robot.next()
    assert first == second


async def test_a_delayed_ack_comes_late(wire: Wire) -> None:
    robot = await wire.robot()
    await arm(wire, on="aibot_send_msg", do="delay", delay_s=0.3)
    began = time.monotonic()

    assert await robot.markdown("wrONE") == 0

    assert time.monotonic() - began >= 0.3


async def test_a_cut_callback_reaches_the_bot_and_is_tried_again(both: Wire, bot: Bot) -> None:
    bot.wait_s = 0.1
    await arm(both, on="callback", do="cut")

    await both.say("app:wg_li", "wg_li", "在吗")

    assert len(bot.got) == 2
    assert await both.errors() == []


@pytest.mark.parametrize("do", ["drop_request", "refuse"])
async def test_a_callback_that_never_leaves_is_tried_again(both: Wire, bot: Bot, do: str) -> None:
    await both.sim_post("faults", on="callback", do=do, user="WG_LI")

    await both.say("app:res_a", "res_a", "一")
    await both.say("app:wg_li", "wg_li", "二")

    assert len(bot.got) == 2
    assert (await both.ask("GET", "/sim/faults"))[1][0]["left"] == 0
