"""Encrypted userids (trap 8): converted in batches, invalid ones stay, nobody waits long."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.events import Heard
from bot.wecom.client import Api
from bot.wecom.identity import Identities, KnownEars
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import Clock, DictTokens, ListeningEars

OPEN = "woAJ2GCAAAXtWyujaWJHDDGi"
PATH = "batch/openuserid_to_userid"


@pytest.fixture
def api(server: ApiServer, session: aiohttp.ClientSession, tokens: DictTokens, clock: Clock) -> Api:
    return Api(server.config, session, tokens, clock)


async def converts(request: web.Request) -> web.Response:
    """Everybody whose id ends in a digit is known."""
    ids = (await request.json())["open_userid_list"]
    assert len(ids) <= 1000
    found = [{"open_userid": one, "userid": f"u{one[-4:]}"} for one in ids if one[-1].isdigit()]
    invalid = [one for one in ids if not one[-1].isdigit()]
    return web.json_response(
        {"errcode": 0, "userid_list": found, "invalid_open_userid_list": invalid}
    )


async def test_many_who_ask_together_are_asked_for_once(server: ApiServer, api: Api) -> None:
    """Trap 8."""
    server.answers.extend([converts] * 3)
    identities = Identities(api)
    ids = [f"{OPEN}{n:04}" for n in range(1200)]

    found = await asyncio.gather(*(identities.plain(one) for one in [*ids, *ids]))

    assert found[:1200] == [f"u{n:04}" for n in range(1200)]
    assert found[1200:] == found[:1200]
    assert [len(body["open_userid_list"]) for body in server.bodies(PATH)] == [1000, 200]


async def test_plain_and_invalid_ids_stay_and_are_not_asked_for_again(
    server: ApiServer, api: Api
) -> None:
    """Trap 8: the id comes back as invalid when it was plain already."""
    server.answers.append(converts)
    identities = Identities(api)

    assert await identities.plain("lin_zhiyuan") == "lin_zhiyuan"
    assert await identities.plain("wolf") == "wolf"
    for _ in range(2):
        assert await identities.plain(f"{OPEN}x") == f"{OPEN}x"

    assert len(server.bodies(PATH)) == 1


async def test_conversion_that_fails_is_tried_again_for_the_next_message(
    server: ApiServer, api: Api
) -> None:
    server.answers.extend([{"errcode": 48002, "errmsg": "no"}, converts])
    identities = Identities(api)

    assert await identities.plain(f"{OPEN}0001") == f"{OPEN}0001"
    assert await identities.plain(f"{OPEN}0001") == "u0001"


async def test_nobody_waits_for_a_slow_conversion(server: ApiServer, api: Api) -> None:
    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return await converts(request)

    server.answers.extend([slow, slow])
    identities = Identities(api, patience_s=0.05)

    assert await identities.plain(f"{OPEN}0001") == f"{OPEN}0001"
    await asyncio.sleep(0)
    assert await Identities(api, patience_s=5).plain(f"{OPEN}0002") == "u0002"
    assert await identities.plain(f"{OPEN}0001") == "u0001"
    assert len(server.bodies(PATH)) == 2


async def test_event_is_heard_under_the_plain_userid_where_it_was_said(
    server: ApiServer, api: Api, ears: ListeningEars
) -> None:
    server.answers.append(converts)
    chat: dict[str, Any] = {"chat": f"bot:{OPEN}7", "by": f"{OPEN}7", "door": "socket"}
    event = Heard(key="aibot:1", at=datetime(2026, 3, 4, tzinfo=UTC), text="在吗", **chat)

    assert await KnownEars(ears, Identities(api)).hear(event)

    [heard] = ears.heard
    assert isinstance(heard, Heard)
    assert (heard.by, heard.chat) == (f"u{OPEN[-3:]}7", f"bot:{OPEN}7")
