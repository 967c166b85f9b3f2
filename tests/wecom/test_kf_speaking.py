"""微信客服 speaks over real HTTP: texts, menus, greetings, and what WeCom refuses (trap 24)."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.events import Media, ReplyHandle
from bot.messages import Card, Outgoing, Text, Weight
from bot.wecom import kf_api
from bot.wecom.client import Api
from bot.wecom.errors import Gone, Limited, Refusal, Unreachable
from bot.wecom.kf_budget import BOT, ENDED, HUMAN, Standing
from tests.wecom.api_server import ApiServer, cut_off
from tests.wecom.fakes import NOON, Clock, DictTokens
from tests.wecom.kf_room import ACCOUNT, CHAT, CUSTOMER, KfRoom, room_of

SHUT = {"errcode": 95001, "errmsg": "send msg count limit"}
HELD = {"errcode": 95018, "errmsg": "send msg session status invalid"}


@pytest.fixture
def api(server: ApiServer, session: aiohttp.ClientSession, tokens: DictTokens, clock: Clock) -> Api:
    return Api(server.config, session, tokens, clock)


@pytest.fixture
def room(server: ApiServer, api: Api, clock: Clock) -> KfRoom:
    return room_of(server, api, clock)


def words(text: str = "收到", chat: str = CHAT, **more: Any) -> Outgoing:
    plain: dict[str, Any] = {"id": 1, "key": "row-1", "lane": "kf", "chat": chat}
    return Outgoing(message=Text(text=text), **plain, **more)


async def test_text_goes_once_with_an_id_of_our_own(room: KfRoom) -> None:
    receipt = await room.door.send(words("收到 <@all>"))

    [body] = room.sent
    assert (body["touser"], body["open_kfid"], body["msgtype"]) == (CUSTOMER, ACCOUNT, "text")
    assert body["text"] == {"content": "收到 ＜@all>"}
    assert len(body["msgid"]) == 32
    assert receipt.msgid == body["msgid"]
    assert room.books.now.said == 1


async def test_repeated_send_has_the_same_id_and_a_refused_repeat_is_a_receipt(
    room: KfRoom,
) -> None:
    room.server.answers += [cut_off, {"errcode": 40058, "errmsg": "msgid exists"}]

    with pytest.raises(Unreachable):
        await room.door.send(words())
    await room.door.send(words())

    first, second = room.sent
    assert first["msgid"] == second["msgid"]
    assert room.books.now.said == 1


async def test_first_send_that_is_refused_is_a_refusal(room: KfRoom) -> None:
    room.server.answers.append({"errcode": 40058, "errmsg": "text too long"})

    with pytest.raises(Refusal):
        await room.door.send(words())


async def test_long_text_is_cut_and_costs_one_message(room: KfRoom) -> None:
    await room.door.send(words("长" * 2000))

    [body] = room.sent
    assert len(body["text"]["content"].encode()) <= 2048
    assert body["text"]["content"].endswith("…")


async def test_choices_become_a_menu_whose_ids_say_what_she_would_type(room: KfRoom) -> None:
    choices = (("5", "5分，很满意"), ("没解决", "没解决" * 20))
    plain: dict[str, Any] = {"id": 1, "key": "k", "lane": "kf", "chat": CHAT}
    await room.door.send(Outgoing(message=Text(text="问" * 600, choices=choices), **plain))

    [body] = room.sent
    menu = body["msgmenu"]
    assert body["msgtype"] == "msgmenu"
    assert len(menu["head_content"].encode()) <= 1024
    assert [item["click"]["id"] for item in menu["list"]] == ["say:5", "say:没解决"]
    assert all(len(item["click"]["content"].encode()) <= 128 for item in menu["list"])


async def test_progress_falls_without_a_call_when_only_the_reserve_is_left(room: KfRoom) -> None:
    room.books.now = Standing(heard_at=NOON, said=3)

    receipt = await room.door.send(words(weight=Weight.PROGRESS))
    with pytest.raises(Gone):
        await room.door.send(words(weight=Weight.WORD))
    await room.door.send(words(weight=Weight.CLOSING))

    assert receipt.note
    assert len(room.sent) == 1


async def test_sixth_message_that_wecom_counts_otherwise_finds_another_way(room: KfRoom) -> None:
    """Trap 24: the 6th message is 95001; what we had counted does not matter."""
    room.server.answers.append(SHUT)

    with pytest.raises(Gone):
        await room.door.send(words(weight=Weight.CLOSING))
    assert (await room.door.send(words(weight=Weight.PROGRESS))).note

    assert len(room.sent) == 1


async def test_after_48_hours_nothing_is_tried(room: KfRoom, clock: Clock) -> None:
    """Trap 24: 48 h over."""
    clock.pass_s(48 * 3600)

    with pytest.raises(Gone):
        await room.door.send(words(weight=Weight.CLOSING))

    assert room.sent == []


async def test_session_that_a_human_took_meanwhile_is_remembered(room: KfRoom) -> None:
    """Trap 24: state 3 in the middle of a dialogue."""
    room.server.answers += [HELD, {"errcode": 0, "service_state": HUMAN}]

    receipt = await room.door.send(words(weight=Weight.ANSWER))
    with pytest.raises(Gone):
        await room.door.send(words(weight=Weight.CLOSING))

    assert receipt.note
    assert room.books.now.state == HUMAN
    assert len(room.sent) == 1


async def test_session_that_is_ours_again_is_tried_again(room: KfRoom) -> None:
    room.server.answers += [HELD, {"errcode": 0, "service_state": BOT}]

    with pytest.raises(Limited):
        await room.door.send(words())

    await room.door.send(words())
    assert len(room.sent) == 2


async def test_ended_session_finds_another_way(room: KfRoom) -> None:
    room.server.answers += [HELD, {"errcode": 0, "service_state": ENDED}]

    with pytest.raises(Gone):
        await room.door.send(words())


async def test_welcome_goes_by_its_code_and_costs_nothing(room: KfRoom, clock: Clock) -> None:
    room.books.now = Standing()
    reply = ReplyHandle(kind="welcome", token="WC", until=NOON + timedelta(seconds=20))

    await room.door.send(words("您好", reply=reply))
    clock.pass_s(20)
    late = await room.door.send(words("您好", reply=reply))

    [body] = room.server.bodies("kf/send_msg_on_event")
    assert (body["code"], body["text"]) == ("WC", {"content": "您好"})
    assert (late.note, room.books.now.said, room.sent) == ("too late to greet", 0, [])


async def test_welcome_code_that_was_used_bothers_nobody(room: KfRoom) -> None:
    """Trap 24: welcome_code after 20 s, by WeCom's clock."""
    room.server.answers.append({"errcode": 40058, "errmsg": "invalid code"})
    reply = ReplyHandle(kind="welcome", token="WC", until=NOON + timedelta(seconds=20))

    assert (await room.door.send(words(reply=reply))).note


