"""Where no program may speak a named human gets a draft: made, shown, reminded, sent, proved."""

import dataclasses
from datetime import timedelta

from sqlalchemy import select, update

from bot.events import Clicked
from bot.lines import line_of
from config.people_rules import Chats
from storage import drafts, outbox
from storage.database import table_of
from storage.draft_tables import DraftCardRow
from storage.tables import OutgoingRow
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP

OFFICER, WORKER = "lin_zhiyuan", "fang_xiaoman"
RESIDENT = "wmRESIDENT01"
LAMP = "桂花苑3号楼门口的路灯坏了好几天了，晚上黑得看不见路"


def test_a_report_in_a_group_with_residents_becomes_a_card_for_the_officer(block: Block) -> None:
    said = block.overhears(RESIDENT, LAMP)

    assert all(chat != GROUP for chat, _ in said), "no program may speak there"
    (draft,) = block.waiting()
    card = block.card_of(OFFICER, "请代回 · 桂花苑")
    assert draft.text in card["quote"] + card["text"]
    assert [b["text"] for b in card["buttons"]] == ["已发出", "不发了"]
    assert card["url"] == f"/sidebar?chat={GROUP}"


def test_a_draft_is_spoken_by_a_person(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)

    (draft,) = block.waiting()
    assert "@我" not in draft.text
    assert "0001" in draft.text


def test_the_first_sight_of_such_a_group_brings_its_notice_once(block: Block) -> None:
    block.overhears(RESIDENT, "大家早上好")
    block.overhears(RESIDENT, "今天天气不错")

    found = block.looks(lambda db: drafts.open_in(db, line_of(GROUP)))
    assert [(d.kind, d.text) for d in found] == [
        ("notice", "群里留言不等于报警，急事请打110、119、120。")
    ]


