"""The door of 政民沟通: oddities of the JSON, what is left with WeCom, safe pictures; trap 25."""

import contextlib
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain import orders as sheets
from bot.door_events import OrderSeen
from bot.events import Media, media_names, pack, unpack
from bot.wecom.client import Api
from bot.wecom.errors import Gone, Refusal
from bot.wecom.orders import Orders
from bot.wecom.orders_wire import digest_of, order_in
from bot.wecom.places import AppConfig
from bot.wecom.reach import guarded_session, media_reach
from tests.wecom.fakes import NOON, Clock, DictTokens

RAW: dict[str, Any] = {
    "order_id": "o1",
    "desc": "井盖没了",
    "grid_name": 12,
    "reporter_name": "化名甲",
    "reporter_mobile": "0000-0000000",
    "unionid": "u1",
    "image_urls": ["https://example.invalid/a.png"],
    "processor_userids": None,
    "process_list": [{"process_type": 2, "solve_userid": "wg", "status": "1", "solved_time": 7}],
}


def seen(raw: dict[str, Any]) -> OrderSeen:
    data = order_in(raw)
    return OrderSeen(key=f"k{digest_of(data)}", at=NOON, kind="resident", order="o1", data=data)


def test_number_for_a_grid_name_and_null_lists_are_read_trap_25() -> None:
    """Trap 25: grid_name int; an order without grid_id."""
    order = sheets.order_of(seen(RAW))

    assert (order.grid, order.grid_name, order.processors) == ("", "12", ())
    assert order.steps[0].is_done


def test_who_reported_stays_with_wecom() -> None:
    packed = pack(seen(RAW))

    assert not [word for word in ("化名甲", "0000-0000000", "u1") if word in packed]


def test_event_survives_the_inbox() -> None:
    event = seen(RAW)

    assert unpack(pack(event)) == event


def test_picture_keeps_its_name_when_the_order_goes_on() -> None:
    longer = {**RAW, "process_list": [*RAW["process_list"], {"process_type": 5, "status": 1}]}
    first, second = (sheets.messages(seen(raw))[0] for raw in (RAW, longer))

    assert seen(RAW).key != seen(longer).key
    assert media_names(first) == media_names(second)


@pytest.mark.parametrize(
    ("kind", "status", "is_over"), [(5, 1, True), (5, 0, False), (6, 0, True), (7, 1, False)]
)
def test_order_is_over_when_it_is_closed_or_refused(kind: int, status: int, is_over: bool) -> None:
    raw = {**RAW, "process_list": [{"process_type": kind, "status": status}]}

    assert (sheets.order_of(seen(raw)).end is not None) is is_over


def test_step_that_is_finished_is_news_again() -> None:
    running = sheets.order_of(seen({**RAW, "process_list": [{"process_type": 7, "status": 0}]}))
    done = sheets.order_of(seen({**RAW, "process_list": [{"process_type": 7, "status": 1}]}))
    known = {step.digest for step in running.steps}

    assert sheets.news(running, known) == ()
    assert sheets.news(done, known) == done.steps


async def _picture(request: web.Request) -> web.StreamResponse:
    match request.match_info["name"]:
        case "away":
            raise web.HTTPFound("http://127.0.0.1:9/secret")
        case "gone":
            raise web.HTTPNotFound
    return web.Response(body=b"p" * 100)


async def test_pictures_come_only_from_safe_addresses_and_never_over_their_limit(
    clock: Clock,
) -> None:
    served = web.Application()
    served.router.add_get("/{name}", _picture)
    async with TestServer(served) as server, contextlib.AsyncExitStack() as stack:
        base = str(server.make_url("")).rstrip("/")
        config = AppConfig(corpid="c", agentid=1, secret="s", api_base=base)
        session = await stack.enter_async_context(guarded_session(media_reach("", base)))
        door = Orders(config, Api(config, session, DictTokens(), clock), session, clock)

        assert await door.fetch(Media(kind="image", url=f"{base}/p")) == b"p" * 100
        with pytest.raises(Refusal):
            await door.fetch(Media(kind="image", url=f"{base}/p"), 99)
        with pytest.raises(Gone):
            await door.fetch(Media(kind="image", url=f"{base}/gone"))
        with pytest.raises(Gone):
            await door.fetch(Media(kind="image", url=f"{base}/away"))
        with pytest.raises(Refusal):
            await door.fetch(Media(kind="image", url="http://169.254.1.1/p"))
