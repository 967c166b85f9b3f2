"""1.1: a quarrel said in the group, thefts, what comes again, and the loop to the effect check."""

from datetime import timedelta

from config.vocabulary import Stage
from storage import diversions, findings, journal, subtasks
from storage.tickets import Ticket
from tests.handlers.block import texts_to
from tests.handlers.office import GROUP
from tests.handlers.seeds.rows import Life, row

OFFICER, WORKER, LEADER, ROOM = "lin_zhiyuan", "fang_xiaoman", "zhong_yihang", "qiu_ruolan"
MEDIATOR, TOWN, ANALYST, LAMPS = "shen_boyu", "min_zhengyi", "yan_suyun", "wei_heping"
RESIDENT, MOTHER = "wang_ayi", "wmMOTHER"


@row("1.1", 12)
def new_group_of_residents_finds_its_grid_and_officer(life: Life) -> None:
    life.hall.sees()
    life.hall.claims()
    group = life.hall.group()
    assert (group.grid, group.officer) == ("g01", OFFICER)


@row("1.1", 13, 16)
def quarrel_said_in_the_group_ends_in_a_written_agreement(life: Life) -> None:
    heard = life.hall.overhears(RESIDENT, "3号楼2单元对门挂了面镜子正对我家,快打起来了")
    assert not [words for chat, words in heard if chat == GROUP], "a human says it, not the robot"
    (ticket,) = life.hall.tickets()
    number = ticket.serial
    assert life.card(OFFICER, "")
    assert life.hall.waiting()
    life.tells(OFFICER, f"签收 {number}")
    life.tells(OFFICER, f"到场 {number}")
    life.tells(OFFICER, f"调解 {number}")
    life.tells(RESIDENT, f"愿意调解 {number}")
    life.tells(TOWN, f"同意调解 {number} 乙方")
    life.tells(TOWN, f"调解结果 {number} 成功 镜子移到侧墙")
    assert "〔2026〕0001号" in life.tells(TOWN, f"写协议 {number} 协议书")
    life.tells(OFFICER, f"处置 {number} 调解成功，镜子移到侧墙")


@row("1.1", 1, 10)
def officer_works_from_the_phone_from_signing_to_the_effect(life: Life) -> None:
    lamp = life.opens(RESIDENT, "东门的路灯坏了", GROUP)
    life.hall.presses(LAMPS, life.card(LAMPS, "市政"), "签收")
    assert lamp.serial in life.tells(LAMPS, "我的任务")
    life.tells(LAMPS, f"到场 {lamp.serial}")
    life.tells(LAMPS, f"处置 {lamp.serial} 换了灯泡和整流器，已亮")
    life.tells(LAMPS, f"反馈 {lamp.serial}")
    life.tells(RESIDENT, "5")
    assert life.now_of(lamp).stage is Stage.CLOSED
    life.hall.now += timedelta(days=8)
    life.hall.hour("repeats")
    story = life.hall.looks(lambda db: journal.of_ticket(db, lamp.id))
    acts = [entry.act for entry in story]
    order = ["accept", "verify", "resolve", "feedback", "evaluate"]
    assert [act for act in acts if act in order] == order
    assert any(entry.reason.startswith("问效7天") for entry in story)


@row("1.1", 9)
def every_diversion_remembers_list_and_row(life: Life) -> None:
    lamp = life.hall.tickets()[1]
    (one,) = life.hall.looks(lambda db: diversions.of_ticket(db, lamp.id))
    assert (one.row_id, one.list_version) == ("n03", "2026-03")
    assert "n03" in life.tells(LEADER, "清单优化") or "市政" in life.tells(LEADER, "清单优化")


@row("1.1", 2)
def social_worker_is_called_into_a_marriage(life: Life) -> None:
    life.opens(MOTHER, "桂花苑9号楼婆媳天天闹离婚，想请人来劝劝")
    assert life.card("tang_shuo", "婚姻")


@row("1.1", 4)
def stolen_bike_leaves_a_lesson_for_the_same_group(life: Life) -> None:
    theft = life.opens("chen_shu", "桂花苑4号楼门口我的电动车昨晚被偷了")
    life.tells(OFFICER, f"签收 {theft.serial}")
    life.tells(OFFICER, f"处置 {theft.serial} 已解决，车子找回来了，还给失主了")
    life.hall.later(2)
    life.tells("chen_shu", "5")
    assert "防范提醒" in life.tells(OFFICER, f"复盘 {theft.serial} 没上锁；进棚上锁，钥匙随手拔")
    assert "钥匙随手拔" in "".join(one.text for one in life.hall.waiting())


