"""Outgoing rows over the socket: answered while there is a right to, pushed otherwise."""

import asyncio
from collections import deque
from datetime import timedelta
from typing import Any

import pytest

from bot.events import ReplyHandle
from bot.messages import Button, Card, CardUpdate, Text
from bot.wecom.errors import Gone, Limited, NotAllowed, Refusal, Unreachable
from tests.wecom.fakes import NOON, ListeningEars, OpenBuckets, row, until
from tests.wecom.gateway import Gateway, message
from tests.wecom.rooms import Room, deque_of

CARD = Card(task_id="t2", title="邻里纠纷", buttons=(Button(text="签收", key="accept|1"),))
GROUP = "wrGRID01"


def right(kind: str, token: str, life: timedelta = timedelta(seconds=5)) -> ReplyHandle:
    return ReplyHandle(kind=kind, token=token, until=NOON + life)


DAY = timedelta(hours=24)


async def test_answer_is_one_finished_stream_with_a_stable_id(
    gateway: Gateway, room: Room, buckets: OpenBuckets
) -> None:
    out = row(Text(text="收到 <@all>，记下了"), GROUP, right("req", "r1", DAY))

    async with room.open() as socket:
        receipt = await socket.send(out)
        await socket.send(out)

    first, second = gateway.said("aibot_respond_msg")
    assert first == second
    assert first["headers"] == {"req_id": "r1"}
    assert first["body"]["stream"]["finish"] is True
    assert first["body"]["stream"]["content"] == "收到 ＜@all>，记下了"
    assert receipt.at == NOON
    assert [reserve for _, reserve in buckets.taken] == [5, 5]


@pytest.mark.parametrize(
    ("chat", "receiver"),
    [
        (GROUP, {"chatid": GROUP, "chat_type": 2}),
        ("bot:wg_li", {"chatid": "wg_li", "chat_type": 1}),
    ],
)
async def test_without_a_right_to_answer_it_is_pushed(
    gateway: Gateway, room: Room, chat: str, receiver: dict[str, Any]
) -> None:
    async with room.open() as socket:
        await socket.send(row(Text(text="日报"), chat))
        await socket.send(row(CARD, chat, right("req", "old", -DAY), key="row-2"))

    text, card = (frame["body"] for frame in gateway.said("aibot_send_msg"))
    assert text == receiver | {"msgtype": "markdown", "markdown": {"content": "日报"}}
    assert card["template_card"]["task_id"] == "t2"
    assert {"chatid": card["chatid"], "chat_type": card["chat_type"]} == receiver


