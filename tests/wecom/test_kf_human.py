"""Handing a session to a human over real HTTP (转人工), and what WeCom refuses (trap 24)."""

from typing import Any

import aiohttp
import pytest

from bot.door_events import Learned
from bot.messages import Errand, Outgoing, Text
from bot.wecom.client import Api
from bot.wecom.errors import Gone, Refusal, Unreachable
from bot.wecom.kf_budget import BOT, ENDED, HUMAN, NEW, POOL, Standing
from tests.wecom.api_server import ApiServer, cut_off
from tests.wecom.fakes import NOON, Clock, DictTokens
from tests.wecom.kf_room import CHAT, KfRoom, room_of

NO = {"errcode": 40058, "errmsg": "not from this state"}
FORBIDDEN = {"errcode": 48002, "errmsg": "api forbidden"}
CODE = {"errcode": 0, "msg_code": "MC"}


@pytest.fixture
def api(server: ApiServer, session: aiohttp.ClientSession, tokens: DictTokens, clock: Clock) -> Api:
    return Api(server.config, session, tokens, clock)


@pytest.fixture
def room(server: ApiServer, api: Api, clock: Clock) -> KfRoom:
    return room_of(server, api, clock)


def state(number: int) -> dict[str, Any]:
    return {"errcode": 0, "service_state": number}


def on_duty(*users: str) -> dict[str, Any]:
    rows = [{"userid": user, "status": 0} for user in users]
    return {"errcode": 0, "servicer_list": [{"userid": "asleep", "status": 1}, *rows]}


def errand(what: str = "human") -> Outgoing:
    message = Errand(what=what, data={"by": "wmR1", "told": "正在请工作人员"})
    return Outgoing(id=1, key="row-1", lane="kf", chat=CHAT, message=message)


def learned(room: KfRoom) -> dict[str, Any]:
    [event] = room.books.events
    assert isinstance(event, Learned)
    assert event.what == "human"
    return event.data


async def test_pool_takes_her_and_the_code_says_one_line(room: KfRoom) -> None:
    room.server.answers += [state(BOT), on_duty("fang"), CODE]

    await room.door.send(errand())

    assert room.server.bodies("kf/service_state/trans")[0]["service_state"] == POOL
    [line] = room.server.bodies("kf/send_msg_on_event")
    assert (line["code"], line["text"]) == ("MC", {"content": "正在请工作人员"})
    assert (learned(room)["state"], learned(room)["fresh"]) == (POOL, True)
    assert room.books.now.state == POOL
    assert room.sent == []


async def test_account_without_a_pool_gives_her_to_the_servicer_on_duty(room: KfRoom) -> None:
    room.server.answers += [state(NEW), on_duty("fang"), NO, CODE]

    await room.door.send(errand())

    asked = room.server.bodies("kf/service_state/trans")[1]
    assert (asked["service_state"], asked["servicer_userid"]) == (HUMAN, "fang")
    assert learned(room)["state"] == HUMAN


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([state(NEW), on_duty()], id="all rest"),
        pytest.param([state(NEW), on_duty("fang"), NO, NO], id="both refused"),
        pytest.param([FORBIDDEN], id="no right to ask"),
        pytest.param([state(NEW), FORBIDDEN], id="no right to see who is there"),
    ],
)
async def test_nobody_there_is_told_and_the_session_stays_ours(
    room: KfRoom, answers: list[dict[str, Any]]
) -> None:
    room.server.answers += answers

    await room.door.send(errand())

    assert learned(room)["state"] == NEW
    assert room.books.now.state == NEW
    assert room.server.bodies("kf/send_msg_on_event") == []


async def test_repeated_errand_leaves_her_where_she_is(room: KfRoom) -> None:
    room.server.answers += [state(POOL)]

    await room.door.send(errand())

    assert room.server.bodies("kf/service_state/trans") == []
    assert (learned(room)["state"], learned(room)["fresh"]) == (POOL, False)


async def test_wire_that_breaks_is_tried_again_and_another_errand_never(room: KfRoom) -> None:
    room.server.answers += [cut_off]
    with pytest.raises(Unreachable):
        await room.door.send(errand())
    with pytest.raises(Refusal):
        await room.door.send(errand("dance"))
    assert room.books.events == []


def danger() -> Outgoing:
    message = Text(text="请马上打119")
    return Outgoing(id=2, key="row-2", lane="kf", chat=CHAT, message=message, danger=True)


async def test_danger_takes_her_out_of_the_pool_to_say_the_numbers(room: KfRoom) -> None:
    room.books.now = Standing(heard_at=NOON, state=POOL)
    room.server.answers += [state(POOL), CODE]

    await room.door.send(danger())

    assert room.server.bodies("kf/service_state/trans")[0]["service_state"] == ENDED
    [line] = room.server.bodies("kf/send_msg_on_event")
    assert line["text"] == {"content": "请马上打119"}
    assert room.books.now.state == ENDED


@pytest.mark.parametrize("answers", [[state(HUMAN)], [state(POOL), NO], [state(POOL), CODE, NO]])
async def test_danger_that_cannot_be_said_there_goes_another_way(
    room: KfRoom, answers: list[dict[str, Any]]
) -> None:
    room.books.now = Standing(heard_at=NOON, state=POOL)
    room.server.answers += answers

    with pytest.raises(Gone):
        await room.door.send(danger())