def test_pressing_sent_marks_it_and_the_journal_says_who(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    (draft,) = block.waiting()

    block.presses(OFFICER, block.card_of(OFFICER, "请代回"), "已发出")

    assert block.waiting() == []
    ended = block.draft(draft.id)
    assert (ended.state, ended.ended_by) == (drafts.SENT, OFFICER)
    assert ended.ticket_id == block.tickets()[0].id


def test_somebody_elses_card_marks_nothing(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)

    said = block.presses(WORKER, block.card_of(OFFICER, "请代回"), "已发出")

    assert len(block.waiting()) == 1
    assert "认不出" in texts_to(said, WORKER)


def test_sent_may_be_typed_instead_of_pressed(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)

    said = block.says(OFFICER, "已发出", chat="")

    assert block.waiting() == []
    assert "记下了" in texts_to(said, OFFICER)


def test_several_drafts_of_a_group_stand_on_one_card(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    first = len(block.cards)
    block.now += timedelta(minutes=1)

    block.overhears("wmRESIDENT02", "桂花苑9号楼垃圾三天没人收，臭得开不了窗")

    assert len(block.waiting()) == 2
    card = block.card_of(OFFICER, "请代回")
    assert "3句" in card["desc"], "two answers and the notice"
    assert len(block.cards) > first
    block.presses(OFFICER, card, "已发出")
    assert block.waiting() == []


def test_a_draft_is_called_to_mind_once_and_ends_after_some_hours(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    (draft,) = block.waiting()

    reminded = texts_to(block.later(15), OFFICER)
    quiet = texts_to(block.later(60), OFFICER)
    block.later(60 * 6)

    assert "等您代回" in reminded
    assert "代回" not in quiet
    assert block.draft(draft.id).state == drafts.EXPIRED


def test_the_archive_proves_what_the_officer_says_nearly_the_same(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    (draft,) = block.waiting()
    block.now += timedelta(minutes=3)

    block.overhears(OFFICER, draft.text.replace("收到，", "好的，收到，"))

    proved = block.draft(draft.id)
    assert (proved.state, proved.proved_at) == (drafts.PROVED, block.now)
    assert len(block.tickets()) == 1, "a draft that is said is no report of its own"


def test_the_archive_proves_what_a_human_had_marked(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    (draft,) = block.waiting()
    block.presses(OFFICER, block.card_of(OFFICER, "请代回"), "已发出")
    marked = block.now
    block.now += timedelta(minutes=3)

    block.overhears(OFFICER, draft.text)

    proved = block.draft(draft.id)
    assert (proved.state, proved.ended_at, proved.proved_at) == (drafts.SENT, marked, block.now)


def test_an_answer_by_hand_lets_the_draft_fall_away_but_not_the_notice(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    (draft,) = block.waiting()
    block.now += timedelta(minutes=2)

    block.overhears(WORKER, "好的阿姨，我联系电工师傅了")

    assert block.draft(draft.id).state == drafts.ANSWERED
    kinds = block.looks(lambda db: [d.kind for d in drafts.open_in(db, line_of(GROUP))])
    assert kinds == ["notice"]


def test_what_staff_said_before_the_report_answers_nothing(block: Block) -> None:
    before = block.now - timedelta(minutes=5)
    block.overhears(RESIDENT, LAMP)

    block.overhears(WORKER, "好的阿姨，我联系电工师傅了", at=before)

    assert len(block.waiting()) == 1


def test_owner_and_speakers_of_chats_yaml_come_before_the_grid(block: Block) -> None:
    group = block.rules.chats.chats[0].model_copy(
        update={"owner": "gao_mingfang", "speakers": (WORKER,)}
    )
    rest = block.rules.chats.chats[1:]
    block.rules = dataclasses.replace(block.rules, chats=Chats(chats=(group, *rest)))

    block.overhears(RESIDENT, LAMP)

    assert block.card_of("gao_mingfang", "请代回")


def test_staff_give_no_orders_where_the_bot_only_overhears(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    block.presses(OFFICER, block.card_of(OFFICER, "请代回"), "已发出")

    said = block.overhears(OFFICER, "我的任务")

    assert block.waiting() == []
    assert texts_to(said, OFFICER) == ""


def test_the_page_marks_one_draft_alone(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    block.now += timedelta(minutes=1)
    block.overhears("wmRESIDENT02", "桂花苑9号楼垃圾三天没人收，臭得开不了窗")
    first, second = block.waiting()

    block.handle(
        Clicked(
            key=f"page:draft:{second.id}:draft_sent_one:{WORKER}",
            at=block.now,
            chat=f"app:{WORKER}",
            by=WORKER,
            door="page",
            task_id="",
            button=f"draft_sent_one|{second.id}|0|{second.line}",
        )
    )

    assert [d.id for d in block.waiting()] == [first.id]


def test_a_card_that_can_be_changed_takes_the_next_draft_in(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    card = block.card_of(OFFICER, "请代回")
    until = block.now + timedelta(hours=72)
    block.looks(lambda db: outbox.keep_code(db, card["task_id"], "code1", until))
    shown = len(block.cards)

    said = block.overhears("wmRESIDENT02", "桂花苑9号楼垃圾三天没人收，臭得开不了窗")

    assert (f"app:{OFFICER}", "card: 请代回 · 桂花苑") in said, "the old card, changed"
    assert [c for _, c in block.cards[shown:] if "请代回" in c["title"]] == []


def test_a_card_that_has_not_left_yet_is_replaced_by_one_with_everything(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    first = block.card_of(OFFICER, "请代回")
    out = table_of(OutgoingRow)
    key = block.looks(
        lambda db: db.conn.execute(
            select(table_of(DraftCardRow).c.out_key).where(
                table_of(DraftCardRow).c.task_id == first["task_id"]
            )
        ).scalar_one()
    )
    block.looks(
        lambda db: db.conn.execute(update(out).where(out.c.key == key).values(state="pending"))
    )

    block.now += timedelta(seconds=1)
    fresh = block.overhears("wmRESIDENT02", "桂花苑9号楼垃圾三天没人收，臭得开不了窗")

    assert (f"app:{OFFICER}", "card: 请代回 · 桂花苑") in fresh
    card = block.card_of(OFFICER, "请代回")
    assert card["task_id"] != first["task_id"]
    assert "3句" in card["desc"]
    alive = block.looks(lambda db: [c.task_id for c in drafts.cards_of(db, line_of(GROUP))])
    assert first["task_id"] not in alive