@row("1.1", 8)
def paper_of_a_quarrel_goes_to_officer_and_worker_at_once(life: Life) -> None:
    quarrel = life.opens(RESIDENT, "桂花苑6号楼楼下为漏水吵架，好几天了，麻烦来调解")
    life.tells(OFFICER, f"签收 {quarrel.serial}")
    life.tells(OFFICER, f"到场 {quarrel.serial}")
    life.tells(OFFICER, f"子任务 {quarrel.serial} 方小满、沈伯渔 2小时 上门看看漏在哪里")
    assert "方小满" in life.tells(OFFICER, f"处置 {quarrel.serial} 双方和解，楼上答应修")
    life.tells(WORKER, f"完成 {quarrel.serial} 是楼上地漏")
    life.tells(MEDIATOR, f"完成 {quarrel.serial} 两家说通了")
    assert life.hall.looks(lambda db: subtasks.running(db, quarrel.id)) == []


@row("1.1", 3, 7)
def noise_of_one_place_and_of_one_kind_become_focus_tickets(life: Life) -> None:
    for count, user in enumerate((RESIDENT, "chen_shu", "wmNOISE3")):
        life.hall.now += timedelta(days=count and 3)
        heard = life.hall.overhears(user, "8号楼楼上半夜又蹦又跳，吵得睡不着")
    assert "一地多起（黄）" in texts_to(heard, OFFICER)
    for _ in range(3):
        life.hall.now += timedelta(days=6)
        heard = life.hall.overhears("wmALONE", "11号楼楼上半夜又蹦又跳，吵得睡不着")
    assert "一人多次" in texts_to(heard, OFFICER)
    life.hall.now = (life.hall.now + timedelta(days=36)).replace(hour=2)
    for building in (13, 14, 15, 16, 17, 18):
        life.hall.now += timedelta(hours=24)
        heard = life.hall.overhears(f"wm{building}", f"{building}号楼楼上太吵，睡不着")
    kinds = [life.hall.looks(lambda db, t=one: findings.of_ticket(db, t.id)) for one in focus(life)]
    assert {one.kind for one in kinds} == {"repeat_place", "repeat_person", "repeat_kind"}


def focus(life: Life) -> list[Ticket]:
    return [one for one in life.hall.tickets() if one.origin == "focus"]


@row("1.1", 6)
def analyst_hears_in_the_morning_what_the_night_found(life: Life) -> None:
    for _ in range(3):
        life.hall.now += timedelta(days=2)
        life.opens(f"wmN{life.hall.now.day}", "桂花苑5号楼2单元楼上天天半夜吵得睡不着")
    life.hall.now += timedelta(hours=22)
    assert "5号楼" in texts_to(life.hall.hour("repeats"), ANALYST)


@row("1.1", 11)
def mother_of_a_runaway_asks_again_and_only_police_know(life: Life) -> None:
    first = life.opens(MOTHER, "桂花苑12号楼我家孩子14岁离家出走了，说不想活了")
    life.tells(OFFICER, f"签收 {first.serial}")
    life.hall.now += timedelta(days=20)
    said = life.says(MOTHER, "桂花苑12号楼孩子又离家出走了，发消息说想跳楼")
    second = life.hall.tickets()[-1]
    assert first.protected
    assert second.protected
    assert second.danger != "none"
    assert "第2次求助" in texts_to(said, second.owner)
    assert "求助" not in texts_to(said, WORKER)


@row("1.1", 15)
def figures_stand_with_their_base(life: Life) -> None:
    told = life.tells(ROOM, "来源")
    for words in ("不含110警情", "办结", "满意"):
        assert words in told


@row("1.1", 5)
def morning_report_says_what_the_night_left(life: Life) -> None:
    told = life.tells(LEADER, "早会日报")
    assert told.startswith("早会日报")
    assert "值班领导" in told


@row("1.1", 14)
def calendar_has_a_line_for_the_season(life: Life) -> None:
    told = life.tells(OFFICER, "宣传")
    assert "防盗" in told
