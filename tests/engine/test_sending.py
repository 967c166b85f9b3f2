"""Senders: order, limits in business time, back-off, danger first, after one another, doubts."""

import time
from datetime import timedelta

import pytest

from bot.engine import sender as sender_module
from bot.events import Event
from bot.messages import Card, CardUpdate, Text
from bot.turn import Turn
from bot.wecom.errors import Gone, Limited, Refusal, Unreachable
from storage import outbox
from storage.session import Db
from tests.engine.house import GROUP, NOW, OTHER_GROUP, SEAL, House, heard
from tests.engine.scripts import puts, says, told_then


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


async def test_what_stands_behind_a_limited_row_waits_with_it_in_its_order(house: House) -> None:
    house.desk.scripts["e1"] = says("一", "二", "三")
    house.socket.of_words["一"] = [Limited(retry_after_s=600.0)]

    await house.hear(heard("e1"))
    await house.quiet()
    tried_before = len(house.socket.tried)
    house.engine.push_to(NOW + timedelta(seconds=610))
    await house.quiet()

    assert tried_before == 1
    assert house.socket.words == ["一", "二", "三"]


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
