"""A draft of danger goes to everybody at once, calls one after the other, and is timed."""

from datetime import timedelta

from sqlalchemy import select

from bot.events import OVERHEARD
from storage import drafts, outbox
from storage.database import table_of
from storage.draft_tables import DraftCardRow
from storage.session import Db
from storage.tables import OutgoingRow
from tests.handlers.block import Block, texts_to

OFFICER, WORKER, ROOM = "lin_zhiyuan", "fang_xiaoman", "qiu_ruolan"
RESIDENT = "wmRESIDENT01"
FIRE = "3号楼5楼着火了，好大的烟，快来人啊"


def test_danger_goes_at_once_to_everybody_who_may_speak_there(block: Block) -> None:
    said = block.overhears(RESIDENT, FIRE)

    firsts: dict[str, str] = {}
    for chat, words in said:
        firsts.setdefault(chat, words)
    assert firsts[f"app:{OFFICER}"] == "card: 急！请发到群里 · 桂花苑", "above all other cards"
    assert firsts[f"app:{WORKER}"] == "card: 急！请发到群里 · 桂花苑"
    assert "119" in block.card_of(WORKER, "急！")["quote"]
    (draft,) = block.waiting()
    assert draft.ticket_id == block.tickets()[0].id


def test_a_minute_without_a_sent_mark_calls_the_next_who_must_phone_too(block: Block) -> None:
    block.overhears(RESIDENT, FIRE)

    said = block.later(1.01)

    assert "没人发" in texts_to(said, WORKER)
    assert "打电话" in texts_to(said, WORKER)
    assert "现在发，并打电话" in block.card_of(WORKER, "急！")["desc"]
    assert "没人发" in texts_to(block.later(1), ROOM)


def test_a_sent_mark_stops_the_calling_and_the_others_hear_of_it(block: Block) -> None:
    block.overhears(RESIDENT, FIRE)

    said = block.presses(WORKER, block.card_of(WORKER, "急！"), "已发出")

    assert "已经发了" in texts_to(said, OFFICER)
    assert "没人发" not in "".join(words for _, words in block.later(5))


def test_one_persons_no_does_not_end_a_danger(block: Block) -> None:
    block.overhears(RESIDENT, FIRE)

    block.presses(OFFICER, block.card_of(OFFICER, "急！"), "我发不了")

    assert [d.danger for d in block.waiting()] == [True]
    assert "没人发" in texts_to(block.later(1.01), WORKER)


def test_idle_words_do_not_answer_a_danger_but_a_warning_with_its_number_does(block: Block) -> None:
    block.overhears(RESIDENT, FIRE)
    block.now += timedelta(seconds=20)

    block.overhears(WORKER, "大家早上好，今天天气不错")
    still = block.waiting()
    block.overhears(WORKER, "大家快下楼，已经叫人打119了，别坐电梯")

    assert len(still) == 1
    assert block.waiting() == []


def test_a_false_alarm_needs_no_warning_and_no_apology(block: Block) -> None:
    block.overhears(RESIDENT, FIRE)
    number = block.tickets()[0].serial

    block.says(OFFICER, f"误报 {number}", chat="")

    assert block.waiting() == []


def test_an_apology_follows_a_warning_that_was_sent(block: Block) -> None:
    block.overhears(RESIDENT, FIRE)
    block.presses(OFFICER, block.card_of(OFFICER, "急！"), "已发出")

    block.says(OFFICER, f"误报 {block.tickets()[0].serial}", chat="")

    assert ["虚惊" in d.text for d in block.waiting()] == [True]


def test_the_moments_of_a_draft_are_heard_on_a_phone_and_sent(block: Block) -> None:
    block.overhears(RESIDENT, FIRE)
    heard_at = block.now
    out, cards = table_of(OutgoingRow).c, table_of(DraftCardRow).c

    def received(db: Db) -> None:
        keys = select(cards.out_key).where(cards.danger)
        for row in db.conn.execute(select(out.id, out.key).where(out.key.in_(keys))).all():
            parcel = outbox.Parcel(
                id=row.id, key=row.key, lane="app", line="", body="", due_at=heard_at
            )
            outbox.sent(db, parcel, heard_at + timedelta(seconds=2 + row.id), "m")

    block.looks(received)
    block.now += timedelta(seconds=40)
    block.presses(WORKER, block.card_of(WORKER, "急！"), "已发出")

    found = block.looks(lambda db: drafts.spans(db, heard_at - timedelta(hours=1)))
    (span,) = [one for one in found if one.danger]
    assert (span.door, span.heard_at, span.sent_at) == (OVERHEARD, heard_at, block.now)
    assert span.phone_at is not None
    assert timedelta(seconds=2) < span.phone_at - heard_at < timedelta(seconds=40)
