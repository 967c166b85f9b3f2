"""The API client: tokens are fetched once, nothing loops, every failure has its class."""

import asyncio
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.wecom.client import Api
from bot.wecom.errors import (
    Busy,
    Limited,
    NotAllowed,
    Refusal,
    StaleToken,
    Unreachable,
    WeComFault,
    fault_of,
)
from tests.wecom.api_server import ApiServer, cut_off, dripping
from tests.wecom.fakes import Clock, DictTokens

OK = {"errcode": 0, "msgid": "m1"}
NAME = "token:wwcorp1:7"
FILE = {"Content-Disposition": "attachment"}


@pytest.fixture
def api(server: ApiServer, session: aiohttp.ClientSession, tokens: DictTokens, clock: Clock) -> Api:
    return Api(server.config, session, tokens, clock)


async def test_twenty_cold_calls_fetch_one_token(api: Api, server: ApiServer) -> None:
    await asyncio.gather(*(api.call("message/send", {}) for _ in range(20)))

    assert server.token_calls == 1
    assert len(server.calls) == 20


async def test_token_is_renewed_300_s_before_its_end(
    api: Api, server: ApiServer, clock: Clock
) -> None:
    await api.call("message/send", {})

    clock.pass_s(7200 - 301)
    await api.call("message/send", {})
    assert server.token_calls == 1

    clock.pass_s(2)
    await api.call("message/send", {})
    assert server.token_calls == 2


@pytest.mark.parametrize("errcode", [40014, 42001])
async def test_refused_token_is_fetched_anew_and_the_call_repeated_once(
    api: Api, server: ApiServer, errcode: int
) -> None:
    server.answers.append({"errcode": errcode, "errmsg": "no"})

    answer = await api.call("message/send", {})

    assert answer["msgid"] == "m1"
    assert (server.token_calls, len(server.calls)) == (2, 2)


async def test_twenty_calls_refused_together_fetch_one_more_token(
    api: Api, server: ApiServer, tokens: DictTokens, clock: Clock
) -> None:
    tokens.kept[NAME] = ("revoked", clock() + timedelta(hours=2))

    await asyncio.gather(*(api.call("message/send", {}) for _ in range(20)))

    assert server.token_calls == 1


@pytest.mark.parametrize("same", [False, True], ids=["fresh token", "the same token again"])
async def test_storm_of_refused_tokens_never_loops(
    api: Api, server: ApiServer, *, same: bool
) -> None:
    server.refuses_every_token = True
    server.same_token = same

    for _ in range(3):
        with pytest.raises(StaleToken) as caught:
            await api.call("message/send", {})
        assert not caught.value.unknown

    assert len(server.calls) == 6
    assert server.token_calls <= 4


async def test_token_fetched_by_another_process_is_taken_without_a_fetch(
    api: Api, server: ApiServer, tokens: DictTokens, clock: Clock
) -> None:
    async def another_process_renews(request: web.Request) -> web.Response:
        tokens.kept[NAME] = ("theirs", clock() + timedelta(hours=2))
        return web.json_response({"errcode": 42001})

    tokens.kept[NAME] = ("old", clock() + timedelta(hours=2))
    server.answers.append(another_process_renews)

    await api.call("message/send", {})

    assert server.token_calls == 0


async def test_wrong_secret_is_tried_once_and_then_left_alone_for_a_minute(
    api: Api, server: ApiServer
) -> None:
    server.token_answers.append({"errcode": 40001, "errmsg": "invalid credential"})

    results = await asyncio.gather(
        *(api.call("message/send", {}) for _ in range(5)), return_exceptions=True
    )

    assert all(isinstance(result, NotAllowed) for result in results)
    assert (server.token_calls, server.calls) == (1, [])


async def test_token_that_ends_soon_is_not_asked_for_with_every_call(
    api: Api, server: ApiServer, clock: Clock
) -> None:
    """Trap 16: gettoken gives the same token until its last second."""
    server.same_token = True
    server.token_answers.append({"errcode": 0, "access_token": "T", "expires_in": 200})
    for _ in range(3):
        await api.call("message/send", {})
    assert server.token_calls == 1

    clock.pass_s(101)
    await api.call("message/send", {})
    assert server.token_calls == 2


async def test_token_in_its_last_second_is_not_used(api: Api, server: ApiServer) -> None:
    """Trap 16: a second later WeCom gives a new one."""
    server.token_answers.append({"errcode": 0, "access_token": "revoked", "expires_in": 0})

    await api.call("message/send", {})

    assert (server.token_calls, len(server.calls)) == (2, 1)


async def test_token_fetch_that_breaks_leaves_no_doubt_about_the_call(
    api: Api, server: ApiServer
) -> None:
    server.token_answers.append({"errcode": "?"})

    with pytest.raises(Unreachable) as caught:
        await api.call("message/send", {})

    assert not caught.value.unknown
    assert server.calls == []


