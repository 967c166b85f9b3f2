"""微信客服 heard over real HTTP: knocks, pages, cursors and what stands in them (trap 24)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.door_events import Bounced
from bot.events import Heard, Joined
from bot.wecom.app import App
from bot.wecom.client import Api
from bot.wecom.errors import NotAllowed
from bot.wecom.kf import EVENT
from bot.wecom.kf_budget import ENDED, HUMAN
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import NOON, Clock, DictTokens, ListeningEars, until
from tests.wecom.kf_room import ACCOUNT, CHAT, KfRoom, happened, page, room_of, said, text
from tests.wecom.knocking import Knocker

KNOCK = (
    "<xml><ToUserName><![CDATA[wwcorp1]]></ToUserName><CreateTime>1700000000</CreateTime>"
    "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>"
    "<Token><![CDATA[TK]]></Token><OpenKfId><![CDATA[wkA]]></OpenKfId></xml>"
)


@pytest.fixture
def api(server: ApiServer, session: aiohttp.ClientSession, tokens: DictTokens, clock: Clock) -> Api:
    return Api(server.config, session, tokens, clock)


@pytest.fixture
def room(server: ApiServer, api: Api, clock: Clock) -> KfRoom:
    return room_of(server, api, clock)


@asynccontextmanager
async def reading(room: KfRoom, *, is_ours: bool = False) -> AsyncIterator[None]:
    task = asyncio.create_task(room.door.run(lambda: is_ours))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_knock_without_agent_and_sender_makes_the_door_read(
    room: KfRoom,
    app: App,
    ears: ListeningEars,
    session: aiohttp.ClientSession,
    clock: Clock,
) -> None:
    """Trap 6: the event of 微信客服 reaches the app's address without AgentID."""
    app.hooks[EVENT] = room.door.knock
    room.server.answers.append(page(text("k1", "路灯坏了")))
    knocker = Knocker(app, "wwcorp1", clock)

    async with reading(room), knocker.server:
        assert await knocker.xml(session, KNOCK) == (200, "")
        await until(lambda: room.door.unread == 0)

    [event] = room.books.events
    assert isinstance(event, Heard)
    assert (event.key, event.chat, event.by, event.door) == ("kf:k1", CHAT, "kf:wmR1", "kf")
    assert (event.text, event.at) == ("路灯坏了", NOON)
    assert room.asked == [{"limit": 1000, "voice_format": 0, "open_kfid": ACCOUNT, "token": "TK"}]
    assert ears.heard == []


async def test_knock_for_an_account_that_is_not_ours_changes_nothing(room: KfRoom) -> None:
    await room.door.knock({"OpenKfId": "wkOTHER", "Token": "TK"})

    assert room.door.unread == 0


async def test_reading_goes_on_while_there_is_more_even_when_a_page_is_empty(
    room: KfRoom,
) -> None:
    """Trap 24: has_more=1 with an empty list."""
    room.server.answers += [
        page(text("k1", "一"), cursor="c1", more=1),
        page(cursor="c1", more=1),
        page(text("k2", "二"), cursor="c2"),
    ]

    assert await room.door.sync(ACCOUNT, "TK") == 2

    assert [event.key for event in room.books.events] == ["kf:k1", "kf:k2"]
    assert [body.get("cursor") for body in room.asked] == [None, "c1", "c1"]
    assert room.books.cursors == {ACCOUNT: "c2"}


async def test_more_without_end_and_without_anything_is_left_for_later(room: KfRoom) -> None:
    room.server.answers += [page(cursor="c1", more=1) for _ in range(300)]

    assert await room.door.sync(ACCOUNT) == 0

    assert 200 < len(room.asked) < 210


async def test_token_too_old_is_left_out(room: KfRoom) -> None:
    """Trap 24: the token of a callback lives ten minutes."""
    room.server.answers += [{"errcode": 95007, "errmsg": "invalid msg token"}, page()]

    await room.door.sync(ACCOUNT, "OLD")

    assert [body.get("token") for body in room.asked] == ["OLD", None]


async def test_refused_cursor_reads_three_days_again(room: KfRoom) -> None:
    """Trap 24: a lost cursor; the same msgid has the same key, so nothing is handled twice."""
    room.books.cursors[ACCOUNT] = "c9"
    room.server.answers += [{"errcode": 40058, "errmsg": "cursor"}, page(text("k1", "一"))]

    await room.door.sync(ACCOUNT, "TK")

    assert [body.get("cursor") for body in room.asked] == ["c9", None]
    assert [event.key for event in room.books.events] == ["kf:k1"]


async def test_page_that_cannot_be_stored_is_read_again(room: KfRoom) -> None:
    room.books.faults.append(OSError("disk full"))
    room.server.answers += [page(text("k1", "一")), page(text("k1", "一"), cursor="c7")]

    async with reading(room):
        await room.door.knock({"OpenKfId": ACCOUNT, "Token": "TK"})
        await until(lambda: room.books.cursors.get(ACCOUNT) == "c7")

    assert [body.get("cursor") for body in room.asked] == [None, None]


async def test_without_a_knock_it_is_read_at_start_and_now_and_then(
    server: ApiServer, api: Api, clock: Clock
) -> None:
    room = room_of(server, api, clock, poll_s=0.02)
    server.answers += [page(), page(text("k1", "一"))]

    async with reading(room, is_ours=True):
        await until(lambda: len(room.books.events) == 1)

    assert room.asked[0] == {"limit": 1000, "voice_format": 0, "open_kfid": ACCOUNT}


