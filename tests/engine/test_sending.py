"""Senders: order, limits in business time, other ways, back-off, danger first, doubts, bugs."""

import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.engine import sender as sender_module
from bot.events import Event, ReplyHandle
from bot.lines import line_of
from bot.messages import (
    Attachment,
    Card,
    CardUpdate,
    Errand,
    Message,
    Post,
    Text,
    pack,
    unpack,
)
from bot.turn import Turn
from bot.wecom.errors import Gone, Limited, NotAllowed, Refusal, Unreachable
from storage import outbox
from storage.outbox import Parcel
from storage.session import Db
from tests.engine.house import GROUP, NOW, OTHER_GROUP, SEAL, House, Script, handle_of, heard

BOT_CHAT = "bot:wang"
REPLY = handle_of("req", NOW + timedelta(hours=24))


def says(*sentences: str, chat: str = GROUP, danger: bool = False) -> Script:
    """Say these in a group, one after the other."""

    def script(turn: Turn, event: Event) -> None:
        for sentence in sentences:
            turn.say_group(chat, sentence, danger=danger)

    return script


def answers(text: str, **more: object) -> Script:
    """Answer where it came from."""

    def script(turn: Turn, event: Event) -> None:
        turn.answer(text, **more)  # type: ignore[arg-type]  # the test's own words

    return script


