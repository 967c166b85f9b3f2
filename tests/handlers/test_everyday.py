"""Everyday matters: 复盘, formal reports, 民意, lost things, kind words, searches, the analyst."""

from datetime import timedelta
from typing import Any

import pytest

from storage import drafts, praises, searches, ticket_facts
from storage.ticket_facts import Fact
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP, MORNING, Office

OFFICER, LEADER, ROOM, WORKER = "lin_zhiyuan", "zhong_yihang", "qiu_ruolan", "fang_xiaoman"
ANALYST, CONTACT, ASSISTANT, LEGAL = "yan_suyun", "nie_shouye", "ke_xiaozhou", "jia_shuwen"
RESIDENT, NEIGHBOUR = "wmRESIDENT01", "wmRESIDENT02"
THEFT = "桂花苑3号楼门口我的电动车昨晚被偷了"
MISSING = "桂花苑3号楼我家老人走丢了，有点糊涂，穿灰外套"


def types(office: Office, user: str, text: str) -> str:
    return texts_to(office.says(user, text, chat=""), user)


def closed_theft(block: Block, user: str = RESIDENT, serial: str = "0001") -> str:
    block.says(user, THEFT, chat="")
    types(block, OFFICER, f"签收 {serial}")
    types(block, OFFICER, f"处置 {serial} 已解决，车子找回来了，还给失主了")
    said = texts_to(block.later(2), OFFICER)
    return said + texts_to(block.says(user, "5", chat=""), OFFICER)


# -- 复盘 ----------------------------------------


def test_closing_a_theft_asks_its_owner_and_drafts_one_notice_a_day(block: Block) -> None:
    assert "复盘 0001" in closed_theft(block)

    assert "怎么防" in types(block, OFFICER, "复盘 0001 车棚没有门锁")
    assert "1个群" in types(block, OFFICER, "复盘 0001 电动车进棚上锁，钥匙随手拔")
    waiting = block.waiting()
    assert [one.kind for one in waiting] == ["prevention"]
    assert "盗窃" in waiting[0].text
    assert "钥匙随手拔" in waiting[0].text
    assert "车棚没有门锁" not in waiting[0].text, "the cause is for the station alone"
    known = {one.kind: one.words for one in block.looks(lambda db: ticket_facts.of_ticket(db, 1))}
    assert known[Fact.CAUSE] == "车棚没有门锁"
    assert known[Fact.PREVENTION] == "电动车进棚上锁，钥匙随手拔"

    assert "0个群" in types(block, OFFICER, "复盘 0001 原因：没上锁 预防：装车棚门禁")
    block.now += timedelta(days=1)
    assert "1个群" in types(block, OFFICER, "复盘 0001 没上锁；装车棚门禁")


@pytest.mark.parametrize(
    "words", ["没锁；桂花苑3号楼2单元501的人要锁门", "没锁；打13812345678问", f"没锁；{'锁' * 41}"]
)
def test_prevention_that_a_group_must_not_hear_is_asked_for_again(block: Block, words: str) -> None:
    closed_theft(block)

    assert "换个说法" in types(block, OFFICER, f"复盘 0001 {words}")
    assert block.waiting() == []


def test_looking_back_waits_for_the_result_and_is_for_who_worked_it(block: Block) -> None:
    block.says(RESIDENT, THEFT, chat="")

    assert "还没有结果" in types(block, OFFICER, "复盘 0001 没锁；上锁")
    assert "复盘" not in types(block, WORKER, "复盘 0001 没锁；上锁")
    block.says(NEIGHBOUR, "桂花苑东门的路灯不亮了", chat="")
    assert "不用复盘" in types(block, LEADER, "复盘 0002 没锁；上锁")


# -- 接报案系统 ----------------------------------------


def test_crime_is_told_where_it_is_formally_reported_and_its_card_shows_the_record(
    block: Block,
) -> None:
    said = texts_to(block.says(RESIDENT, THEFT, chat=""), RESIDENT)
    assert "0001" in said
    assert "不算正式报案" in said
    card = block.card_of(OFFICER, "盗窃")
    assert ["接报案", "还没录入"] in [list(pair) for pair in card["fields"]]
    worker = block.card_of(WORKER, "盗窃")
    assert "接报案" not in str(worker["fields"]), "police matters stay with the police"

    assert "AJ202603040017" in types(block, OFFICER, "已录入 0001 AJ202603040017")
    assert "没录：报案人不来所" in types(block, OFFICER, "没录入 0001 报案人不来所")
    assert "写编号" in types(block, OFFICER, "已录入 0001")
    block.says(NEIGHBOUR, "桂花苑东门的路灯不亮了", chat="")
    assert "不是要正式报案" in types(block, LEADER, "已录入 0002 AJ0001")


def test_audit_counts_what_was_recorded_and_names_what_was_not(block: Block) -> None:
    for count in range(3):
        block.says(f"wmRESIDENT1{count}", f"桂花苑{count + 4}号楼门口电动车昨晚被偷了", chat="")
    types(block, OFFICER, "已录入 0001 AJ0001")
    types(block, OFFICER, "没录入 0002 已撤")

    said = types(block, LEADER, "录入情况")
    assert "3件：已录入1件，写明没录原因1件，还没写1件" in said
    assert "0003" in said
    assert "3件" in types(block, LEGAL, "录入情况")
    assert "3件" not in types(block, WORKER, "录入情况")