async def test_who_does_not_hold_the_lease_only_reads_at_a_knock(
    server: ApiServer, api: Api, clock: Clock
) -> None:
    room = room_of(server, api, clock, poll_s=0.01)

    async with reading(room):
        await asyncio.sleep(0.05)  # several polls of the one that may

    assert room.asked == []


async def test_right_that_is_missing_is_no_reason_to_hammer(
    room: KfRoom, caplog: pytest.LogCaptureFixture
) -> None:
    room.server.answers.append({"errcode": 48002, "errmsg": "api forbidden"})

    async with reading(room):
        await room.door.knock({"OpenKfId": ACCOUNT, "Token": "TK"})
        await until(lambda: "48002" in caplog.text and room.door.unread == 0)

    assert len(room.asked) == 1
    room.server.answers.append({"errcode": 48002, "errmsg": "api forbidden"})
    with pytest.raises(NotAllowed):
        await room.door.sync(ACCOUNT)


@pytest.mark.parametrize(
    ("row", "words", "media"),
    [
        pytest.param(text("k", "5分，很满意", menu_id="say:5"), "5", [], id="tap_on_our_menu"),
        pytest.param(text("k", "办事指南", menu_id="101"), "办事指南", [], id="a_human_s_menu"),
        pytest.param(said("k", "image", {"media_id": "M1"}), "", ["image"], id="image"),
        pytest.param(said("k", "voice", {"media_id": "M1"}), "", ["voice"], id="voice"),
        pytest.param(said("k", "video", {"media_id": "M1"}), "", ["video"], id="video"),
        pytest.param(said("k", "file", {"media_id": "M1"}), "", ["file"], id="file"),
        pytest.param(
            said(
                "k", "location", {"latitude": 1.5, "longitude": 2.5, "name": "东门", "address": ""}
            ),
            "东门",
            ["location"],
            id="location",
        ),
        pytest.param(said("k", "link", {"title": "通知", "url": "u"}), "", ["link"], id="link"),
    ],
)
async def test_every_kind_of_message_is_heard(
    room: KfRoom, row: dict[str, Any], words: str, media: list[str]
) -> None:
    room.server.answers.append(page(row))

    await room.door.sync(ACCOUNT)

    [found] = room.books.kept
    assert isinstance(found.event, Heard)
    assert found.spoke
    assert (found.event.text, [one.kind for one in found.event.media]) == (words, media)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(said("k", "business_card", {"userid": "x"}), id="unknown_type"),
        pytest.param(text("", "没有编号"), id="without_msgid"),
        pytest.param({"msgid": "k", "origin": 3, "msgtype": "text"}, id="without_sender"),
        pytest.param(happened("", "msg_send_fail", fail_type=[6]), id="fail_without_msgid"),
        pytest.param({"msgid": 7, "origin": "3", "event": []}, id="misshapen"),
        pytest.param(happened("k", "servicer_status_change", status=1), id="event_without_act"),
    ],
)
async def test_rows_nobody_acts_on_do_not_stop_the_page(room: KfRoom, row: dict[str, Any]) -> None:
    room.server.answers.append(page(row, text("k2", "二")))

    await room.door.sync(ACCOUNT)

    assert [event.key for event in room.books.events] == ["kf:k2"]


async def test_entering_by_a_poster_brings_the_place_and_twenty_seconds_to_greet(
    room: KfRoom,
) -> None:
    more = {"scene": "poster", "scene_param": "g01.桂花苑.3"}
    room.server.answers.append(
        page(
            happened("k1", "enter_session", welcome_code="WC", **more),
            happened("k2", "enter_session", **more),
        )
    )

    await room.door.sync(ACCOUNT)

    first, second = room.books.events
    assert isinstance(first, Joined)
    assert first.reply is not None
    assert isinstance(second, Joined)
    assert (first.scene, first.greet, first.reply.token) == ("g01.桂花苑.3", True, "WC")
    assert first.reply.until - first.at == timedelta(seconds=20)
    assert (second.greet, second.reply) == (False, None)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        pytest.param(happened("k", "session_status_change", change_type=1), HUMAN, id="taken"),
        pytest.param(happened("k", "session_status_change", change_type=2), HUMAN, id="passed_on"),
        pytest.param(happened("k", "session_status_change", change_type=4), HUMAN, id="reopened"),
        pytest.param(happened("k", "session_status_change", change_type=3), ENDED, id="ended"),
        pytest.param(happened("k", "session_status_change", change_type=9), None, id="unknown"),
        pytest.param(said("k", "text", {"content": "您好"}, origin=5), HUMAN, id="a_human_wrote"),
    ],
)
async def test_who_holds_the_session_is_noted_and_not_heard(
    room: KfRoom, row: dict[str, Any], state: int | None
) -> None:
    room.server.answers.append(page(row))

    await room.door.sync(ACCOUNT)

    [found] = room.books.kept
    assert (found.event, found.state, found.spoke) == (None, state, False)


@pytest.mark.parametrize(
    ("fail_type", "shut"), [(0, False), (4, True), (6, True), (10, False), ([6], False)]
)
async def test_message_that_was_not_delivered_comes_back_as_bounced(
    room: KfRoom, fail_type: Any, shut: bool
) -> None:
    """Trap 24: errcode 0, then msg_send_fail."""
    row = happened("k1", "msg_send_fail", fail_msgid="m1", fail_type=fail_type)
    room.server.answers.append(page(row))

    await room.door.sync(ACCOUNT)

    [found] = room.books.kept
    assert isinstance(found.event, Bounced)
    assert (found.event.msgid, found.event.chat, found.shut) == ("m1", CHAT, shut)