async def test_busy_wecom_is_asked_three_times_at_most(api: Api, server: ApiServer) -> None:
    server.answers.extend([{"errcode": -1}, {"errcode": -1}])
    assert (await api.call("message/send", {}))["errcode"] == 0
    assert len(server.calls) == 3

    server.answers.extend([{"errcode": -1}] * 9)
    with pytest.raises(Busy):
        await api.call("message/send", {})
    assert len(server.calls) == 6


async def answer_no_http(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.write(b"HTTP/9 nonsense\r\n\r\n")
    request.transport.close()
    return web.Response()


async def answer_500(request: web.Request) -> web.Response:
    return web.Response(status=502)


async def answer_302(request: web.Request) -> web.Response:
    raise web.HTTPFound("http://127.0.0.1:1/")


async def answer_html(request: web.Request) -> web.Response:
    return web.Response(text="<html>log in first</html>")


async def answer_list(request: web.Request) -> web.Response:
    return web.json_response([1])


async def answer_too_long(request: web.Request) -> web.Response:
    return web.Response(body=b"x" * (1024 * 1024 + 1))


@pytest.mark.parametrize(
    ("answer", "unknown"),
    [
        pytest.param(cut_off, True, id="cut off after the request"),
        pytest.param(dripping, True, id="answer drips without end"),
        pytest.param(answer_no_http, True, id="no http"),
        pytest.param(answer_500, True, id="502"),
        pytest.param(answer_302, False, id="sent elsewhere"),
        pytest.param(answer_html, True, id="not json"),
        pytest.param(answer_list, True, id="json but no object"),
        pytest.param(answer_too_long, True, id="too long"),
    ],
)
async def test_failure_of_the_wire_tells_whether_it_may_have_arrived(
    api: Api, server: ApiServer, answer: Callable[[web.Request], Any], *, unknown: bool
) -> None:
    server.answers.append(answer)

    with pytest.raises(Unreachable) as caught:
        await api.call("message/send", {})

    assert caught.value.unknown is unknown
    assert len(server.calls) == 1
    words = "".join(traceback.format_exception(caught.value))
    assert "access_token=" not in words


async def test_no_connection_means_that_nothing_arrived(
    session: aiohttp.ClientSession, tokens: DictTokens, clock: Clock
) -> None:
    fake = ApiServer()
    async with fake.server:
        config = fake.config
    tokens.kept[NAME] = ("T", clock() + timedelta(hours=2))

    with pytest.raises(Unreachable) as caught:
        await Api(config, session, tokens, clock).call("message/send", {})

    assert not caught.value.unknown


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (-1, Busy),
        (40014, StaleToken),
        (45009, Limited),
        (45033, Limited),
        (60020, NotAllowed),
        (48002, NotAllowed),
        (81013, Refusal),
        (93006, Refusal),
        (999999, Refusal),
    ],
)
def test_errcode_names_who_must_act(errcode: int, kind: type[WeComFault]) -> None:
    fault = fault_of(errcode, "some  \n words " + "x" * 500)

    assert type(fault) is kind
    assert fault.errcode == errcode
    assert fault.doc.endswith(f"e={errcode}")
    assert fault.detail.startswith("some words ")
    assert len(fault.detail) == 200


async def test_limit_tells_how_long_to_wait(api: Api, server: ApiServer) -> None:
    server.answers.append({"errcode": 45009, "errmsg": "too often"})

    with pytest.raises(Limited) as caught:
        await api.call("message/send", {})

    assert caught.value.retry_after_s == 60


async def test_upload_gives_a_media_id(api: Api, server: ApiServer) -> None:
    server.answers.append({"errcode": 42001})

    assert await api.upload("image", "door.png", b"\x89PNG and more") == "md1"
    assert [path for path, _ in server.calls] == ["media/upload"] * 2


@pytest.mark.parametrize("size", [0, 5, 2 * 1024 * 1024 + 1])
async def test_upload_of_a_wrong_size_is_refused_here(
    api: Api, server: ApiServer, size: int
) -> None:
    with pytest.raises(Refusal):
        await api.upload("voice", "a.amr", b"x" * size)
    assert server.calls == []


async def test_medium_is_fetched_with_a_fresh_token_when_the_old_is_refused(
    api: Api, server: ApiServer, tokens: DictTokens, clock: Clock
) -> None:
    tokens.kept[NAME] = ("revoked", clock() + timedelta(hours=2))
    server.media = lambda: web.Response(body=b"picture", headers=FILE)

    assert await api.fetch("md1") == b"picture"


async def test_medium_that_is_gone_or_too_big_is_refused(api: Api, server: ApiServer) -> None:
    server.media = lambda: web.json_response({"errcode": 40007, "errmsg": "invalid media_id"})
    with pytest.raises(Refusal) as caught:
        await api.fetch("md1")
    assert caught.value.errcode == 40007

    server.media = lambda: web.Response(body=b"x" * 100, headers=FILE)
    with pytest.raises(Refusal):
        await api.fetch("md1", limit_bytes=99)

    server.media = lambda: web.json_response({"errcode": 0})
    with pytest.raises(Unreachable):
        await api.fetch("md1")
