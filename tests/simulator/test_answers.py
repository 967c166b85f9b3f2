"""Ways of answering that the other files do not take, and what faults do on the way in."""

import base64
import json
import time
from typing import Any

import pytest

from tests.simulator.bots import Bot, Socket
from tests.simulator.corp import AGENT, button_card
from tests.simulator.fakes import Wire, heard

CARD = {"msgtype": "template_card", "template_card": button_card("t1")}


async def respond(robot: Socket, req_id: str, body: dict[str, Any]) -> int:
    return int((await robot.send("aibot_respond_msg", body, req_id))["errcode"])


async def test_a_card_finishes_a_message(wire: Wire) -> None:
    robot = await wire.robot()
    for _ in range(3):
        last = await heard(wire, robot)

    assert await respond(robot, last, CARD) == 0

    assert (await wire.messages("wrONE"))[-1]["card"]["task_id"] == "t1"
    assert (await wire.say("wrONE", "res_a", "还有", mention=True))["delivered"] is True


async def test_markdown_answers_a_message(wire: Wire) -> None:
    robot = await wire.robot()
    body = {"msgtype": "markdown", "markdown": {"content": "**好**"}}

    assert await respond(robot, await heard(wire, robot), body) == 0
    assert (await wire.texts("wrONE"))[-1] == "**好**"


async def test_a_stream_brings_its_card_once(wire: Wire) -> None:
    robot = await wire.robot()
    req_id = await heard(wire, robot)
    body = {**CARD, "msgtype": "stream_with_template_card"}
    frames = [{"id": "s", "finish": finish, "content": "看"} for finish in (False, True)]

    codes = [await respond(robot, req_id, {**body, "stream": frame}) for frame in frames]

    assert codes == [0, 0]
    assert [one["kind"] for one in await wire.messages("wrONE")] == [
        "text",
        "stream",
        "template_card",
    ]
    assert await wire.errors() == []


@pytest.mark.parametrize("kind", ["text", "poem"])
async def test_an_answer_of_another_type_is_refused(wire: Wire, kind: str) -> None:
    robot = await wire.robot()
    body = {"msgtype": kind, kind: {"content": "x"}}

    assert await respond(robot, await heard(wire, robot), body) == 40008
    assert await wire.errors() == ["robot_msgtype"]


async def test_a_file_that_nobody_uploaded_is_refused(wire: Wire) -> None:
    robot = await wire.robot()
    body = {"msgtype": "image", "image": {"media_id": "M0"}}

    assert await respond(robot, await heard(wire, robot), body) == 40007


async def test_a_card_welcomes_and_an_image_does_not(wire: Wire) -> None:
    robot = await wire.robot()
    await wire.sim_post("enter", chat="bot:res_a", user="res_a")
    req_id = (await robot.next())["headers"]["req_id"]

    image = {"msgtype": "image", "image": {"media_id": "M0"}}
    refused = await robot.send("aibot_respond_welcome_msg", image, req_id)
    taken = await robot.send("aibot_respond_welcome_msg", CARD, req_id)

    assert (refused["errcode"], taken["errcode"]) == (40008, 0)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param({"response_type": "other"}, "parameter", id="no card"),
        pytest.param(
            {"template_card": {"card_type": "poster"}}, "card_type", id="a card that is none"
        ),
        pytest.param(
            {"template_card": button_card("t1"), "userids": "res_a"}, "update_userids", id="text"
        ),
    ],
)
async def test_a_misshapen_update_is_refused(wire: Wire, body: dict[str, Any], rule: str) -> None:
    robot = await wire.robot()
    await robot.card("wrONE", button_card("t1"))
    await wire.sim_post("press", user="res_a", card="t1", button="accept")
    req_id = (await robot.next())["headers"]["req_id"]

    full = {"response_type": "update_template_card", **body}
    assert (await robot.send("aibot_respond_update_msg", full, req_id))["errcode"] == 40058
    assert await wire.errors() == [rule]


async def test_an_empty_markdown_is_refused_and_a_long_one_too(wire: Wire) -> None:
    robot = await wire.robot()

    assert await robot.markdown("wrONE", "") == 40058
    assert await robot.markdown("wrONE", "字" * 6827) == 40058
    assert await wire.errors() == ["parameter", "robot_bytes"]


async def test_cards_count_into_the_rate_of_their_conversation(wire: Wire) -> None:
    robot = await wire.robot()

    codes = [await robot.card("wrONE", button_card(f"t{n}")) for n in range(31)]

    assert codes == [0] * 30 + [45009]


async def test_a_frame_lost_on_the_way_in_is_not_delivered(wire: Wire) -> None:
    robot = await wire.robot()
    await wire.sim_post("faults", on="aibot_msg_callback", do="drop_request")

    lost = await wire.say("bot:res_a", "res_a", "一")
    assert (await wire.say("bot:res_a", "res_a", "二"))["delivered"] is True

    assert (lost["delivered"], lost["reason"]) == (False, "lost on the wire")
    assert (await robot.next())["body"]["text"]["content"] == "二"


async def test_a_frame_delayed_on_the_way_in_holds_say_back(wire: Wire) -> None:
    robot = await wire.robot()
    await wire.sim_post("faults", on="aibot_msg_callback", do="delay", delay_s=0.3)
    began = time.monotonic()

    await wire.say("bot:res_a", "res_a", "一")

    assert time.monotonic() - began >= 0.3
    assert robot.seen == 1


