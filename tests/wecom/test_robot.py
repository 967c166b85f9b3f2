"""The robot at a callback address: stored before 200, answered in time, one call per URL."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.events import Clicked, Heard, Joined, Media, ReplyHandle
from bot.messages import Button, Card, CardUpdate, Message, Text
from bot.wecom.errors import Gone, Limited, Refusal, Unreachable
from bot.wecom.media import download
from bot.wecom.places import RobotConfig
from bot.wecom.robot import Robot
from tests.wecom.api_server import ApiServer, cut_off
from tests.wecom.fakes import KEY, NOON, Clock, ListeningEars, OpenBuckets, row
from tests.wecom.gateway import message
from tests.wecom.knocking import Knocker
from tests.wecom.test_crypto import sealed

CARD = Card(task_id="t1", title="邻里纠纷", buttons=(Button(text="签收", key="accept|1"),))
CONFIG = RobotConfig(bot_id="aibGE", token="tok", aes_key=KEY, timeout_s=2.0)
CLICK = {
    "event": {
        "eventtype": "template_card_event",
        "template_card_event": {"event_key": "accept|1", "task_id": "t1"},
    }
}
ENTER = {"event": {"eventtype": "enter_chat"}}


@pytest.fixture
def robot(
    session: aiohttp.ClientSession, ears: ListeningEars, buckets: OpenBuckets, clock: Clock
) -> Robot:
    return Robot(CONFIG, session, ears, buckets, clock)


@pytest.fixture
async def knocker(robot: Robot, clock: Clock) -> AsyncIterator[Knocker]:
    knocking = Knocker(robot, "", clock)
    async with knocking.server:
        yield knocking


async def test_message_is_stored_and_answered_empty(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    said = message("text", "M1", text={"content": "@小格 路灯不亮"}, response_url="http://u/1")

    assert await knocker.json(session, said) == (200, None)

    [event] = ears.heard
    assert isinstance(event, Heard)
    assert (event.key, event.chat, event.door) == ("aibot:M1", "wrGRID01", "robot")
    hour = NOON + timedelta(hours=1)
    assert event.reply == ReplyHandle(kind="url", token="http://u/1", until=hour)


async def test_single_chat_has_the_robots_own_prefix_and_may_lack_a_response_url(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    single = {"chattype": "single", "from": {"userid": "res_wang"}}

    await knocker.json(session, message("text", "M1", text={"content": "a"}) | single)

    [event] = ears.heard
    assert isinstance(event, Heard)
    assert (event.chat, event.reply) == ("ge:res_wang", None)


async def test_click_gets_the_new_card_in_its_own_response(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    ears.replies["aibot:E1"] = CardUpdate(card=CARD, replace_text="已签收")

    status, answer = await knocker.json(session, message("event", "E1", **CLICK))

    assert status == 200
    assert answer["response_type"] == "update_template_card"
    assert answer["template_card"]["task_id"] == "t1"
    [event] = ears.heard
    assert isinstance(event, Clicked)
    until = NOON + timedelta(seconds=4)
    assert event.reply == ReplyHandle(kind="passive", token="aibot:E1", until=until)


async def test_second_delivery_of_a_click_gets_the_same_answer(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    ears.replies["aibot:E1"] = CardUpdate(card=CARD)

    both = await asyncio.gather(
        *(knocker.json(session, message("event", "E1", **CLICK)) for _ in range(2))
    )

    assert both[0] == both[1]
    assert both[0][1] is not None
    assert len(ears.heard) == 1


@pytest.mark.parametrize(
    ("reply", "msgtype"),
    [
        (Text(text="您好"), "text"),
        (CARD, "template_card"),
        (CardUpdate(card=CARD), None),
        (None, None),
    ],
    ids=["text", "card", "an update has no place here", "no answer in time"],
)
async def test_greeting_is_answered_in_its_own_response(
    knocker: Knocker,
    session: aiohttp.ClientSession,
    ears: ListeningEars,
    reply: Message | None,
    msgtype: str | None,
) -> None:
    if reply:
        ears.replies["aibot:J1"] = reply

    status, answer = await knocker.json(session, message("event", "J1", **ENTER))

    assert status == 200
    assert (answer and answer["msgtype"]) == msgtype
    assert isinstance(ears.heard[0], Joined)


@pytest.mark.parametrize(
    "said",
    [
        message("stream", "S1", stream={"id": "s1"}),
        message("event", "F1", event={"eventtype": "feedback_event"}),
        message("event", "X1", event={"eventtype": "enter_check_update"}),
        message("event", "X2", event="odd"),
        message("text", ""),
        {"msgtype": 7},
        {},
    ],
    ids=["stream poll", "feedback", "unknown event", "odd event", "no msgid", "odd type", "empty"],
)
async def test_what_nobody_acts_on_is_answered_empty(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars, said: dict[str, Any]
) -> None:
    assert await knocker.json(session, said) == (200, None)
    assert ears.heard == []


async def test_replay_storage_fault_and_foreign_body(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    query, encrypted = knocker.sealed(json.dumps(message("text", "M1")))
    body = json.dumps({"encrypt": encrypted}).encode()
    ears.faults.append(OSError("disk full"))

    statuses = [(await knocker.post(session, query, body))[0] for _ in range(3)]

    assert statuses == [503, 200, 200]
    assert len(ears.heard) == 1
    ears.heard.clear()
    assert (await knocker.post(session, query, body))[0] == 200
    assert ears.heard == []
    assert (await knocker.post(session, query, b"<xml/>"))[0] == 400
    query, encrypted = knocker.sealed("signed, but no json")
    assert (await knocker.post(session, query, json.dumps({"encrypt": encrypted}).encode()))[
        0
    ] == 400


async def test_address_check_works_with_an_empty_receiver(
    knocker: Knocker, session: aiohttp.ClientSession
) -> None:
    query, encrypted = knocker.sealed("echo me")

    async with session.get(knocker.url, params=query | {"echostr": encrypted}) as answer:
        assert await answer.read() == b"echo me"


# ---------------------------------------------------------------- speaking


def url_of(server: ApiServer, life: timedelta = timedelta(hours=1)) -> ReplyHandle:
    url = f"{server.config.api_base}/cgi-bin/aibot/response?access_token=x&response_code=RC1"
    return ReplyHandle(kind="url", token=url, until=NOON + life)


@pytest.mark.parametrize(
    ("said", "msgtype"), [(Text(text="已转 [城管](x)"), "markdown"), (CARD, "template_card")]
)
async def test_answer_goes_to_the_response_url(
    robot: Robot, server: ApiServer, said: Message, msgtype: str
) -> None:
    receipt = await robot.send(row(said, "wrGRID01", url_of(server)))

    [(path, body)] = server.calls
    assert (path, body["msgtype"], receipt.at) == ("aibot/response", msgtype, NOON)
    assert body.get("markdown", {}).get("content") in (None, "已转 [城管］(x)")


async def test_used_url_is_gone_but_counts_as_answered_after_a_try_in_doubt(
    robot: Robot, server: ApiServer
) -> None:
    used = {"errcode": 40058, "errmsg": "response_url was used before"}
    server.answers.extend([used, cut_off, used])
    first = row(Text(text="a"), "wrGRID01", url_of(server), key="k1")
    second = row(Text(text="a"), "wrGRID01", url_of(server), key="k2")

    with pytest.raises(Gone):
        await robot.send(first)
    with pytest.raises(Unreachable) as caught:
        await robot.send(second)
    assert caught.value.unknown

    assert (await robot.send(second)).note == "arrived before"


async def test_robot_in_url_mode_cannot_push_nor_change_cards_later(
    robot: Robot, server: ApiServer, buckets: OpenBuckets
) -> None:
    passive = ReplyHandle(kind="passive", token="aibot:E1", until=NOON + timedelta(seconds=4))
    for said, reply in (
        (Text(text="a"), None),
        (Text(text="a"), passive),
        (Text(text="a"), url_of(server, timedelta())),
        (CardUpdate(card=CARD), url_of(server)),
    ):
        with pytest.raises(Gone):
            await robot.send(row(said, "wrGRID01", reply))

    assert (server.calls, buckets.taken) == ([], [])


async def test_full_bucket_keeps_the_url_for_later(
    robot: Robot, server: ApiServer, buckets: OpenBuckets
) -> None:
    buckets.wait_s = 3.0

    with pytest.raises(Limited):
        await robot.send(row(Text(text="a"), "wrGRID01", url_of(server)))
    assert server.calls == []


# ---------------------------------------------------------------- media


async def test_picture_is_fetched_and_decrypted(robot: Robot, server: ApiServer) -> None:
    plain = b"\x89PNG made up"
    pad = 32 - len(plain)
    cipher = base64.b64decode(sealed(plain + bytes([pad]) * pad))
    server.media = lambda: web.Response(body=cipher)
    medium = Media(kind="image", url=f"{server.config.api_base}/file")

    assert await robot.fetch(medium) == plain
    with pytest.raises(Refusal):
        await robot.fetch(medium, limit_bytes=-1)


async def test_old_address_is_gone_and_wrong_key_is_refused(
    session: aiohttp.ClientSession, server: ApiServer
) -> None:
    address = f"{server.config.api_base}/file"
    server.media = lambda: web.Response(status=404)
    with pytest.raises(Gone):
        await download(session, address, KEY, 100, 2.0)

    server.media = lambda: web.Response(body=b"x" * 32)
    with pytest.raises(Refusal):
        await download(session, address, KEY, 100, 2.0)
