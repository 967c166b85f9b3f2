"""小闭环 → 大闭环: who sends a ticket to the town centre, who sees it there, how it comes back."""

import dataclasses

import pytest

from config.vocabulary import Stage
from storage.tickets import Ticket
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

OFFICER, LEADER, STREET, WORKER, ROOM = (
    "lin_zhiyuan", "zhong_yihang", "pan_zhenguo", "fang_xiaoman", "qiu_ruolan",
)  # fmt: skip
MINDER = "bai_jingshu"


def quarrel(office: Office) -> Ticket:
    office.says("wang_ayi", "桂花苑3号楼两家邻居为楼道鞋柜吵架")
    (ticket,) = office.tickets()
    office.says(OFFICER, f"签收 {ticket.serial}", chat="")
    return office.tickets()[0]


def test_leader_sends_it_and_both_sides_see_the_queue(block: Block) -> None:
    serial = quarrel(block).serial

    said = block.says(LEADER, f"大闭环 {serial} 要街道一起定楼道规矩", chat="")

    (ticket,) = block.tickets()
    assert (ticket.owner, ticket.department, ticket.stage) == (STREET, "street", "assigned")
    assert "要街道一起定楼道规矩" in texts_to(said, OFFICER)
    for user in (OFFICER, STREET, LEADER, ROOM):
        assert serial in texts_to(block.says(user, "大闭环清单", chat=""), user)
    assert serial not in texts_to(block.says("he_yunfei", "大闭环清单", chat=""), "he_yunfei")
    assert "原承办林知远" in texts_to(block.says(OFFICER, "我的任务", chat=""), OFFICER)


def test_officer_asks_and_the_leader_decides(block: Block) -> None:
    serial = quarrel(block).serial

    said = texts_to(block.says(OFFICER, f"大闭环 {serial} 要街道协调", chat=""), OFFICER)
    assert "钟一航" in said
    assert block.tickets()[0].owner == OFFICER
    block.says(LEADER, f"同意 {serial}", chat="")

    assert block.tickets()[0].owner == STREET


def test_result_comes_back_to_who_had_it_and_he_closes(block: Block) -> None:
    serial = quarrel(block).serial
    block.says(LEADER, f"大闭环 {serial} 要街道协调", chat="")
    block.says(STREET, f"签收 {serial}", chat="")

    refused = texts_to(block.says(STREET, f"处置 {serial} 调解成功", chat=""), STREET)
    said = block.says(STREET, f"回小闭环 {serial} 街道定了楼道公约，两家都签了", chat="")

    assert "回小闭环" in refused
    (ticket,) = block.tickets()
    assert (ticket.owner, ticket.department) == (OFFICER, "")
    assert "两家都签了" in texts_to(said, OFFICER)
    assert "没有单子" in texts_to(block.says(STREET, "大闭环清单", chat=""), STREET)
    block.says(OFFICER, f"处置 {serial} 调解成功，两家签了公约", chat="")
    assert block.tickets()[0].stage == "resolved"


def test_who_has_it_sends_it_back_without_losing_the_queue(block: Block) -> None:
    """退回 goes the old way; what is not with the centre is not in its queue."""
    serial = quarrel(block).serial
    block.says(LEADER, f"大闭环 {serial} 要街道协调", chat="")

    block.says(STREET, f"退回 {serial} 不归街道管", chat="")

    assert block.tickets()[0].owner == ROOM
    assert "没有单子" in texts_to(block.says(STREET, "大闭环清单", chat=""), STREET)
    block.says(LEADER, f"大闭环 {serial} 区里定了归街道", chat="")
    assert serial in texts_to(block.says(STREET, "大闭环清单", chat=""), STREET)
    block.says(STREET, f"回小闭环 {serial} 定了公约", chat="")
    assert "没有单子" in texts_to(block.says(ROOM, "大闭环清单", chat=""), ROOM)


def test_grid_worker_cannot_send_it(block: Block) -> None:
    serial = quarrel(block).serial

    block.says(WORKER, f"大闭环 {serial} 要街道协调", chat="")

    assert block.tickets()[0].owner == OFFICER


def test_protected_matter_and_danger_never_go(block: Block) -> None:
    block.says("wang_ayi", "我老公打我，现在不打了", chat="")
    (ticket,) = block.tickets()

    block.says(LEADER, f"大闭环 {ticket.serial} 要街道协调", chat="")

    assert block.tickets()[0].department == ""


def test_reason_and_result_are_needed(block: Block) -> None:
    serial = quarrel(block).serial

    block.says(LEADER, f"大闭环 {serial}", chat="")
    assert block.tickets()[0].owner == OFFICER
    said = texts_to(block.says(OFFICER, f"回小闭环 {serial} 好了", chat=""), OFFICER)
    assert "不在大闭环里" in said


def test_reporter_hears_who_has_it(block: Block) -> None:
    serial = quarrel(block).serial

    said = block.says(LEADER, f"大闭环 {serial} 要街道协调", chat="")

    assert "综治中心" in texts_to(said, "wang_ayi")


@pytest.fixture
def outside(block: Block) -> Block:
    """The centre is not in WeCom; 白景舒 minds what goes there."""
    joint = block.rules.joint.model_copy(update={"centre": "district"})
    block.rules = dataclasses.replace(block.rules, joint=joint)
    return block


def test_centre_outside_gets_a_letter_and_our_minder_speaks_for_it(outside: Block) -> None:
    serial = quarrel(outside).serial

    said = outside.says(LEADER, f"大闭环 {serial} 要区里一起定规矩", chat="")

    (ticket,) = outside.tickets()
    assert (ticket.stage, ticket.owner, ticket.department) == (Stage.DIVERTED, MINDER, "district")
    assert "要区里一起定规矩" in texts_to(said, OFFICER)
    assert "请您盯办" in texts_to(said, MINDER)
    assert [chat for chat, paper in outside.handed if paper["_"] == "paper"] == [f"app:{MINDER}"]
    assert serial in texts_to(outside.says(OFFICER, "大闭环清单", chat=""), OFFICER)
    assert "次提醒" in texts_to(outside.later(60 * 24 * 15), MINDER)


@pytest.mark.parametrize("words", ["部门答复 {} 区里定了公约", "回小闭环 {} 区里定了公约"])
def test_answer_from_outside_comes_back_to_who_had_it(outside: Block, words: str) -> None:
    serial = quarrel(outside).serial
    outside.says(OFFICER, f"大闭环 {serial} 要区里协调", chat="")
    outside.says(LEADER, f"同意 {serial}", chat="")
    assert "回小闭环" in texts_to(outside.says(MINDER, f"处置 {serial} 调解成功", chat=""), MINDER)

    said = outside.says(MINDER, words.format(serial), chat="")

    (ticket,) = outside.tickets()
    assert (ticket.stage, ticket.owner, ticket.department) == (Stage.ASSIGNED, OFFICER, "")
    assert "区里定了公约" in texts_to(said, OFFICER)
    assert "没有单子" in texts_to(outside.says(ROOM, "大闭环清单", chat=""), ROOM)
    assert "次提醒" not in texts_to(outside.later(60 * 24 * 15), MINDER)


def test_what_the_centre_outside_returns_is_in_no_queue_any_more(outside: Block) -> None:
    serial = quarrel(outside).serial
    outside.says(LEADER, f"大闭环 {serial} 要区里协调", chat="")

    outside.says(MINDER, f"退回 {serial} 不归区里管", chat="")

    assert outside.tickets()[0].stage is not Stage.DIVERTED
    assert "没有单子" in texts_to(outside.says(ROOM, "大闭环清单", chat=""), ROOM)
