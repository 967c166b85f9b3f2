"""How a matter ends: guards, the second look, refusal and appeal, 作废, 查看原文, 关联, 回避."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.vocabulary import Act, ClosingCode, Danger, Stage
from storage import journal, ticket_facts, tickets
from storage.ticket_facts import Fact
from storage.tickets import Ticket
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

OFFICER, LEADER, ROOM, WORKER = "lin_zhiyuan", "zhong_yihang", "qiu_ruolan", "fang_xiaoman"
RESIDENT = "wmRESIDENT01"
QUARREL = "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下"


def says(block: Office, user: str, text: str) -> str:
    return texts_to(block.says(user, text, chat=""), user)


def first(block: Office) -> Ticket:
    return block.tickets()[0]


def becomes(block: Office, **changes: Any) -> None:
    """The first ticket as the test needs it; what the reader would say is no matter here."""
    block.looks(lambda db: tickets.save(db, replace(tickets.get(db, 1), **changes)))


def acts_of(block: Office, number: int = 1) -> list[tuple[str, str]]:
    story = block.looks(lambda db: journal.of_ticket(db, number))
    return [(entry.act, entry.actor) for entry in story]


def decider(block: Block) -> str:
    asked = [chat for chat, card in block.cards if card["title"].startswith("请批")]
    return asked[-1].removeprefix("app:")


def grants(block: Block, label: str = "同意") -> list[tuple[str, Any]]:
    who = decider(block)
    return block.presses(who, block.card_of(who, "请批"), label)


@pytest.fixture
def opened(block: Block) -> Block:
    block.overhears(RESIDENT, QUARREL)
    return block


@pytest.fixture
def signed(opened: Block) -> Block:
    says(opened, OFFICER, "签收 0001")
    says(opened, OFFICER, "到场 0001")
    return opened


@pytest.mark.parametrize(
    ("changes", "said", "missing"),
    [
        pytest.param({"category": "P04"}, "已解决", "告诫书", id="domestic_without_papers"),
        pytest.param({"category": "P04"}, "调解成功", "不能按调解", id="domestic_as_mediation"),
        pytest.param({"category": "P19"}, "已解决", "强制报告", id="minor_without_report"),
        pytest.param({}, "联系不上", "三个不同的半天", id="nobody_was_tried"),
        pytest.param({}, "已移交", "哪个单位", id="handed_over_to_whom"),
        pytest.param({}, "不在职责", "哪个单位", id="not_ours_whose_then"),
    ],
)
def test_what_is_missing_keeps_it_open(
    signed: Block, changes: dict[str, Any], said: str, missing: str
) -> None:
    becomes(signed, **changes)

    answer = says(signed, OFFICER, f"处置 0001 {said}")

    assert missing in answer
    assert first(signed).stage is not Stage.RESOLVED
    assert first(signed).closing_code == ""


def test_domestic_violence_ends_with_its_papers_and_a_second_look(signed: Block) -> None:
    becomes(signed, category="P04", protected=True)
    says(signed, OFFICER, "告诫书 0001 已出具")
    says(signed, OFFICER, "回访计划 0001 每月一次")
    says(signed, OFFICER, "处置 0001 已解决")

    signed.later(2)
    assert first(signed).stage is Stage.RECHECK
    answer = says(signed, LEADER, "复核通过 0001")

    assert "复核通过" in answer
    assert first(signed).stage is Stage.CLOSED


def test_red_dispute_needs_the_leader_and_nobody_signs_for_him(signed: Block) -> None:
    becomes(signed, category="P11")
    signed.looks(
        lambda db: ticket_facts.add(db, "t:level", 1, Fact.LEVEL, OFFICER, signed.now, "red")
    )

    assert "签字" in says(signed, OFFICER, "处置 0001 调解成功")
    assert "所领导" in says(signed, OFFICER, "签字 0001")
    says(signed, LEADER, "签字 0001")
    says(signed, OFFICER, "处置 0001 调解成功")

    assert first(signed).stage is Stage.RESOLVED


def test_hazard_is_looked_at_by_somebody_else_and_may_come_back(signed: Block) -> None:
    becomes(signed, category="N06")
    says(signed, OFFICER, "处置 0001 已解决")
    signed.later(2)

    assert first(signed).stage is Stage.RECHECK
    says(signed, OFFICER, "复核通过 0001")
    assert first(signed).stage is Stage.RECHECK
    said = signed.says(LEADER, "返工 0001 通道还堵着一半", chat="")

    assert first(signed).stage is Stage.HANDLING
    assert "通道还堵着一半" in texts_to(said, OFFICER)
    says(signed, OFFICER, "处置 0001 已解决")
    signed.later(2)
    says(signed, LEADER, "复核通过 0001")
    assert first(signed).stage is Stage.EVALUATION


def test_who_looks_again_is_reminded_every_working_day(signed: Block) -> None:
    becomes(signed, category="N06")
    says(signed, OFFICER, "处置 0001 已解决")

    said = signed.later(60 * 24 * 2 + 30)

    waits = [words for chat, words in said if "等您复核" in words]
    assert len(waits) == 2
    assert len(set(waits)) == 2


def test_explained_takes_a_second_person(signed: Block) -> None:
    says(signed, OFFICER, "处置 0001 已解释 诉求超出规定")
    assert first(signed).stage is Stage.VERIFYING

    grants(signed)

    assert first(signed).closing_code == ClosingCode.EXPLAINED


def test_three_tries_on_three_half_days_end_a_waiting_matter(signed: Block) -> None:
    says(signed, OFFICER, "问 0001 您几点在家？")
    signed.later(60 * 6)
    says(signed, OFFICER, "没联系上 0001")
    signed.later(60 * 20)
    says(signed, OFFICER, "没联系上 0001")

    signed.later(60 * 24 * 6)

    assert first(signed).stage is Stage.CLOSED
    assert first(signed).closing_code == ClosingCode.UNREACHABLE


def test_fewer_tries_and_work_goes_on(signed: Block) -> None:
    says(signed, OFFICER, "问 0001 您几点在家？")

    signed.later(60 * 24 * 6)

    assert first(signed).stage is Stage.VERIFYING


def test_unsigned_is_voided_by_one_signed_by_two(opened: Block) -> None:
    says(opened, OFFICER, "签收 0001")
    says(opened, OFFICER, "作废 0001 重复登记")
    assert first(opened).stage is Stage.ACCEPTED
    assert decider(opened) != OFFICER

    grants(opened)

    assert first(opened).stage is Stage.VOID
    assert (Act.VOID, decider(opened)) in acts_of(opened)


def test_refusal_needs_a_code_a_reason_and_after_signing_a_second_person(signed: Block) -> None:
    assert "代号" in says(signed, OFFICER, "不予受理 0001 不想办")
    says(signed, OFFICER, "不予受理 0001 诉讼仲裁中 法院已经立了案")
    assert first(signed).stage is Stage.VERIFYING

    said = grants(signed)

    assert first(signed).stage is Stage.REJECTED
    assert "申诉" in texts_to(said, RESIDENT)


def test_danger_and_protected_matters_are_never_refused(signed: Block) -> None:
    for changes in ({"protected": True}, {"protected": False, "danger": Danger.SUSPECTED}):
        becomes(signed, **changes)
        says(signed, LEADER, "不予受理 0001 没有具体事 说得不清楚")

        assert first(signed).stage is Stage.VERIFYING


def _refused(block: Block) -> str:
    """Who refused it."""
    says(block, OFFICER, "不予受理 0001 诉讼仲裁中 法院已经立了案")
    grants(block)
    return decider(block)


def test_appeal_is_decided_by_somebody_else_and_begins_again(signed: Block) -> None:
    refused_by = _refused(signed)

    said = signed.says(RESIDENT, "申诉 0001 法院没有受理", chat=f"bot:{RESIDENT}")
    assert "另一位同志" in texts_to(said, RESIDENT)
    assert decider(signed) not in (refused_by, OFFICER)
    grants(signed)

    again = first(signed)
    assert again.stage is Stage.ASSIGNED
    assert again.owner != OFFICER


def test_appeal_comes_once_and_in_time(signed: Block) -> None:
    _refused(signed)
    signed.says(RESIDENT, "申诉 0001 法院没有受理", chat=f"bot:{RESIDENT}")
    said = grants(signed, "不同意")
    assert "还是原来的结果" in texts_to(said, RESIDENT)

    said = signed.says(RESIDENT, "申诉 0001 再看看", chat=f"bot:{RESIDENT}")

    assert "不能再申诉" in texts_to(said, RESIDENT)
    assert first(signed).stage is Stage.REJECTED


def test_appeal_after_a_week_is_too_late(signed: Block) -> None:
    _refused(signed)
    signed.now += timedelta(days=8)

    said = signed.says(RESIDENT, "申诉 0001 法院没有受理", chat=f"bot:{RESIDENT}")

    assert "不能再申诉" in texts_to(said, RESIDENT)


def test_words_are_unmasked_for_who_asked_with_both_names_in_the_journal(signed: Block) -> None:
    said = signed.says(OFFICER, "查看原文 0001 核对门牌", chat="")
    assert "漏水" not in texts_to(said, OFFICER)

    said = grants(signed)

    assert QUARREL in texts_to(said, OFFICER)
    story = signed.looks(lambda db: journal.of_ticket(db, 1))
    row = next(entry for entry in story if entry.act == Act.UNMASK)
    assert row.actor == decider(signed)
    assert "林知远" in row.reason
    assert "漏水" not in row.reason


def test_grid_worker_may_not_even_ask_for_the_original(opened: Block) -> None:
    says(opened, WORKER, "查看原文 0001 想看看")

    assert not [card for _, card in opened.cards if card["title"].startswith("请批")]


def test_linked_tickets_stay_two_and_show_each_other(signed: Block) -> None:
    signed.overhears("wmRESIDENT02", "桂花苑9号楼门口路灯不亮，黑灯瞎火")
    assert "已关联" in says(signed, ROOM, "关联 0002 0001")

    assert "0001" in says(signed, ROOM, "查 0002").split("关联：")[1].splitlines()[0]
    assert [t.is_open for t in signed.tickets()] == [True, True]
    assert "不再关联" in says(signed, ROOM, "取消关联 0001 0002")
    assert "没有关联过" in says(signed, ROOM, "取消关联 0001 0002")


def test_who_recuses_himself_is_freed_and_sees_it_no_more(signed: Block) -> None:
    assert "没关系了" in says(signed, OFFICER, "回避 0001 对方是我亲戚")

    ticket = first(signed)
    assert ticket.owner not in ("", OFFICER)
    assert ticket.stage is Stage.ASSIGNED
    assert "没找到" in says(signed, OFFICER, "查 0001")


def test_complaint_never_reaches_who_it_is_about_nor_his_team(office: Office) -> None:
    said = office.says(
        "wang_ayi", "我要投诉网格员方小满，态度恶劣，路灯不亮报了也不管", chat="bot:wang_ayi"
    )

    ticket = office.tickets()[-1]
    team = {p.id for p in office.rules.people if p.unit == "桂花社区"}
    assert WORKER in ticket.barred
    assert not team & {chat.partition(":")[2] for chat, _ in said}
    for user in sorted(team):
        assert "没找到" in says(office, user, f"查 {ticket.serial}")


@pytest.mark.parametrize("minutes", [0, 2])
def test_withdrawal_after_the_work_is_answered_and_changes_nothing(
    signed: Block, minutes: int
) -> None:
    says(signed, OFFICER, "处置 0001 已解决 两家谈好了")
    signed.later(minutes)
    before = signed.tickets()[0].stage

    said = signed.says(RESIDENT, "撤回 0001", chat=f"bot:{RESIDENT}")

    assert "不用撤回" in texts_to(said, RESIDENT)
    assert signed.tickets()[0].stage is before