# -- 民意 ----------------------------------------


def test_opinion_is_thanked_shown_to_the_officer_and_only_counted(office: Office) -> None:
    said = office.says(RESIDENT, "建议小广场晚上早点开灯，再装两把长椅")

    assert "谢谢您的建议" in dict(said)[GROUP]
    assert "提了个建议" in texts_to(said, OFFICER)
    assert office.tickets() == []
    assert "桂花社区第一网格1条" in types(office, LEADER, "民意")
    office.says(RESIDENT, "转为上报")
    assert len(office.tickets()) == 1


# -- 失物招领 ----------------------------------------


def test_lost_and_found_are_laid_side_by_side_and_both_are_told_in_private(block: Block) -> None:
    block.says(RESIDENT, "我在桂花苑东门掉了一个黑色钱包，里面有卡", chat="")
    seen = texts_to(block.says(NEIGHBOUR, "我捡到一个钱包，在桂花苑快递柜", chat=""), OFFICER)
    assert "对上 0002 0001" in seen

    said = block.says(OFFICER, "对上 0002 0001", chat="")
    assert "对上了" in texts_to(said, OFFICER), said
    lost, found = texts_to(said, RESIDENT), texts_to(said, NEIGHBOUR)
    assert "认一认" in lost
    assert "交到" in found
    for words, other in ((lost, NEIGHBOUR), (found, RESIDENT)):
        assert other not in words
    again = block.says(OFFICER, "对上 0002 0001", chat="")
    assert texts_to(again, RESIDENT) == "", "told once"
    assert "一张丢的、一张捡的" in types(block, OFFICER, "对上 0001 0001")


def test_two_lost_purses_are_no_match(block: Block) -> None:
    block.says(RESIDENT, "我在桂花苑东门掉了一个黑色钱包", chat="")
    said = block.says(NEIGHBOUR, "我在桂花苑北门也掉了钱包，红色的", chat="")

    assert "对上" not in texts_to(said, OFFICER)


# -- 表扬 ----------------------------------------


def test_kind_words_belong_to_her_ticket_and_the_leader_reads_them(block: Block) -> None:
    closed_theft(block)

    said = block.says(RESIDENT, "感谢民警帮我找回车，要送锦旗", chat="")

    assert "夸您（0001）" in texts_to(said, OFFICER) or "夸您（XH" in texts_to(said, OFFICER)
    assert "锦旗" in texts_to(said, LEADER)
    shown = types(block, LEADER, "表扬")
    assert "林知远" in shown
    assert "0001" in shown
    assert RESIDENT not in shown
    assert "这个月" not in types(block, OFFICER, "表扬")
    assert block.looks(lambda db: praises.forget(db, MORNING - timedelta(days=1))) == 0
    assert block.looks(lambda db: praises.forget(db, block.now + timedelta(days=1))) == 1


# -- 寻人 ----------------------------------------


def searching(block: Block, words: str = "七十多岁老人，灰外套，八点在东门一带走失") -> str:
    block.says(RESIDENT, MISSING, chat="")
    return types(block, OFFICER, f"寻人 0001 {words}")


def grants(block: Block, label: str = "同意") -> list[tuple[str, Any]]:
    return block.presses(LEADER, block.card_of(LEADER, "请批"), label)


def test_groups_hear_of_a_missing_person_only_after_a_second_one_agreed(block: Block) -> None:
    assert "申请已交给钟一航" in searching(block)
    assert block.waiting() == []

    said = grants(block)
    told = [words for chat, words in said if chat in ("wrHUAIAN01", "wrSHIQIAO1")]
    assert len(told) == 2
    assert all("灰外套" in words and "110" in words for words in told)
    assert [one.kind for one in block.waiting()] == ["search"], "a human says it to residents"

    over = block.says(OFFICER, "已找到 0001", chat="")
    assert [w for chat, w in over if chat == "wrSHIQIAO1"] == [
        "前面请大家留意的人已经找到，谢谢大家。请不要再转发。"
    ]
    assert block.waiting() == [], "what nobody has said yet is not said any more"
    assert block.looks(lambda db: searches.running(db, 1)) == []
    assert "没有正发着" in types(block, OFFICER, "已找到 0001")


def test_refused_search_says_nothing_and_a_result_ends_one(block: Block) -> None:
    searching(block)
    said = grants(block, "不同意")
    assert all(":" in chat for chat, _ in said)

    types(block, OFFICER, "寻人 0001 七十多岁，灰外套")
    grants(block)
    types(block, OFFICER, "签收 0001")
    over = block.says(OFFICER, "处置 0001 已解决，老人已经送回家", chat="")
    assert any("已经找到" in words for chat, words in over if chat == "wrSHIQIAO1")


