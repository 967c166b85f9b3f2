"""移动户籍室, 关爱日, 巡防, 先锋队: what comes round by the calendar, what is found on the way."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from config.joint_rules import Campaign
from config.vocabulary import Danger
from handlers import rounds
from storage.database import table_of
from storage.joint_tables import TallyRow
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP, MORNING, Office

WORKER, OFFICER, RESIDENT, LEADER = "fang_xiaoman", "lin_zhiyuan", "wang_ayi", "zhong_yihang"
FAR_WORKER, FAR_OFFICER, MINDER = "ruan_qiuyue", "he_yunfei", "tian_suqin"
EIGHT = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)  # Thursday the 5th, 08:00 in Shanghai


@pytest.mark.parametrize("words", ["移动户籍室什么时候来", "移动户籍室？", "请问移动户籍室在哪"])
def test_days_of_the_counter_are_told_and_her_own_grid_comes_first(
    office: Office, words: str
) -> None:
    said = office.says(RESIDENT, words)

    answer = next(text for chat, text in said if chat == GROUP)
    lines = answer.splitlines()
    assert lines[1] == "3月13日（周五）09:00–11:30 桂花苑小广场"
    assert lines[2] == "3月6日（周五）09:00–11:30 石桥村文化广场"
    assert "身份证" in answer
    assert office.tickets() == []


def test_counter_that_has_gone_is_not_told_any_more(office: Office) -> None:
    office.now = MORNING + timedelta(days=30)

    said = texts_to(office.says(RESIDENT, "移动户籍室什么时候来", chat=""), RESIDENT)

    assert "没有排日子" in said
    assert "0000-8110001" in said


def test_other_words_about_the_counter_are_left_to_the_reader(office: Office) -> None:
    said = office.says(RESIDENT, "桂花苑东门移动户籍室门口的路灯不亮")

    assert "最近几次" not in str(said)
    assert office.tickets()[0].category == "N03"


def test_danger_beside_the_counter_is_no_question(office: Office) -> None:
    office.says(WORKER, "桂花苑东门移动户籍室着火了，人在哪还不知道", chat="")

    assert office.tickets()[0].danger is not Danger.NONE


def test_officer_is_reminded_the_day_before_and_a_sentence_is_left_for_the_group(
    block: Block,
) -> None:
    with_publicity(block)
    block.now = datetime(2026, 3, 12, 0, 0, tzinfo=UTC)

    said = block.hour(rounds.JOB)

    assert "桂花苑小广场" in texts_to(said, OFFICER)
    assert [draft.text for draft in block.waiting()] == [
        "移动户籍室3月13日（周五）09:00–11:30到桂花苑小广场，要办户口、身份证的可以来。"
    ]
    assert not [text for chat, text in said if chat == GROUP]


def with_publicity(block: Block) -> None:
    counter = block.rules.joint.counter
    assert counter is not None
    loud = counter.model_copy(update={"publicity": True})
    joint = block.rules.joint.model_copy(update={"counter": loud})
    block.rules = dataclasses.replace(block.rules, joint=joint)


def test_without_publicity_no_draft_is_left(block: Block) -> None:
    block.now = datetime(2026, 3, 12, 0, 0, tzinfo=UTC)

    block.hour(rounds.JOB)

    assert block.waiting() == []


def test_care_day_names_place_and_kind_and_nobody(office: Office) -> None:
    office.now = EIGHT

    said = office.hour(rounds.JOB)

    for user in (FAR_WORKER, FAR_OFFICER):
        assert "留守儿童关爱" in texts_to(said, user)
        assert "石桥村文化广场" in texts_to(said, user)
    assert "独居老人关爱" in texts_to(said, WORKER)
    assert "独居老人" not in texts_to(said, FAR_WORKER)
    assert "留守儿童关爱（石桥村文化广场）" in texts_to(
        office.says(FAR_WORKER, "今天", chat=""), FAR_WORKER
    )


def test_care_day_on_a_sunday_comes_on_monday(office: Office) -> None:
    office.now = datetime(2026, 7, 5, 0, 0, tzinfo=UTC)
    assert "关爱" not in str(office.hour(rounds.JOB))

    office.now += timedelta(days=1)

    assert "留守儿童关爱" in texts_to(office.hour(rounds.JOB), FAR_WORKER)


def test_child_in_need_is_a_protected_ticket_of_the_officer(office: Office) -> None:
    office.now = EIGHT + timedelta(hours=1)

    said = texts_to(
        office.says(FAR_WORKER, "关爱发现 石桥村12号 冬天没有厚被子", chat=""), FAR_WORKER
    )

    (ticket,) = office.tickets()
    assert (ticket.category, ticket.protected, ticket.owner) == ("P19", True, FAR_OFFICER)
    assert ticket.serial in said
    gone = texts_to(office.says(FAR_WORKER, f"查 {ticket.serial}", chat=""), FAR_WORKER)
    assert "厚被子" not in gone


def test_old_person_in_need_goes_protected_to_who_can_help(office: Office) -> None:
    office.says(WORKER, "关爱发现 独居老人关爱 桂花苑3号楼 屋里没有暖气，米也快没了", chat="")

    (ticket,) = office.tickets()
    assert (ticket.category, ticket.protected, ticket.owner) == ("N08", True, MINDER)
    assert ticket.masked.startswith("桂花苑3号楼")


def test_danger_on_a_care_day_rings(office: Office) -> None:
    said = office.says(WORKER, "关爱发现 桂花苑3号楼 老人晕倒了没有呼吸", chat="")

    (ticket,) = office.tickets()
    assert ticket.danger is not Danger.NONE
    assert ticket.protected
    assert any(chat == f"app:{OFFICER}" for chat, _ in said)


def test_what_is_found_is_not_repeated_in_a_group(office: Office) -> None:
    said = office.says(FAR_WORKER, "关爱发现 石桥村12号 孩子一个人在家没人做饭", "wrSHIQIAO1")

    (shown,) = [text for chat, text in said if chat == "wrSHIQIAO1"]
    assert "孩子" not in shown
    assert "编号" not in shown
    assert office.tickets()[0].serial in texts_to(said, FAR_WORKER)


def test_patrol_is_reminded_and_stands_in_today(office: Office) -> None:
    office.now = MORNING.replace(hour=0)

    said = office.hour(rounds.JOB)

    assert "19:00–21:00" in texts_to(said, WORKER)
    assert "唐朔、高明芳、沈伯渔" in texts_to(said, WORKER)
    assert "桂花夜间巡防" in texts_to(said, "tang_shuo")
    assert texts_to(said, FAR_WORKER) == ""
    assert "19:00–21:00 桂花夜间巡防" in texts_to(office.says(WORKER, "今天", chat=""), WORKER)


def test_patrol_report_opens_a_ticket_for_each_line(office: Office) -> None:
    said = texts_to(
        office.says(WORKER, "巡防报告\n1、桂花苑3号楼楼道堆了杂物\n2、桂花苑东门路灯不亮", chat=""),
        WORKER,
    )

    assert "发现2件" in said
    assert [(t.category, t.origin) for t in office.tickets()] == [
        ("N06", "joint_patrol"),
        ("N03", "joint_patrol"),
    ]


def test_patrol_that_saw_nothing_is_counted_without_persons(office: Office) -> None:
    office.says(WORKER, "巡防报告 一切正常", chat="")

    assert office.tickets() == []
    row = office.looks(lambda db: db.conn.execute(table_of(TallyRow).select()).one())
    assert (row.kind, row.grid) == ("patrol", "g01")
    assert WORKER not in str(row)
    said = texts_to(office.says(LEADER, "巡防", chat=""), LEADER)
    assert "桂花社区第一网格 报告1次，发现0件" in said
    assert "报告1次" not in texts_to(office.says(WORKER, "巡防", chat=""), WORKER)


def test_danger_seen_on_patrol_rings(office: Office) -> None:
    office.says(WORKER, "巡防报告 桂花苑3号楼着火了，有人被困", chat="")

    assert office.tickets()[0].danger is not Danger.NONE


def test_campaign_counts_its_own_matters_and_ends(office: Office) -> None:
    short = Campaign.model_validate(
        {"id": "spring", "name": "春季先锋队", "members": [WORKER], "from": "2026-03-04",
         "to": "2026-03-05"}
    )  # fmt: skip
    joint = office.rules.joint.model_copy(update={"campaigns": (short,)})
    office.rules = dataclasses.replace(office.rules, joint=joint)
    office.now = MORNING.replace(hour=0)
    assert "春季先锋队今天开始" in texts_to(office.hour(rounds.JOB), WORKER)
    office.now = MORNING

    office.says(WORKER, "登记 桂花苑3号楼两家邻居为楼道鞋柜吵架", chat="")
    office.says(WORKER, "登记 桂花苑3号楼楼道堆了杂物", chat="")
    office.says("lu_jianing", "登记 槐安里2号楼垃圾没人收", chat="")
    office.says(WORKER, "登记 桂花苑东门路灯不亮", chat="")

    said = texts_to(office.says(LEADER, "先锋队", chat=""), LEADER)
    assert "问题1，办结0/1；纠纷1，办结0/1；隐患1，办结0/1" in said
    assert "进行中" in said
    office.now = datetime(2026, 3, 6, 0, 0, tzinfo=UTC)
    assert "已结束" in texts_to(office.hour(rounds.JOB), LEADER)
    office.says(WORKER, "登记 桂花苑东门路灯又不亮", chat="")
    assert "问题1，" in texts_to(office.says(LEADER, "先锋队", chat=""), LEADER)


def test_campaign_is_not_for_everybody(office: Office) -> None:
    assert "没有先锋队" in texts_to(office.says("lu_jianing", "先锋队", chat=""), "lu_jianing")
