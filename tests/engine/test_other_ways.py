"""Words that cannot leave as meant find the next way, and in the end a human."""

import json

import pytest

from bot.engine import sender as sender_module
from bot.events import ReplyHandle
from bot.messages import Attachment, Errand, Post, Text, pack, unpack
from bot.wecom.errors import Gone, NotAllowed, Refusal, Unreachable
from storage import outbox
from storage.outbox import Parcel
from tests.engine.house import GROUP, NOW, House, heard
from tests.engine.scripts import BOT_CHAT, REPLY, answers


async def test_answer_whose_right_is_gone_finds_the_next_way(house: House) -> None:
    house.desk.scripts["e1"] = answers("收到")
    house.socket.faults = [Gone("answered too late"), Gone("never spoken here")]

    await house.hear(heard("e1", chat=BOT_CHAT, reply=REPLY))
    await house.quiet()

    ways = [(out.lane, out.chat, out.reply is not None) for out in house.socket.tried]
    assert ways == [("socket", BOT_CHAT, True), ("socket", BOT_CHAT, False)]
    assert [(out.chat, out.reply) for out in house.app.sent] == [("app:wang", None)]
    assert house.desk.unsent == []
    assert house.outgoing()[0][0] == "sent"


async def test_words_that_find_no_way_are_given_to_a_human_once(house: House) -> None:
    house.desk.scripts["e1"] = answers("收到")
    house.socket.faults = [Gone(), Gone()]
    house.app.faults = [Refusal("no such user")]

    await house.hear(heard("e1", chat=BOT_CHAT, reply=REPLY))
    await house.quiet()

    assert house.desk.unsent == [("app:wang", pack(Text(text="收到")))]
    assert house.done() == ["e1", "unsent app:wang"]
    assert house.outgoing()[0][0] == "parked"


async def test_group_has_no_second_door(house: House) -> None:
    house.desk.scripts["e1"] = answers("收到")
    house.socket.faults = [NotAllowed("no right"), NotAllowed("no right")]

    await house.hear(heard("e1", reply=REPLY))
    await house.quiet()

    assert house.app.tried == []
    assert house.desk.unsent == [(GROUP, pack(Text(text="收到")))]


@pytest.mark.usefixtures("no_pause")
async def test_long_outage_does_not_use_up_the_other_ways(house: House) -> None:
    house.desk.scripts["e1"] = answers("收到")
    house.socket.faults = [*(Unreachable("down") for _ in range(14)), Gone(), Gone()]

    await house.hear(heard("e1", chat=BOT_CHAT, reply=REPLY))
    await house.quiet()

    assert house.app.words == ["收到"]


@pytest.mark.parametrize(
    ("lane", "chat", "reply", "expected"),
    [
        pytest.param("socket", "bot:wang", True, ("socket", "bot:wang"), id="without_its_right"),
        pytest.param("socket", "bot:wang", False, ("app", "app:wang"), id="through_the_app"),
        pytest.param("robot", "ge:wang", True, ("app", "app:wang"), id="response_url_is_used"),
        pytest.param("app", "app:wang", False, None, id="app_was_the_last"),
        pytest.param("socket", GROUP, False, None, id="group"),
    ],
)
def test_next_way(lane: str, chat: str, reply: bool, expected: tuple[str, str] | None) -> None:
    handle = {"kind": "req", "token": "t", "until": NOW.isoformat()} if reply else None
    body = {"chat": chat, "message": "{}", "reply": handle}

    found = sender_module.next_way(lane, body)  # type: ignore[arg-type]  # what JSON gives

    if expected is None:
        assert found is None
    else:
        assert found is not None
        words = json.loads(found[1])
        assert (found[0], words["chat"], words["reply"]) == (*expected, None)


def test_row_is_seen_by_its_lane_with_its_right_to_answer() -> None:
    handle = ReplyHandle(kind="req", token="t", until=NOW)
    reply = {"kind": "req", "token": "t", "until": str(NOW)}
    body = outbox.body(BOT_CHAT, pack(Text(text="收到")), reply)

    out = sender_module.outgoing_of(
        Parcel(id=3, key="k", lane="socket", line="x", body=body, due_at=NOW, danger=True)
    )

    assert (out.id, out.chat, out.reply, out.danger) == (3, BOT_CHAT, handle, True)
    assert out.message == Text(text="收到")


def test_words_for_a_team_are_said_by_the_robot_where_the_webhook_is_gone() -> None:
    post = Post(text="险情 0001", mentions=("lin",), table=(("单位", "件"),))
    found = sender_module.next_way("hook", {"chat": "hook:wrT", "message": pack(post), "reply": ""})

    assert found is not None
    body = json.loads(found[1])
    assert (found[0], body["chat"]) == ("socket", "wrT")
    assert unpack(body["message"]) == Text(text="险情 0001\n单位｜件")


@pytest.mark.parametrize("chat", ["voice:lin", "contacts:roster", "hook:wrT"])
def test_errands_and_files_have_no_other_way(chat: str) -> None:
    for message in (Errand(what="call"), Attachment(kind="file", name="a", kept="b")):
        body = {"chat": chat, "message": pack(message), "reply": ""}
        assert sender_module.next_way(chat.partition(":")[0], body) is None
