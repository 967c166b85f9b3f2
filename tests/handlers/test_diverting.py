"""非警务分流: two stages, returns, departments outside, and what is counted of the list."""

import dataclasses
import io
from datetime import timedelta

import pytest
from docx import Document

from bot.domain import transfer_letters
from bot.wecom.papers import written
from config.vocabulary import Act, Danger, Stage
from handlers import letters_out
from storage import diversions, journal, tickets
from storage.diversions import Diversion, End, Round
from storage.tickets import Ticket
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

RESIDENT = "wmRESIDENT01"
OFFICER, ROOM, MINDER = "lin_zhiyuan", "bai_jingshu", "qiu_ruolan"
LAMP = "桂花苑3号楼门口的路灯坏了好几天，晚上一直不亮，麻烦修一下"
CABLE = "桂花苑3号楼门口的通信井盖坏了，光缆露在外面，麻烦修一下，电话13800138000"
QUARREL = "桂花苑3号楼两家人为停车位吵架，麻烦来调解一下"


def books(block: Office, ticket: Ticket) -> list[Diversion]:
    found: list[Diversion] = block.looks(lambda db: diversions.of_ticket(db, ticket.id))
    return found


def newest(block: Office) -> Ticket:
    return block.tickets()[-1]


@pytest.fixture
def outside(block: Block) -> Block:
    """A cable that the list gives to a department which is not in WeCom."""
    block.overhears(RESIDENT, CABLE)
    return block


def test_every_diversion_remembers_list_and_row(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)

    ticket = newest(block)
    (one,) = books(block, ticket)
    assert (one.round, one.row_id, one.list_version) == (Round.INTAKE, "n03", "2026-03")
    assert one.department == ticket.department == "city_management"
    assert one.due_at is not None
    assert one.due_at > block.now