def puts(message: Message, chat: str = "app:lin", **more: object) -> Script:
    """Put a row of one's own into the outbox."""

    def script(turn: Turn, event: Event) -> None:
        handle = more.pop("handle", None)
        reply = {"kind": "code", "token": "c", "until": NOW.isoformat()} if handle else None
        parcel = Parcel(
            key=f"{event.key}:own",
            lane="app",
            line=line_of(chat),
            body=outbox.body(chat, pack(message), reply),
            due_at=turn.now,
            **more,  # type: ignore[arg-type]  # the test's own words
        )
        outbox.add(turn.db, parcel, turn.now)

    return script


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeat at once what could not be sent."""
    monkeypatch.setattr(sender_module, "BACKOFF_S", (0.01,))
    monkeypatch.setattr(sender_module, "POLL_S", 0.02)


async def test_words_leave_in_order_with_their_receipts(house: House) -> None:
    house.desk.scripts["e1"] = says("一", "二", "三")

    await house.hear(heard("e1"))
    await house.quiet()

    assert house.socket.words == ["一", "二", "三"]
    assert house.outgoing() == [("sent", "")] * 3


async def test_limited_row_waits_in_business_time_and_others_go(house: House) -> None:
    house.desk.scripts["e1"] = says("慢一点")
    house.desk.scripts["e2"] = says("不相干", chat=OTHER_GROUP)
    house.socket.of_words["慢一点"] = [Limited(retry_after_s=600.0)]

    await house.hear(heard("e1"))
    await house.hear(heard("e2", chat=OTHER_GROUP))
    before = await house.quiet()
    words_before = list(house.socket.words)
    house.engine.push_to(NOW + timedelta(seconds=590))
    await house.quiet()
    words_early = list(house.socket.words)
    house.engine.push_to(NOW + timedelta(seconds=610))
    await house.quiet()

    assert words_before == words_early == ["不相干"]
    assert before.next is not None
    assert NOW + timedelta(seconds=600) <= before.next <= NOW + timedelta(seconds=610)
    assert house.socket.words == ["不相干", "慢一点"]
    assert len(house.socket.tried) == 3


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


async def test_unreachable_is_repeated_after_a_pause_and_keeps_the_order(house: House) -> None:
    house.desk.scripts["e1"] = says("一", "二")
    house.socket.of_words["一"] = [Unreachable("down"), Unreachable("still down", unknown=True)]

    began = time.monotonic()
    await house.hear(heard("e1"))
    await house.quiet()

    assert house.socket.words == ["一", "二"]
    assert len({out.key for out in house.socket.tried[:3]}) == 1
    assert time.monotonic() - began >= sum(sender_module.BACKOFF_S[:2])


async def test_danger_passes_a_row_that_waits(house: House) -> None:
    house.desk.scripts["e1"] = says("慢")
    house.desk.scripts["e2"] = says("着火了请打119", danger=True)
    house.socket.of_words["慢"] = [Unreachable(), Unreachable()]

    await house.hear(heard("e1"))
    await house.has(lambda: house.socket.tried, "the first row has failed")
    await house.hear(heard("e2"))
    await house.quiet()

    assert house.socket.words == ["着火了请打119", "慢"]
    assert [out.danger for out in house.socket.sent] == [True, False]


async def test_danger_goes_first_when_both_are_ready(house: House) -> None:
    def script(turn: Turn, event: Event) -> None:
        turn.say_group(GROUP, "平常话")
        turn.say_group(GROUP, "险情话", danger=True)

    house.desk.scripts["e1"] = script
    await house.hear(heard("e1"))
    await house.quiet()

    assert house.socket.words == ["险情话", "平常话"]


def told_then(otherwise: str = "还在想办法") -> Script:
    """Tell the officer; answer the resident only when that has left."""

    def script(turn: Turn, event: Event) -> None:
        key = turn.tell("lin", "有新任务")
        turn.answer("已转给警务室", after=key, otherwise=otherwise)

    return script


async def test_passed_on_is_said_only_after_it_was(house: House) -> None:
    house.desk.scripts["e1"] = told_then()
    house.app.faults = [Unreachable()]

    await house.hear(heard("e1"))
    await house.has(lambda: house.app.tried, "the officer's words were tried")
    early = list(house.socket.words)
    await house.quiet()

    assert early == []
    assert house.app.words == ["有新任务"]
    assert house.socket.words == ["已转给警务室"]


async def test_other_words_are_said_when_it_found_no_way(house: House) -> None:
    house.desk.scripts["e1"] = told_then()
    house.app.faults = [Refusal("no such user")]

    await house.hear(heard("e1"))
    await house.quiet()

    assert house.socket.words == ["还在想办法"]


@pytest.mark.usefixtures("no_pause")
async def test_other_words_are_said_when_it_fails_again_and_again(house: House) -> None:
    house.desk.scripts["e1"] = told_then()
    house.app.faults = [Unreachable() for _ in range(60)]

    await house.hear(heard("e1"))
    await house.has(lambda: house.socket.words, "the resident is not left without an answer")
    house.app.faults.clear()
    await house.quiet()

    assert house.socket.words == ["还在想办法"]
    assert house.app.words == ["有新任务"]


async def test_same_words_are_said_when_there_are_no_others(house: House) -> None:
    house.desk.scripts["e1"] = told_then(otherwise="")
    house.app.faults = [Refusal("no such user")]

    await house.hear(heard("e1"))
    await house.quiet()

    assert house.socket.words == ["已转给警务室"]


async def test_row_of_unknown_outcome_that_says_leave_is_parked(house: House) -> None:
    house.desk.scripts["e1"] = puts(Text(text="不急的话"), if_in_doubt="leave")
    house.app.faults = [Unreachable("no ack", unknown=True)]

    await house.hear(heard("e1"))
    await house.quiet()

    assert len(house.app.tried) == 1
    assert house.outgoing() == [("parked", "in doubt")]
    assert house.desk.unsent == []


async def test_row_that_certainly_did_not_arrive_is_repeated_even_if_it_says_leave(
    house: House,
) -> None:
    house.desk.scripts["e1"] = puts(Text(text="不急的话"), if_in_doubt="leave")
    house.app.faults = [Unreachable("refused", unknown=False)]

    await house.hear(heard("e1"))
    await house.quiet()

    assert house.app.words == ["不急的话"]


@pytest.mark.usefixtures("no_pause")
async def test_bug_of_a_lane_is_tried_a_few_times_and_lets_younger_rows_go(house: House) -> None:
    house.desk.scripts["e1"] = says("坏", "好")
    house.socket.of_words["坏"] = [KeyError("bug") for _ in range(20)]

    await house.hear(heard("e1"))
    await house.quiet()

    assert house.socket.words == ["好"]
    assert len(house.socket.tried) == sender_module.MOST_STUMBLES + 2
    assert house.outgoing() == [("parked", "bug"), ("sent", "")]


@pytest.mark.usefixtures("no_pause")
async def test_bug_in_telling_a_human_stops_no_sender(house: House) -> None:
    house.desk.scripts["e1"] = says("坏", "好")
    house.socket.of_words["坏"] = [Refusal("no") for _ in range(20)]

    def stumble() -> None:
        raise ZeroDivisionError

    house.desk.on_unsent = stumble
    await house.hear(heard("e1"))
    await house.quiet()

    assert house.socket.words == ["好"]
    assert house.outgoing() == [("parked", "bug"), ("sent", "")]


def _database_away_once(monkeypatch: pytest.MonkeyPatch, name: str) -> list[str]:
    """Let the next call of that outbox function meet a database that is gone."""
    real: Callable[..., object] = getattr(outbox, name)
    calls: list[str] = []

    def once(*words: object, **more: object) -> object:
        calls.append(name)
        if len(calls) == 1:
            raise OperationalError(name, {}, Exception("gone"))
        return real(*words, **more)

    monkeypatch.setattr(outbox, name, once)
    return calls


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("name", ["sent", "due"])
async def test_words_are_said_once_when_the_database_is_away_for_a_moment(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    calls = _database_away_once(monkeypatch, name)
    house.desk.scripts["e1"] = says("只说一次")

    await house.hear(heard("e1"))
    await house.has(lambda: len(calls) > 1, "it was asked again")
    await house.quiet()

    assert house.socket.words == ["只说一次"]
    assert house.outgoing() == [("sent", "")]


async def test_code_of_a_card_is_kept_for_its_update(house: House) -> None:
    def script(turn: Turn, event: Event) -> None:
        outbox.show_card(turn.db, "t-1", 7, "lin", turn.now)
        puts(Card(task_id="t-1", title="任务"))(turn, event)

    house.desk.scripts["e1"] = script
    await house.hear(heard("e1"))
    await house.quiet()

    shown = house.database.read_now(lambda conn: outbox.card(Db(conn, SEAL), "t-1"))
    assert shown is not None
    assert shown.code == "c-1"
    assert shown.code_until is not None
    assert shown.code_until - house.clock.now() > timedelta(hours=71)


async def test_update_of_a_card_that_is_too_old_is_dropped_quietly(house: House) -> None:
    update = CardUpdate(card=Card(task_id="t-1", title="任务"))
    house.desk.scripts["e1"] = puts(update, handle=True)
    house.app.faults = [Gone("code used")]

    await house.hear(heard("e1"))
    await house.quiet()

    assert house.desk.unsent == []
    assert house.outgoing()[0][0] == "parked"


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