async def test_words_and_a_picture_together_are_mixed(wire: Wire) -> None:
    robot = await wire.robot()
    picture = base64.b64encode(b"\x89PNG x").decode()

    await wire.say("wrONE", "res_a", "楼道", mention=True, image=picture)
    body = (await robot.next())["body"]

    items = body["mixed"]["msg_item"]
    assert [one["msgtype"] for one in items] == ["text", "image"]
    assert items[0]["text"]["content"] == "@小试 楼道"


async def test_a_picture_alone_in_a_group_reaches_nobody(wire: Wire) -> None:
    await wire.robot()
    picture = base64.b64encode(b"\x89PNG x").decode()

    said = await wire.say("wrONE", "res_a", "", image=picture)

    shown = (await wire.messages("wrONE"))[0]
    async with wire.http.get(f"{wire.url}/media/{shown['image']}") as answer:
        assert await answer.read() == b"\x89PNG x"
    assert said["delivered"] is False


async def test_a_quoted_picture_travels_as_a_picture(wire: Wire) -> None:
    robot = await wire.robot()
    picture = base64.b64encode(b"\x89PNG x").decode()
    first = await wire.say("wrONE", "res_b", "", image=picture)

    await wire.say("wrONE", "res_a", "这里", mention=True, quote=first["msgid"])

    quote = (await robot.next())["body"]["quote"]
    assert (quote["msgtype"], "url" in quote["image"]) == ("image", True)


async def test_a_choice_travels_with_a_robots_click(wire: Wire) -> None:
    robot = await wire.robot()
    options = [{"id": "dispute", "text": "纠纷"}, {"id": "noise", "text": "噪音"}]
    asked = {"question_key": "cat", "title": "类别", "option_list": options}
    await robot.card("wrONE", button_card("t1", button_selection=asked))

    await wire.sim_post("press", user="res_a", card="t1", button="签收", selected={"cat": "noise"})

    click = (await robot.next())["body"]["event"]["template_card_event"]
    assert click["selected_items"] == {
        "selected_item": [{"question_key": "cat", "option_ids": {"option_id": ["noise"]}}]
    }


async def test_without_a_bot_url_the_app_hears_nothing(wire: Wire) -> None:
    await wire.app_card("wg_li", button_card("c1"))

    said = await wire.say("app:wg_li", "wg_li", "在吗")
    pressed = await wire.sim_post("press", user="wg_li", card="c1", button="签收")

    assert (said["delivered"], said["reason"]) == (False, "no bot url")
    assert pressed == {"delivered": False, "updated": False}


async def test_news_and_files_are_shown_and_everybody_is_reached(wire: Wire) -> None:
    async def send(kind: str, inner: Any) -> int:
        body = {"touser": "@all", "msgtype": kind, "agentid": AGENT, kind: inner}
        return int((await wire.call("message/send", body))["errcode"])

    media_id = wire.sim.keep_file("日报.pdf", "file", b"123456")

    assert await send("news", {"articles": [{"title": "防诈骗"}]}) == 0
    assert await send("file", {"media_id": media_id}) == 0
    assert await send("news", {"articles": []}) == 40058
    assert await send("file", {"media_id": "M0"}) == 40007
    assert await wire.texts("app:res_b") == ["防诈骗", "[文件] 日报.pdf"]


async def test_an_update_names_somebody_and_a_face(wire: Wire) -> None:
    code = (await wire.app_card("wg_li", button_card("c1")))["response_code"]
    body: dict[str, Any] = {"agentid": AGENT, "response_code": code}
    button = {"button": {"replace_name": "已签收"}}

    nobody = await wire.call("message/update_template_card", {**body, **button})
    faceless = await wire.call("message/update_template_card", {**body, "userids": ["wg_li"]})
    everybody = await wire.call("message/update_template_card", {**body, **button, "atall": 1})

    assert [one["errcode"] for one in (nobody, faceless, everybody)] == [40058, 40058, 0]
    assert (await wire.messages("app:wg_li"))[0]["card"]["live"] is False


async def test_a_replay_of_calls_since_nonsense_is_refused(wire: Wire) -> None:
    await wire.text("wg_li", "你好")

    assert (await wire.ask("GET", "/sim/calls?since=yesterday"))[0] == 400
    later = await wire.ask("GET", "/sim/calls?since=2026-03-05T00:00:00%2B08:00")
    assert later == (200, [])


async def test_garbage_in_a_passive_answer_is_written_down(both: Wire, bot: Bot) -> None:
    bot.replies = ["not xml"]
    await both.say("app:wg_li", "wg_li", "一")
    bot.replies = [json.dumps(["not", "an", "object"])]
    await both.say("ge:wg_li", "wg_li", "二")

    assert await both.errors() == ["passive_form", "passive_form"]


async def test_the_url_robot_is_greeted_by_a_passive_text(both: Wire, bot: Bot) -> None:
    bot.replies = [json.dumps({"msgtype": "text", "text": {"content": "您好"}})]

    await both.sim_post("enter", chat="ge:wg_li", user="wg_li")

    assert json.loads(bot.got[0][1])["event"]["eventtype"] == "enter_chat"
    assert await both.texts("ge:wg_li") == ["您好"]