def test_returns_go_to_backstop_then_room_then_district(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    number = newest(block).serial
    owners = []

    for _ in range(2):
        block.says(newest(block).owner, f"退回 {number} 不归我们", chat="")
        owners.append(newest(block).owner)

    assert newest(block).department == ""
    assert owners[0] == "pan_zhenguo"
    room = block.rules.person(owners[1])
    assert room is not None
    assert room.unit == "综合指挥室"
    block.says(owners[1], f"分流 {number} 住建 属公共照明改造", chat="")
    block.says(newest(block).owner, f"退回 {number} 也不归我们", chat="")
    last = newest(block)
    assert (last.department, last.stage) == ("district", Stage.DIVERTED)
    ends = [one.ended_how for one in books(block, last)]
    assert ends == [End.RETURNED, End.RETURNED, End.RETURNED, ""]


def test_return_needs_a_reason(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    ticket = newest(block)

    block.says(ticket.owner, f"退回 {ticket.serial}", chat="")

    assert newest(block).owner == ticket.owner
    assert [one.ended_how for one in books(block, ticket)] == [""]


def test_second_stage_needs_contact_and_reason(block: Block) -> None:
    block.overhears(RESIDENT, QUARREL)
    number = newest(block).serial
    block.says(OFFICER, f"签收 {number}", chat="")

    early = block.says(OFFICER, f"分流 {number} 住建 管道老化", chat="")
    block.says(OFFICER, f"到场 {number}", chat="")
    bare = block.says(OFFICER, f"分流 {number} 住建", chat="")
    assert newest(block).department == ""
    block.says(OFFICER, f"分流 {number} 住建 是公共管道老化", chat="")

    assert "先回“到场" in texts_to(early, OFFICER)
    assert "要写理由" in texts_to(bare, OFFICER)
    ticket = newest(block)
    (one,) = books(block, ticket)
    assert (ticket.department, one.round, one.by) == ("housing", Round.CONTACT, OFFICER)
    assert (one.row_id, one.reason) == ("", "是公共管道老化")


def test_department_outside_gets_a_letter_through_our_minder(outside: Block) -> None:
    ticket = newest(outside)

    assert (ticket.stage, ticket.owner, ticket.department) == (Stage.DIVERTED, MINDER, "telecom")
    (one,) = books(outside, ticket)
    assert (one.row_id, one.minder, one.letter) == ("n03_cable", MINDER, "XH转〔2026〕1号")
    said = outside.says(MINDER, f"转办函 {ticket.serial}", chat="")
    words = texts_to(said, MINDER)
    assert "桂花苑" in words
    assert "3号楼" in words
    assert "138" not in words


def test_letter_as_a_word_file_says_the_same(outside: Block) -> None:
    ticket = newest(outside)
    letter = outside.looks(lambda db: letters_out.letter_from(db, outside.rules, ticket))

    made = Document(io.BytesIO(written(transfer_letters.paper(letter))))

    words = "\n".join(paragraph.text for paragraph in made.paragraphs)
    assert "XH转〔2026〕1号" in words
    assert all(line in words for line in transfer_letters.lines(letter))
    assert "138" not in words


def test_minder_types_number_and_answer_and_the_resident_hears_it(outside: Block) -> None:
    ticket = newest(outside)
    outside.says(MINDER, f"部门编号 {ticket.serial} 2026-7788", chat="")
    assert books(outside, ticket)[0].their_number == "2026-7788"

    outside.says(MINDER, f"部门答复 {ticket.serial} 线已重新架好，路灯不受影响", chat="")

    done = newest(outside)
    assert done.stage is Stage.RESOLVED
    assert "线已重新架好" in done.result_public
    (one,) = books(outside, ticket)
    assert (one.ended_how, one.answer[:6]) == (End.ANSWERED, "线已重新架好")


def test_number_that_looks_like_a_ticket_is_theirs(outside: Block) -> None:
    ticket = newest(outside)

    outside.says(MINDER, f"部门编号 {ticket.serial} 4567", chat="")

    assert books(outside, ticket)[0].their_number == "4567"


def test_only_our_minder_is_reminded_and_then_the_street_decides(outside: Block) -> None:
    said = outside.later(60 * 24 * 29)

    hits = [chat for chat, words in said if "次提醒" in words]
    assert len(hits) == 2
    assert all(chat.endswith(f":{MINDER}") for chat in hits)
    ticket = newest(outside)
    assert ticket.stage is Stage.DIVERTED
    words = texts_to(outside.says(ROOM, "转办清单", chat=""), ROOM)
    assert ticket.serial in words
    monday = outside.hour("street_list")
    assert ticket.serial in texts_to(monday, "pan_zhenguo")


def test_answer_stops_the_reminders(outside: Block) -> None:
    ticket = newest(outside)
    outside.says(MINDER, f"部门答复 {ticket.serial} 线已重新架好，请放心", chat="")

    said = outside.later(60 * 24 * 20)

    assert not [words for _, words in said if "次提醒" in words]


def test_return_from_outside_goes_to_the_backstop(outside: Block) -> None:
    ticket = newest(outside)

    outside.says(MINDER, f"退回 {ticket.serial} 不是他们的线", chat="")

    assert (newest(outside).department, newest(outside).stage) == ("street", Stage.ASSIGNED)


def test_stranger_cannot_answer_for_the_department(outside: Block) -> None:
    ticket = newest(outside)

    outside.says("fang_xiaoman", f"部门答复 {ticket.serial} 已经办好了没问题", chat="")

    assert newest(outside).stage is Stage.DIVERTED


def test_danger_takes_it_back_from_outside(outside: Block) -> None:
    outside.now += timedelta(minutes=3)
    outside.overhears(RESIDENT, "不好了，桂花苑3号楼门口那个通信井着火了，冒好大烟")

    burning = [one for one in outside.tickets() if one.danger is Danger.CONFIRMED]
    assert burning
    assert all(one.stage is not Stage.DIVERTED for one in burning)
    police = outside.rules.person(burning[0].owner)
    assert police is not None
    assert police.role.is_police


def test_ladder_of_a_department_ends_in_the_streets_list(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    owner = newest(block).owner

    said = block.later(60 * 24 * 21)

    chased = [chat for chat, words in said if newest(block).serial in words and "时限" in words]
    assert chased
    assert all(chat.endswith(f":{owner}") for chat in chased)
    assert newest(block).serial in texts_to(block.says(ROOM, "转办清单", chat=""), ROOM)


def test_figures_count_by_row(outside: Block) -> None:
    ticket = newest(outside)
    outside.says(MINDER, f"部门答复 {ticket.serial} 线已重新架好，请放心", chat="")

    words = texts_to(outside.says(ROOM, "清单优化", chat=""), ROOM)

    assert "分流1件" in words
    assert "n03_cable（2026-03）→溪河通信服务站：分流1，退回0/1，按时1/1" in words
    assert "138" not in words


def test_figures_are_not_for_everybody(outside: Block) -> None:
    words = texts_to(outside.says("fang_xiaoman", "清单优化", chat=""), "fang_xiaoman")

    assert "分流1件" not in words


def test_protected_is_never_diverted(block: Block) -> None:
    block.overhears(RESIDENT, QUARREL)
    ticket = newest(block)
    block.says(OFFICER, f"到场 {ticket.serial}", chat="")
    kept = dataclasses.replace(newest(block), protected=True)
    block.looks(lambda db: tickets.save(db, kept))

    block.says(OFFICER, f"分流 {ticket.serial} 住建 是公共管道老化", chat="")

    assert newest(block).department == ""


def test_story_of_the_letter_is_journalled(outside: Block) -> None:
    ticket = newest(outside)

    story = outside.looks(lambda db: journal.of_ticket(db, ticket.id))

    assert Act.HAND_OUT in [entry.act for entry in story]
    assert any("XH转〔2026〕1号" in entry.reason for entry in story)


def test_diversion_ends_with_a_ticket_that_was_no_report(block: Block) -> None:
    block.overhears(RESIDENT, LAMP)
    ticket = newest(block)

    block.says(ROOM, f"不是诉求 {ticket.serial}", chat="")

    assert newest(block).stage is Stage.VOID
    assert [one.ended_how for one in books(block, ticket)] == [End.MOVED]