def test_search_ends_by_itself_and_its_owner_hears_it(block: Block) -> None:
    searching(block)
    types(block, OFFICER, "签收 0001")  # else it rings every minute of the day
    grants(block)

    said = block.later(24 * 60 + 1)
    assert "重新请批" in texts_to(said, OFFICER)
    assert block.looks(lambda db: searches.running(db, 1)) == []


def test_who_is_found_after_its_time_was_over_is_told_all_the_same(block: Block) -> None:
    searching(block)
    types(block, OFFICER, "签收 0001")
    grants(block)
    block.later(24 * 60 + 1)

    over = block.says(OFFICER, "已找到 0001", chat="")

    assert any("已经找到" in words for chat, words in over if chat == "wrSHIQIAO1")
    assert "没有正发着" in types(block, OFFICER, "已找到 0001")


def test_that_somebody_was_found_is_said_only_when_it_is_so(block: Block) -> None:
    searching(block)
    types(block, OFFICER, "签收 0001")
    grants(block)

    over = block.says(OFFICER, "处置 0001 已移交，交给刑侦接着找", chat="")

    said = [words for chat, words in over if chat == "wrSHIQIAO1"]
    assert any("已经了结" in words for words in said)
    assert not any("找到" in words for words in said)


@pytest.mark.parametrize(
    ("told", "words", "refusal"),
    [
        (MISSING, "家里电话13812345678，见到请联系", "不能有电话"),
        (MISSING, "老人，" * 30, "六十个字"),
        ("桂花苑3号楼孩子走丢了，六岁", "男孩叫小乐，红衣服", "未成年人"),
        ("桂花苑3号楼孩子走丢了，六岁", "红衣服，在桂花小学的学校门口", "未成年人"),
    ],
)
def test_groups_never_hear_numbers_or_what_names_a_minor(
    block: Block, told: str, words: str, refusal: str
) -> None:
    block.says(RESIDENT, told, chat="")

    assert refusal in types(block, OFFICER, f"寻人 0001 {words}")
    assert not any("请批" in card["title"] for _, card in block.cards)


def test_search_is_for_missing_people_and_not_for_grid_workers(block: Block) -> None:
    block.says(RESIDENT, THEFT, chat="")
    assert "不是走失" in types(block, OFFICER, "寻人 0001 偷车的人，黑衣服")
    assert "寻人 0012" in types(block, OFFICER, "群发 桂花苑：有老人走失，请留意")


# -- 研判、助理、联络员 ----------------------------------------


def test_analyst_hears_every_morning_of_what_the_night_found(block: Block) -> None:
    for count in range(3):
        block.says(f"wmRESIDENT2{count}", "桂花苑5号楼2单元楼上天天半夜吵得睡不着", chat="")
        block.now += timedelta(days=2)
    block.now -= timedelta(days=1, hours=1)

    said = texts_to(block.hour("repeats"), ANALYST)
    assert "研判出" in said
    assert "5号楼" in said
    block.now += timedelta(days=1)
    assert texts_to(block.hour("repeats"), ANALYST) == "", "the same night's is told once"


def test_assistant_of_the_grid_helps_but_is_sent_into_no_violence(block: Block) -> None:
    block.says("wmRESIDENT31", "石桥村村口的车棚电动车昨晚被偷了", chat="")
    assert block.card_of(ASSISTANT, "盗窃")

    block.cards.clear()
    block.says("wmRESIDENT32", "石桥村村口有人打架，流血了", chat="")
    assert f"app:{ASSISTANT}" not in [chat for chat, card in block.cards if card["buttons"]]


def test_contact_reports_as_a_resident_and_sees_only_his_own(block: Block) -> None:
    block.says(RESIDENT, THEFT, chat="")
    said = texts_to(block.says(CONTACT, "3号楼楼道灯坏了", chat=""), CONTACT)
    assert "0002" in said
    ticket = block.tickets()[1]
    assert ticket.grid == "g01", "his grid stands in the roster"
    assert ticket.voices[0].user == CONTACT
    assert ticket.carrier == ""

    assert "电动车" not in types(block, CONTACT, "查 0001")
    assert "我的任务" not in types(block, CONTACT, "我的任务")
    assert "0001" not in types(block, CONTACT, "签收 0001")


def test_matter_that_asks_for_a_skill_calls_who_has_it(block: Block) -> None:
    block.says(RESIDENT, "桂花苑3号楼婆媳天天闹离婚，想请人来劝劝", chat="")

    assert block.tickets()[0].category == "P12"
    assert block.card_of("tang_shuo", "婚姻")


def test_post_is_told_by_its_grid_else_all_of_them(office: Office) -> None:
    assert "桂花路8号" in dict(office.says(RESIDENT, "请问警务室在哪"))[GROUP]
    anywhere = types(office, "wmRESIDENT77", "警务室几点开门")
    assert "石桥村文化广场" in anywhere
    assert "桂花路8号" in anywhere


def test_drafts_of_a_kind_are_found_from_a_moment_on(block: Block) -> None:
    line = "abc"
    assert not block.looks(lambda db: drafts.made_since(db, line, "prevention", MORNING))
