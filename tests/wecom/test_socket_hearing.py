"""What the socket reads becomes events, in order, and counts once it is stored."""

from datetime import timedelta
from typing import Any

import pytest

from bot.events import Clicked, Heard, Joined, Media, ReplyHandle
from bot.messages import Button, Card
from bot.wecom import aibot
from tests.wecom.fakes import NOON, ListeningEars, until
from tests.wecom.gateway import Gateway, message
from tests.wecom.rooms import Room

CARD = Card(task_id="t2", title="邻里纠纷", buttons=(Button(text="签收", key="accept|1"),))
GROUP = "wrGRID01"


async def test_mention_in_a_group_is_heard_with_its_right_to_answer(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    stamp = int(NOON.timestamp()) - 60
    quote = {"msgtype": "text", "text": {"content": "上午报过"}}

    async with room.open():
        await gateway.text("@小警 吵架", create_time=stamp, quote=quote)
        await until(lambda: bool(ears.heard))

    assert ears.heard == [
        Heard(
            key="aibot:M1",
            at=NOON - timedelta(minutes=1),
            chat=GROUP,
            by="wg_li",
            door="socket",
            text="@小警 吵架",
            quote="上午报过",
            reply=ReplyHandle(kind="req", token="r1", until=NOON + timedelta(hours=24)),
        )
    ]


@pytest.mark.parametrize(
    ("parts", "text", "media"),
    [
        pytest.param(
            {
                "msgtype": "mixed",
                "mixed": {
                    "msg_item": [
                        {"msgtype": "text", "text": {"content": "上"}},
                        {"msgtype": "image", "image": {"url": "u1", "aeskey": "k1"}},
                        "odd",
                        {"msgtype": "text", "text": {"content": "下"}},
                    ]
                },
            },
            "上\n下",
            (Media(kind="image", url="u1", aes_key="k1"),),
            id="mixed",
        ),
        pytest.param({"msgtype": "mixed", "mixed": {"msg_item": 7}}, "", (), id="odd mixed"),
        pytest.param({"msgtype": "voice", "voice": {"content": "着火"}}, "着火", (), id="voice"),
        pytest.param(
            {"msgtype": "voice", "voice": {"content": " "}},
            " ",
            (Media(kind="voice"),),
            id="voice without words",
        ),
        pytest.param({"msgtype": "voice"}, "", (Media(kind="voice"),), id="voice without a part"),
        pytest.param(
            {"msgtype": "file", "file": {"url": "u2"}},
            "",
            (Media(kind="file", url="u2"),),
            id="file",
        ),
        pytest.param(
            {"msgtype": "text", "text": {"content": "a\ud83d\0b"}}, "a?b", (), id="surrogate"
        ),
        pytest.param({"msgtype": "text"}, "", (), id="text without content"),
    ],
)
async def test_single_chat_messages_of_every_type(
    gateway: Gateway,
    room: Room,
    ears: ListeningEars,
    parts: dict[str, Any],
    text: str,
    media: tuple[Media, ...],
) -> None:
    single = {"chattype": "single", "chatid": "", "from": {"userid": "res_wang"}}

    async with room.open():
        await gateway.tell(message("text", "M1") | single | parts)
        await until(lambda: bool(ears.heard))

    [event] = ears.heard
    assert isinstance(event, Heard)
    assert (event.chat, event.text, event.media) == ("bot:res_wang", text, media)


async def test_click_and_greeting_carry_rights_of_five_seconds(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    async with room.open() as socket:
        await gateway.click("e1")
        await gateway.tell(message("event", "J1", event={"eventtype": "enter_chat"}), "e2")
        await gateway.tell(message("event", "F1", event={"eventtype": "feedback_event"}), "e3")
        await until(lambda: socket.seen == {"aib7": 3})

    soon = NOON + timedelta(seconds=5)
    by_key = {event.key: event for event in ears.heard}
    clicked, joined = by_key["aibot:E1"], by_key["aibot:J1"]
    assert isinstance(clicked, Clicked)
    assert isinstance(joined, Joined)
    assert (clicked.task_id, clicked.button) == ("t1", "accept|1")
    assert clicked.reply == ReplyHandle(kind="update", token="e1", until=soon)
    assert joined.reply == ReplyHandle(kind="welcome", token="e2", until=soon)


async def test_selected_items_are_read_and_odd_ones_skipped(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    items = [{"question_key": "cat", "option_ids": {"option_id": ["a", 7, "b"]}}, "odd"]
    detail = {"event_key": "k", "task_id": "t", "selected_items": {"selected_item": items}}
    event = {"eventtype": "template_card_event", "template_card_event": detail}

    async with room.open():
        await gateway.tell(message("event", "E1", event=event))
        await until(lambda: bool(ears.heard))

    assert isinstance(ears.heard[0], Clicked)
    assert ears.heard[0].selected == {"cat": ("a", "b")}


async def test_frame_counts_as_seen_only_after_it_is_stored(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    ears.faults.extend([OSError("locked")] * 3)

    async with room.open() as socket:
        await gateway.text("a")
        await until(lambda: socket.unheard == 1)
        assert socket.seen == {"aib7": 0}
        await until(lambda: socket.seen == {"aib7": 1})

        assert (len(ears.heard), socket.unheard, room.alarms) == (1, 0, [])
        await gateway.ws.close()
        await until(lambda: gateway.subscribed == 2)
        assert socket.seen == {"aib7": 0}


async def test_frame_of_an_earlier_connection_does_not_count_on_the_next(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    ears.faults.extend([OSError("locked")] * 2)

    async with room.open(hear_backoff_s=0.2) as socket:
        await gateway.text("a")
        await until(lambda: socket.unheard == 1)
        gateway.abort()
        await until(lambda: gateway.subscribed == 2)
        assert socket.unheard == 1
        await until(lambda: socket.unheard == 0)

        assert (len(ears.heard), socket.seen) == (1, {"aib7": 0})


async def test_storage_that_never_returns_costs_an_alarm_not_the_connection(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    ears.faults.extend([OSError("gone")] * 9)

    async with room.open(hear_backoff_s=0.0001) as socket:
        await gateway.text("a", "M1")
        await until(lambda: bool(room.alarms))
        await gateway.text("b", "M2")
        await until(lambda: len(ears.heard) == 1)

        assert room.alarms == [("event_lost", "aibot:M1")]
        assert socket.seen == {"aib7": 1}


async def test_messages_of_one_chat_are_heard_in_order(
    gateway: Gateway, room: Room, ears: ListeningEars
) -> None:
    ears.faults.append(OSError("once"))

    async with room.open():
        for number in range(20):
            await gateway.text("a", f"M{number}")
        await until(lambda: len(ears.heard) == 20)

    assert [event.key for event in ears.heard] == [f"aibot:M{number}" for number in range(20)]


async def test_line_that_is_full_when_the_connection_ends_loses_one_frame_loudly(
    gateway: Gateway,
    room: Room,
    ears: ListeningEars,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(aibot, "_LINE_CAP", 1)
    ears.faults.extend([OSError("slow")] * 2)

    async with room.open(hear_backoff_s=0.8, ping_s=0.1, ack_timeout_s=0.3) as socket:
        for number in range(3):
            await gateway.text("a", f"M{number}")
        await until(lambda: socket.unheard == 3)
        await until(lambda: gateway.subscribed == 2)
        await until(lambda: socket.unheard == 0)

    assert [event.key for event in ears.heard] == ["aibot:M0", "aibot:M1"]
    assert "given up" in caplog.text


async def test_stop_does_not_wait_for_a_storage_that_never_returns(
    gateway: Gateway, room: Room, ears: ListeningEars, caplog: pytest.LogCaptureFixture
) -> None:
    ears.faults.extend([OSError("gone")] * 9)

    async with room.open(hear_backoff_s=5.0, drain_s=0.05) as socket:
        await gateway.text("a")
        await until(lambda: socket.unheard == 1)

    assert "stopped with 1 events not stored" in caplog.text