@pytest.mark.parametrize("chat", ["app:wang", "kf:wkA", "kf:wkA:", "wrGROUP"])
async def test_conversation_of_another_door_is_a_refusal(room: KfRoom, chat: str) -> None:
    with pytest.raises(Refusal):
        await room.door.send(words(chat=chat))


async def test_card_is_a_refusal(room: KfRoom) -> None:
    plain: dict[str, Any] = {"id": 1, "key": "k", "lane": "kf", "chat": CHAT}
    with pytest.raises(Refusal):
        await room.door.send(Outgoing(message=Card(task_id="T", title="x"), **plain))


async def test_voice_is_fetched_by_its_media_id(room: KfRoom) -> None:
    headers = {"Content-Disposition": 'attachment; filename="v.amr"'}
    room.server.media = lambda: web.Response(body=b"sound", headers=headers)

    assert await room.door.fetch(Media(kind="voice", media_id="M1")) == b"sound"


async def test_session_is_handed_to_a_human_by_name(room: KfRoom, api: Api) -> None:
    room.server.answers.append({"errcode": 0, "msg_code": "MC"})

    code = await kf_api.hand_over(api, ACCOUNT, CUSTOMER, HUMAN, "fang")

    [body] = room.server.bodies("kf/service_state/trans")
    assert (code, body["service_state"], body["servicer_userid"]) == ("MC", 3, "fang")


async def test_link_of_a_poster_carries_its_place(room: KfRoom, api: Api) -> None:
    room.server.answers.append({"errcode": 0, "url": "https://work.weixin.qq.com/kfid/kfc?enc=1"})

    link = await kf_api.contact_link(api, ACCOUNT, "poster")

    assert kf_api.link_for(link, "g01.桂花苑.3").endswith(
        "kfc?enc=1&scene_param=g01.%E6%A1%82%E8%8A%B1%E8%8B%91.3"
    )
    assert kf_api.link_for("https://x/y", "a").endswith("y?scene_param=a")
    with pytest.raises(Refusal):
        kf_api.link_for(link, "长" * 15)
