"""子任务: several people on one ticket, each with a limit and a feedback; none is forgotten."""

import pytest

from config.vocabulary import Stage
from storage import journal, subtasks
from tests.handlers.block import Block, gone_to, texts_to
from tests.handlers.office import Office

OFFICER, WORKER, MEDIATOR, HOUSING = "lin_zhiyuan", "fang_xiaoman", "shen_boyu", "kang_liqun"
LEADER = "gao_mingfang"
QUARREL = "桂花苑3号楼楼下有人吵架，好几天了，麻烦来调解"


@pytest.fixture
def signed(block: Block) -> Block:
    """A matter that the officer has signed and gone to."""
    return gone_to(block, QUARREL)


def number(office: Office) -> str:
    return office.tickets()[0].serial


def test_each_named_person_has_a_card_of_his_own(signed: Block) -> None:
    said = signed.says(
        OFFICER, f"子任务 {number(signed)} 方小满、沈伯渔 2小时 上门看看漏在哪里", chat=""
    )

    assert "方小满、沈伯渔" in texts_to(said, OFFICER)
    for user in (WORKER, MEDIATOR):
        card = signed.card_of(user, "子任务")
        assert card["text"] == "上门看看漏在哪里"
        assert dict(map(tuple, card["fields"]))["时限"] == "今天11:30"


def test_ticket_with_a_running_part_is_not_resolved(signed: Block) -> None:
    signed.says(OFFICER, f"子任务 {number(signed)} 方小满 2小时 上门看看", chat="")

    said = signed.says(OFFICER, f"处置 {number(signed)} 双方和解，楼上答应修水管", chat="")
    assert "方小满" in texts_to(said, OFFICER)
    assert signed.tickets()[0].stage is Stage.VERIFYING

    said = signed.says(WORKER, f"完成 {number(signed)} 看过了，是楼上地漏", chat="")
    assert "可以写结果" in texts_to(said, OFFICER)
    signed.says(OFFICER, f"处置 {number(signed)} 双方和解，楼上答应修水管", chat="")
    assert signed.tickets()[0].stage is Stage.RESOLVED


def test_part_is_taken_by_one_tap(signed: Block) -> None:
    signed.says(OFFICER, f"子任务 {number(signed)} 方小满 上门看看", chat="")

    said = signed.presses(WORKER, signed.card_of(WORKER, "子任务"), "接下")

    assert "您接下了" in texts_to(said, WORKER)
    part = signed.looks(lambda db: subtasks.of_user(db, WORKER))[0]
    assert part.state is subtasks.State.TAKEN
    assert "子任务" in texts_to(signed.says(WORKER, "我的任务", chat=""), WORKER)


def test_department_gets_place_and_task_but_not_the_words(signed: Block) -> None:
    signed.says(OFFICER, f"子任务 {number(signed)} 康立群 1天 看看主管道", chat="")

    card = signed.card_of(HOUSING, "子任务")
    assert "吵架" not in str(card)
    said = signed.says(HOUSING, f"完成 {number(signed)} 主管道没漏", chat="")
    assert "记下了" in texts_to(said, HOUSING)
    assert "主管道没漏" in texts_to(said, OFFICER)


def test_part_can_be_given_back_with_a_reason_and_withdrawn(signed: Block) -> None:
    signed.says(OFFICER, f"子任务 {number(signed)} 方小满、沈伯渔 上门看看", chat="")

    said = signed.says(WORKER, f"退子任务 {number(signed)} 今天在市里培训", chat="")
    assert "在市里培训" in texts_to(said, OFFICER)
    said = signed.says(OFFICER, f"撤子任务 {number(signed)} 沈伯渔", chat="")

    assert "不用再办" in texts_to(said, MEDIATOR)
    ticket = signed.tickets()[0]
    assert signed.looks(lambda db: subtasks.running(db, ticket.id)) == []


def test_late_part_is_asked_for_at_the_person_then_at_his_leader(signed: Block) -> None:
    signed.says(OFFICER, f"子任务 {number(signed)} 方小满 30分钟 上门看看", chat="")

    assert "到时间了" in texts_to(signed.later(31), WORKER)
    said = signed.later(60 * 24 * 2)

    assert "方小满" in texts_to(said, LEADER)


def test_grid_leader_gives_work_inside_her_grid_only(signed: Block) -> None:
    said = signed.says(LEADER, f"子任务 {number(signed)} 方小满 上门看看", chat="")
    assert "已发给方小满" in texts_to(said, LEADER)

    said = signed.says(LEADER, f"子任务 {number(signed)} 康立群 看看主管道", chat="")
    assert "自己网格" in texts_to(said, LEADER)
    assert signed.looks(lambda db: subtasks.of_user(db, HOUSING)) == []


def test_neighbouring_worker_cannot_give_anybody_a_part(signed: Block) -> None:
    signed.says("lu_jianing", f"子任务 {number(signed)} 方小满 上门看看", chat="")

    assert signed.looks(lambda db: subtasks.of_user(db, WORKER)) == []


def test_unarmed_person_gets_no_part_of_violence(block: Block) -> None:
    block.overhears("wmRESIDENT01", "3号楼有人拿刀砍人")
    serial = number(block)
    block.says(OFFICER, f"签收 {serial}", chat="")

    said = block.says(OFFICER, f"子任务 {serial} 方小满 去看看", chat="")

    assert block.looks(lambda db: subtasks.of_user(db, WORKER)) == []
    assert texts_to(said, OFFICER)


def test_every_step_of_a_part_stands_in_the_journal(signed: Block) -> None:
    signed.says(OFFICER, f"子任务 {number(signed)} 方小满 上门看看", chat="")
    signed.says(WORKER, f"接子任务 {number(signed)}", chat="")
    signed.says(WORKER, f"完成 {number(signed)} 是楼上地漏", chat="")

    ticket = signed.tickets()[0]
    story = signed.looks(lambda db: journal.of_ticket(db, ticket.id))
    steps = [(e.actor, e.reason[:4]) for e in story if e.act == "subtask"]
    assert steps == [(OFFICER, "请方小满"), (WORKER, "接下子任"), (WORKER, "办完：是")]
