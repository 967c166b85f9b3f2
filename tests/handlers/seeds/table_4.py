"""1.4: a busy post by day and night: two diversions, letters, who steps in, the street's queue."""

import dataclasses
from datetime import UTC, datetime, time, timedelta

from bot.domain import nearby
from config.people_rules import Grids
from config.shapes import Hours
from config.vocabulary import Role, Stage
from storage import diversions
from tests.handlers.block import texts_to
from tests.handlers.office import GROUP
from tests.handlers.seeds.rows import Life, row
from tests.handlers.test_stepping import with_neighbours

OFFICER, WORKER, LEADER, ROOM = "lin_zhiyuan", "fang_xiaoman", "zhong_yihang", "qiu_ruolan"
AUXILIARY, STREET, HOUSING, RESIDENT = "tang_shuo", "pan_zhenguo", "kang_liqun", "wang_ayi"
MORNING_OF_THE_POST = (
    "桂花苑东门路灯不亮",
    "桂花苑北门垃圾没人清",
    "桂花苑2号楼停水了",
    "桂花苑4号楼楼道堆了杂物",
    "桂花苑6号楼楼上半夜太吵",
    "桂花苑8号楼门口电动车昨晚被偷了",
    "桂花苑9号楼两家邻居为楼道鞋柜吵架",
    "老板拖欠我三个月工资不给",
)


@row("1.4", 6)
def half_of_the_morning_is_not_for_the_police(life: Life) -> None:
    assert "桂花路8号" in life.tells(RESIDENT, "请问警务室在哪")
    for count, words in enumerate(MORNING_OF_THE_POST):
        life.opens(f"wmMIX{count}", words)
    others = [one for one in life.hall.tickets() if one.department]
    assert 0.4 <= len(others) / len(MORNING_OF_THE_POST) <= 0.7


@row("1.4", 3, 10)
def all_is_done_from_the_private_chat(life: Life) -> None:
    theft = next(one for one in life.hall.tickets() if one.category == "P01")
    number = theft.serial
    assert number in life.tells(OFFICER, "我的任务")
    assert number in life.tells(OFFICER, "今天")
    life.tells(OFFICER, f"签收 {number}")
    life.tells(OFFICER, f"到场 {number}")
    assert "围观" in texts_to(life.says(OFFICER, f"求助 {number} 围观的人多"), ROOM)
    life.tells(ROOM, f"转 {number} 唐朔 接着查")
    assert life.now_of(theft).owner == AUXILIARY
    life.tells(AUXILIARY, f"签收 {number}")
    life.tells(AUXILIARY, f"处置 {number} 已解决，车找回来了")
    assert life.now_of(theft).stage is Stage.RESOLVED


@row("1.4", 4)
def second_diversion_comes_after_the_visit_with_a_reason(life: Life) -> None:
    quarrel = next(one for one in life.hall.tickets() if "鞋柜" in one.masked)
    number = quarrel.serial
    life.tells(OFFICER, f"签收 {number}")
    life.tells(OFFICER, f"到场 {number}")
    assert "要写理由" in life.tells(OFFICER, f"分流 {number} 住建")
    life.tells(OFFICER, f"分流 {number} 住建 楼道归物业管")
    assert life.now_of(quarrel).owner == HOUSING
    (one,) = life.hall.looks(lambda db: diversions.of_ticket(db, quarrel.id))
    assert one.reason == "楼道归物业管"


@row("1.4", 7)
def house_outside_gets_a_letter_and_its_answer_comes_back(life: Life) -> None:
    cable = life.opens(RESIDENT, "桂花苑3号楼门口的通信井盖坏了，光缆露在外面，麻烦修一下", GROUP)
    assert cable.department == "telecom"
    assert "〔2026〕1号" in life.tells(cable.owner, f"转办函 {cable.serial}")
    life.tells(cable.owner, f"部门编号 {cable.serial} 2026-7788")
    life.tells(cable.owner, f"部门答复 {cable.serial} 井盖已换好，请放心")
    assert life.now_of(cable).stage is Stage.RESOLVED


@row("1.4", 8)
def street_and_police_share_one_queue(life: Life) -> None:
    quarrel = life.opens(RESIDENT, "桂花苑11号楼两家邻居为楼道晾衣服吵架", GROUP)
    life.tells(OFFICER, f"签收 {quarrel.serial}")
    life.tells(LEADER, f"大闭环 {quarrel.serial} 要街道协调")
    for user in (OFFICER, STREET, LEADER, ROOM):
        assert quarrel.serial in life.tells(user, "大闭环清单")


@row("1.4", 5)
def who_is_silent_or_away_is_followed_by_the_next(life: Life) -> None:
    life.hall.base = with_neighbours(life.hall.base)
    noise = life.opens("wmDANCE", "桂花苑5号楼楼下天天有人跳广场舞，音响很大")
    life.hall.later(33)
    assert life.now_of(noise).owner == AUXILIARY
    life.tells(OFFICER, "请假")
    life.tells(AUXILIARY, "请假")
    beside = life.opens("wmDANCE2", "桂花苑15号楼楼下天天有人跳广场舞，音响很大")
    assert beside.owner == "he_yunfei"


@row("1.4", 1)
def by_night_the_open_post_is_named(life: Life) -> None:
    day = Hours.model_validate({"from": time(8, 30), "to": time(17, 30)})
    night = Hours.model_validate({"from": time(18, 0), "to": time(23, 0)})
    hours = {"g01": day, "g03": night}
    grids = tuple(
        grid.model_copy(update={"post_hours": hours.get(grid.id)})
        for grid in life.hall.base.grids.grids
    )
    life.hall.base = dataclasses.replace(life.hall.base, grids=Grids(grids=grids))
    noon, evening = datetime(2026, 3, 5, 4, tzinfo=UTC), datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert nearby.post_at("g01", noon, life.hall.base) == "桂花社区警务室"
    assert nearby.post_at("g01", evening, life.hall.base) == "石桥警务室"


@row("1.4", 12)
def roster_turns_by_itself(life: Life) -> None:
    rules = life.hall.base
    friday, saturday = (datetime(2026, 3, day, 4, tzinfo=UTC) for day in (6, 7))
    assert rules.duty(Role.OFFICER, friday, "g03", ())[0].id == "he_yunfei"
    assert rules.duty(Role.OFFICER, saturday, "g03", ())[0].id == OFFICER
    midnight = datetime(2026, 3, 7, 17, tzinfo=UTC)
    assert rules.duty(Role.COMMAND_ROOM, midnight, None, ())


@row("1.4", 2, 13)
def month_has_medians_and_the_months_before(life: Life) -> None:
    life.hall.now += timedelta(days=31)
    assert "签收用时（中位）" in life.tells(LEADER, "月通报")
    life.hall.now += timedelta(days=30)
    assert "登记0件（上月12件" in life.tells(LEADER, "月通报")
