"""1.2: a round through the village: kit and lists, visits, papers at the door, the team called."""

from datetime import timedelta

from handlers import rounds
from storage import meetings
from tests.handlers.block import texts_to
from tests.handlers.seeds.rows import Life, row
from tests.handlers.test_stepping import with_neighbours

OFFICER, WORKER, LEADER = "lin_zhiyuan", "fang_xiaoman", "zhong_yihang"
AUXILIARY, MEDIATOR, RESIDENT = "tang_shuo", "shen_boyu", "wang_ayi"


@row("1.2", 2)
def kit_is_in_the_pocket(life: Life) -> None:
    assert "反诈" in life.tells(WORKER, "资料")
    assert "96110" in life.tells(WORKER, "资料 反诈")
    assert "example.org" in life.tells(WORKER, "资料 问卷")
    assert "户口本" in life.tells(WORKER, "资料 办证")


@row("1.2", 4)
def three_things_are_checked_and_no_register_is_kept(life: Life) -> None:
    life.tells(WORKER, "走访 三必核 桂花苑")
    assert "户籍信息" in life.tells(WORKER, "1 3")
    life.tells(WORKER, "走访完")
    assert "三必核" in life.tells(OFFICER, "走访进度")


@row("1.2", 3, 5)
def what_a_visit_finds_opens_a_ticket(life: Life) -> None:
    life.tells(WORKER, "走访 四必访 桂花苑")
    ticket = life.opens(WORKER, "1 楼上楼下为漏水吵架")
    life.tells(WORKER, "走访完")
    assert ticket.carrier == WORKER
    assert "1/40户，发现1件" in life.tells(OFFICER, "走访进度")


@row("1.2", 6)
def five_topics_are_ticked_by_household(life: Life) -> None:
    for words in ("走访 五必宣", "1 3", "2", "走访完"):
        life.tells(WORKER, words)
    told = life.tells(OFFICER, "走访进度")
    assert "防火防盗1" in told
    assert "反电诈1" in told


@row("1.2", 7, 8)
def forces_of_the_place_are_called_to_one_table(life: Life) -> None:
    number = life.hall.tickets()[0].serial
    life.tells(OFFICER, f"签收 {number}")
    life.tells(OFFICER, f"召集 {number} 今天11点 活动室 方小满 沈伯渔 唐朔 商量漏水")
    for user in (WORKER, MEDIATOR, AUXILIARY):
        life.hall.presses(user, life.card(user, "召集"), "能来")
    assert f"纪要 {number}" in texts_to(life.hall.later(60 * 4), OFFICER)
    life.tells(OFFICER, f"纪要 {number} 楼上周五前修好地漏")
    found = life.hall.looks(lambda db: meetings.of_ticket(db, 1))[0]
    assert found.minutes == "楼上周五前修好地漏"


@row("1.2", 9)
def papers_come_to_the_door_on_the_day_agreed(life: Life) -> None:
    life.tells(RESIDENT, "上门办证")
    life.tells(RESIDENT, "1")
    asked = life.opens(RESIDENT, "桂花苑3号楼，周五都在")
    told = texts_to(life.says(asked.owner, f"约好 {asked.serial} 3月6日 9:30"), RESIDENT)
    assert "3月6日09:30" in told
    assert asked.serial in texts_to(life.hall.later(60 * 24 + 5), RESIDENT)


@row("1.2", 10)
def agreement_is_visited_after_a_week(life: Life) -> None:
    quarrel = life.opens("chen_shu", "桂花苑7号楼对门为楼道鞋柜天天跟我吵架")
    number = quarrel.serial
    life.tells(OFFICER, f"签收 {number}")
    life.tells(OFFICER, f"调解 {number}")
    life.tells("chen_shu", f"愿意调解 {number}")
    life.tells(MEDIATOR, f"同意调解 {number} 乙方")
    life.tells(MEDIATOR, f"调解结果 {number} 成功 鞋柜搬回家")
    visit = life.hall.later(60 * 24 * 8)
    assert "调解回访" in texts_to(visit, MEDIATOR)
    assert "做到了吗" in texts_to(visit, "chen_shu")


@row("1.2", 11)
def opinion_is_counted_and_has_no_clock(life: Life) -> None:
    before = len(life.hall.tickets())
    assert "谢谢您的建议" in life.tells(RESIDENT, "建议小广场晚上早点开灯，再装两把长椅")
    assert "1条" in life.tells(LEADER, "民意")
    assert len(life.hall.tickets()) == before


@row("1.2", 12)
def children_who_stay_behind_have_their_day(life: Life) -> None:
    life.hall.now = life.hall.now.replace(month=4, day=7, hour=0, minute=0)
    assert "留守儿童关爱" in texts_to(life.hall.hour(rounds.JOB), "ruan_qiuyue")
    life.hall.now += timedelta(hours=2)
    child = life.opens("ruan_qiuyue", "关爱发现 石桥村12号 冬天没有厚被子")
    assert child.protected
    assert "厚被子" not in life.tells("ruan_qiuyue", f"查 {child.serial}")


@row("1.2", 1)
def nearest_steps_in_when_the_owner_is_silent(life: Life) -> None:
    life.hall.base = with_neighbours(life.hall.base)
    noise = life.opens(RESIDENT, "5号楼楼下天天有人跳广场舞，音响很大", "wrGUIHUA01")
    life.hall.later(33)
    assert life.now_of(noise).owner == AUXILIARY
