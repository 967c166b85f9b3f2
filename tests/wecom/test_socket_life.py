"""The long connection comes back from everything, except from a take-over."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from bot.messages import Button, Card, Text
from bot.wecom.aibot import Socket
from bot.wecom.errors import Unreachable
from tests.crash.wire import wire_to
from tests.wecom.fakes import Clock, ListeningEars, OpenBuckets, row, until
from tests.wecom.gateway import Gateway, message
from tests.wecom.rooms import Room, deque_of

CARD = Card(task_id="t2", title="邻里纠纷", buttons=(Button(text="签收", key="accept|1"),))
GROUP = "wrGRID01"


async def close_with(code: int, gateway: Gateway) -> None:
    await gateway.ws.close(code=code)


async def close_1000(gateway: Gateway) -> None:
    await close_with(1000, gateway)


async def close_1001(gateway: Gateway) -> None:
    await close_with(1001, gateway)


async def close_1011(gateway: Gateway) -> None:
    await close_with(1011, gateway)


async def tcp_abort(gateway: Gateway) -> None:
    gateway.abort()


async def oversized_frame(gateway: Gateway) -> None:
    with contextlib.suppress(ConnectionError):
        await gateway.ws.send_str("x" * (5 * 1024 * 1024))


@pytest.mark.parametrize("breaks", [close_1000, close_1001, close_1011, tcp_abort, oversized_frame])
async def test_socket_comes_back_and_hears_after(
    gateway: Gateway,
    room: Room,
    ears: ListeningEars,
    breaks: Callable[[Gateway], Awaitable[None]],
) -> None:
    async with room.open():
        await breaks(gateway)
        await until(lambda: gateway.subscribed == 2)
        await until(lambda: room.socket.online)
        await gateway.text("@小警 还在吗")
        await until(lambda: len(ears.heard) == 1)


async def test_malformed_frames_are_skipped_on_the_same_connection(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    async with room.open() as socket:
        for frame in (
            "not json",
            "[]",
            "7",
            '{"cmd":7}',
            '{"cmd":"aibot_msg_callback"}',
            '{"cmd":"aibot_msg_callback","headers":[],"body":[]}',
            '{"cmd":"aibot_msg_callback","headers":{},"body":{"msgtype":"text","from":"x"}}',
            '{"headers":{"req_id":"nobody asked"},"errcode":0}',
            '{"errcode":"x"}',
            "[" * 100_000,
        ):
            await gateway.ws.send_str(frame)
        await gateway.ws.send_bytes(b"\xff\x00")
        await gateway.text("@小警 还在吗")
        await until(lambda: len(ears.heard) == 1)

        assert gateway.subscribed == 1
        assert socket.seen == {"aib7": 4}


async def test_dead_peer_is_noticed_after_two_missed_pongs(gateway: Gateway, room: Room) -> None:
    gateway.acks["ping"] = deque_of(0, None, 0, None, None)

    async with room.open(ping_s=0.01, ack_timeout_s=0.4):
        await until(lambda: gateway.subscribed == 2)

    assert len(gateway.said("ping")) >= 5


async def test_line_that_takes_bytes_and_answers_nothing_is_left_and_found_again(
    gateway: Gateway, room: Room
) -> None:
    async with (
        wire_to(gateway.url) as (wire, url),
        room.open(url=url, ping_s=0.2, ack_timeout_s=0.2) as socket,
    ):
        wire.hold()
        await until(lambda: not socket.online)
        assert gateway.subscribed == 1

        wire.flow()
        await until(lambda: socket.online)


async def test_refused_ping_is_still_a_sign_of_life_but_half_dead_is_not(
    gateway: Gateway, room: Room
) -> None:
    gateway.acks["ping"] = deque_of(45009, 846609)

    async with room.open(ping_s=0.01):
        await until(lambda: gateway.subscribed == 2)

    assert len(gateway.said("ping")) >= 2


async def test_taken_over_socket_waits_until_it_is_told(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    async with room.open() as socket:
        await gateway.tell(message("event", "D1", event={"eventtype": "disconnected_event"}))
        await until(lambda: room.yields == 1)
        assert socket.yielded
        with pytest.raises(Unreachable):
            await socket.send(row(Text(text="a"), GROUP))
        with pytest.raises(TimeoutError):
            await until(lambda: gateway.subscribed == 2, within_s=0.3)

        socket.take_over()
        await until(lambda: gateway.subscribed == 2)

        assert (gateway.subscribed, socket.yielded) == (2, False)
        assert ears.heard == []


async def test_wrong_secret_pauses_and_tells_the_operator_but_never_gives_up(
    gateway: Gateway, room: Room
) -> None:
    gateway.acks["aibot_subscribe"] = deque_of(*[853000] * 5)

    async with room.open():
        assert room.alarms == [("socket_refused", "aib7 errcode=853000")]
        assert len(gateway.said("aibot_subscribe")) == 6


async def test_silent_subscribe_and_server_that_is_down_are_tried_again(
    gateway: Gateway, room: Room
) -> None:
    gateway.acks["aibot_subscribe"] = deque_of(None)

    async with room.open(ack_timeout_s=0.4) as socket:
        assert len(gateway.said("aibot_subscribe")) == 2
        gateway.is_down = True
        gateway.abort()
        await until(lambda: not socket.online)
        with pytest.raises(Unreachable) as caught:
            await socket.send(row(Text(text="a"), GROUP))
        assert not caught.value.unknown

        gateway.is_down = False
        await until(lambda: socket.online)


async def test_address_where_nobody_listens_keeps_the_socket_trying_until_it_is_stopped(
    session: aiohttp.ClientSession, ears: ListeningEars, buckets: OpenBuckets, clock: Clock
) -> None:
    fake = Gateway()
    async with fake.server:
        config = fake.config()
    socket = Socket(config, session, ears, buckets, clock, alarm=lambda what, detail: None)

    running = asyncio.create_task(socket.run())
    with pytest.raises(TimeoutError):
        await until(lambda: socket.online, within_s=0.1)
    await socket.stop()

    async with asyncio.timeout(5):
        await running


async def test_stop_before_the_subscription_is_acknowledged_ends_the_run(
    gateway: Gateway,
    session: aiohttp.ClientSession,
    ears: ListeningEars,
    buckets: OpenBuckets,
    clock: Clock,
) -> None:
    gateway.ack_delay_s = 0.05
    socket = Socket(gateway.config(), session, ears, buckets, clock, alarm=lambda *_: None)
    running = asyncio.create_task(socket.run())
    await until(lambda: bool(gateway.said("aibot_subscribe")))

    await socket.stop()

    async with asyncio.timeout(2):
        await running


async def test_stop_while_taken_over_ends_the_run(gateway: Gateway, room: Room) -> None:
    async with room.open(yield_pause_s=30.0) as socket:
        await gateway.tell(message("event", "D1", event={"eventtype": "disconnected_event"}))
        await until(lambda: socket.yielded)


async def test_too_many_subscriptions_pause_and_tell_the_operator(
    gateway: Gateway, room: Room
) -> None:
    gateway.acks["aibot_subscribe"] = deque_of(45009)

    async with room.open():
        assert room.alarms == [("socket_refused", "aib7 errcode=45009")]