async def test_click_is_answered_with_the_new_card_within_five_seconds(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    update = CardUpdate(card=CARD, replace_text="已由李警官签收")

    async with room.open() as socket:
        await gateway.click("e1")
        await until(lambda: bool(ears.heard))
        await socket.send(row(update, GROUP, ears.heard[0].reply))  # type: ignore[union-attr]

    [frame] = gateway.said("aibot_respond_update_msg")
    assert frame["headers"] == {"req_id": "e1"}
    assert frame["body"]["response_type"] == "update_template_card"
    shown = frame["body"]["template_card"]
    assert (shown["card_type"], shown["task_id"]) == ("text_notice", "t2")
    assert shown["main_title"]["desc"] == "已由李警官签收"


async def test_greeting_is_answered_as_text_or_card(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    async with room.open() as socket:
        for number in range(2):
            joined = message("event", f"J{number}", event={"eventtype": "enter_chat"})
            await gateway.tell(joined, f"e{number}")
        await until(lambda: len(ears.heard) == 2)
        await socket.send(row(Text(text="您好"), GROUP, right("welcome", "e0"), key="k0"))
        await socket.send(row(CARD, GROUP, right("welcome", "e1"), key="k1"))

    text, card = (frame["body"] for frame in gateway.said("aibot_respond_welcome_msg"))
    assert text == {"msgtype": "text", "text": {"content": "您好"}}
    assert card["msgtype"] == "template_card"


async def test_rights_of_another_connection_are_gone(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    async with room.open() as socket:
        await gateway.click("e1")
        await until(lambda: bool(ears.heard))
        await gateway.ws.close()
        await until(lambda: gateway.subscribed == 2 and socket.online)

        with pytest.raises(Gone):
            await socket.send(row(CardUpdate(card=CARD), GROUP, right("update", "e1")))
        with pytest.raises(Gone):
            await socket.send(row(Text(text="您好"), GROUP, right("welcome", "e9")))
        with pytest.raises(Gone):
            await socket.send(row(CardUpdate(card=CARD), GROUP))

    assert gateway.said("aibot_respond_update_msg") == []


async def test_silence_after_a_send_is_an_unknown_outcome(gateway: Gateway, room: Room) -> None:
    gateway.silent.add("aibot_respond_msg")
    out = row(Text(text="a"), GROUP, right("req", "r1", DAY))

    async with room.open(ack_timeout_s=0.4) as socket:
        sending = asyncio.create_task(socket.send(out))
        await until(lambda: socket.unacked == 1)
        with pytest.raises(Unreachable) as caught:
            await sending
        assert caught.value.unknown
        assert socket.unacked == 0

        gateway.silent.clear()
        gateway.acks["aibot_respond_msg"] = deque_of(846608)
        assert (await socket.send(out)).note == "arrived before"


async def test_connection_that_ends_while_waiting_is_an_unknown_outcome(
    gateway: Gateway, room: Room
) -> None:
    gateway.silent.add("aibot_send_msg")

    async with room.open(ack_timeout_s=30.0) as socket:
        sending = asyncio.create_task(socket.send(row(Text(text="a"), GROUP)))
        await until(lambda: bool(gateway.said("aibot_send_msg")))
        gateway.abort()

        with pytest.raises(Unreachable) as caught:
            await asyncio.wait_for(sending, 5)
        assert caught.value.unknown


@pytest.mark.parametrize("errcode", [846605, 846608])
async def test_used_up_answer_becomes_a_push(gateway: Gateway, room: Room, errcode: int) -> None:
    gateway.acks["aibot_respond_msg"] = deque_of(errcode)

    async with room.open() as socket:
        receipt = await socket.send(row(Text(text="a"), GROUP, right("req", "r1", DAY)))

    assert receipt.note == "pushed"
    assert len(gateway.said("aibot_send_msg")) == 1


async def test_half_dead_link_is_left_and_the_row_may_be_tried_again(
    gateway: Gateway, room: Room
) -> None:
    gateway.acks["aibot_send_msg"] = deque_of(846609)

    async with room.open() as socket:
        with pytest.raises(Unreachable) as caught:
            await socket.send(row(Text(text="a"), GROUP))
        assert not caught.value.unknown
        await until(lambda: gateway.subscribed == 2)


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [(45009, Limited), (93006, Refusal), (93001, Refusal), (853000, NotAllowed)],
)
async def test_refused_push_has_its_class(
    gateway: Gateway, room: Room, errcode: int, kind: type[Exception]
) -> None:
    gateway.acks["aibot_send_msg"] = deque_of(errcode)

    async with room.open() as socket:
        with pytest.raises(kind):
            await socket.send(row(Text(text="a"), GROUP))


async def test_card_sent_twice_is_one_card(gateway: Gateway, room: Room) -> None:
    gateway.acks["aibot_send_msg"] = deque_of(42014)

    async with room.open() as socket:
        assert (await socket.send(row(CARD, GROUP))).note == "duplicate"


async def test_frames_of_one_req_id_wait_for_each_other(gateway: Gateway, room: Room) -> None:
    gateway.ack_delay_s = 0.01

    async with room.open() as socket:
        await asyncio.gather(
            *(
                socket.send(row(Text(text="a"), GROUP, right("req", "r1", DAY), key=f"k{number}"))
                for number in range(10)
            )
        )

    assert len(gateway.said("aibot_respond_msg")) == 10
    assert gateway.most_in_flight == 1


async def test_queue_of_one_req_id_holds_500(gateway: Gateway, room: Room) -> None:
    gateway.silent.add("aibot_respond_msg")
    out = row(Text(text="a"), GROUP, right("req", "r1", DAY))

    async with room.open(ack_timeout_s=4.0) as socket:
        waiting = [asyncio.create_task(socket.send(out)) for _ in range(500)]
        await until(lambda: socket.unacked == 1)
        with pytest.raises(Limited):
            await socket.send(out)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_very_long_text_is_sent_in_parts(gateway: Gateway, room: Room) -> None:
    text = "\n".join("字" * 100 for _ in range(100))

    async with room.open() as socket:
        await socket.send(row(Text(text=text), GROUP, right("req", "r1", DAY)))

    streams = [frame["body"]["stream"] for frame in gateway.said("aibot_respond_msg")]
    assert len(streams) == 2
    assert len({stream["id"] for stream in streams}) == 2
    assert "\n".join(stream["content"] for stream in streams) == text


async def test_chat_of_another_door_is_refused(gateway: Gateway, room: Room) -> None:
    async with room.open() as socket:
        with pytest.raises(Refusal):
            await socket.send(row(Text(text="a"), "app:wg_li"))


async def test_what_was_read_before_the_stop_is_still_heard(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    ears.faults.extend([OSError("slow")] * 3)

    async with room.open() as socket:
        await gateway.text("a")
        await until(lambda: socket.unheard == 1)

    assert len(ears.heard) == 1


async def test_update_that_wecom_refuses_is_gone(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    gateway.acks["aibot_respond_update_msg"] = deque_of(846605)

    async with room.open() as socket:
        await gateway.click("e1")
        await until(lambda: bool(ears.heard))
        with pytest.raises(Gone):
            await socket.send(row(CardUpdate(card=CARD), GROUP, right("update", "e1")))

    assert gateway.said("aibot_send_msg") == []


async def test_words_after_a_click_are_pushed(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    async with room.open() as socket:
        await gateway.click("e1")
        await until(lambda: bool(ears.heard))
        await socket.send(row(Text(text="已签收"), GROUP, right("update", "e1")))

    assert len(gateway.said("aibot_send_msg")) == 1


async def test_acknowledgement_without_a_readable_errcode_is_an_unknown_outcome(
    gateway: Gateway, room: Room
) -> None:
    gateway.acks["aibot_send_msg"] = deque(["fine"])

    async with room.open() as socket:
        with pytest.raises(Unreachable) as caught:
            await socket.send(row(Text(text="a"), GROUP))
    assert caught.value.unknown
