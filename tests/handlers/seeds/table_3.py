"""1.3: records, kind words, patrols, the two loops, and what a worker does with one hand."""

import dataclasses
from datetime import date, timedelta
from typing import Any

from bot.events import Heard, Joined, Media
from config.people_rules import Roster
from config.vocabulary import Role, Stage
from storage import journal
from tests.handlers.block import texts_to
from tests.handlers.office import GROUP
from tests.handlers.seeds.rows import Life, row

OFFICER, WORKER, LEADER, ROOM = "lin_zhiyuan", "fang_xiaoman", "zhong_yihang", "qiu_ruolan"
KEEPER, STREET, SPONSOR, LAMPS = "nie_shouye", "pan_zhenguo", "gu_changting", "wei_heping"
RESIDENT, NEIGHBOUR = "wang_ayi", "chen_shu"
OTHER = "lu_jianing"
KF = "kf:wkA:wmZHOU"


def roster_with(life: Life, **parts: Any) -> None:
    """The rules of the station, its roster changed."""
    plain = life.hall.base.roster.model_dump(by_alias=True) | parts
    roster = Roster.model_validate(plain)
    life.hall.base = dataclasses.replace(life.hall.base, roster=roster)


def person_with(life: Life, user: str, **parts: Any) -> None:
    people = life.hall.base.roster.model_dump(by_alias=True)["people"]
    changed = [one | parts if one["id"] == user else one for one in people]
    roster_with(life, people=changed)


@row("1.3", 10)
def lamp_is_for_the_town_and_everybody_hears_the_end(life: Life) -> None:
    lamp = life.opens(RESIDENT, "东门的路灯坏了", GROUP)
    life.says(NEIGHBOUR, "东门路灯又灭了，黑得很", GROUP)
    assert len(life.hall.tickets()) == 1
    assert lamp.department == "city_management"
    life.tells(LAMPS, f"签收 {lamp.serial}")
    life.tells(LAMPS, f"处置 {lamp.serial} 换了灯泡和整流器，已亮")
    said = life.says(LAMPS, f"反馈 {lamp.serial}")
    for user in (RESIDENT, NEIGHBOUR):
        assert "有结果了" in texts_to(said, user)
    life.tells(RESIDENT, "5")


@row("1.3", 4, 7)
def record_of_a_theft_is_kept_and_nothing_closes_by_itself(life: Life) -> None:
    theft = life.opens(RESIDENT, "桂花苑3号楼门口我的电动车昨晚被偷了")
    number = theft.serial
    assert "还没写1件" in life.tells(LEADER, "录入情况")
    life.tells(OFFICER, f"已录入 {number} AJ202603040017")
    assert "已录入1件" in life.tells("jia_shuwen", "录入情况")
    life.tells(OFFICER, f"签收 {number}")
    life.tells(OFFICER, f"处置 {number}")
    assert life.now_of(theft).stage is not Stage.RESOLVED
    life.tells(OFFICER, f"处置 {number} 已解决，车子找回来了，还给失主了")
    life.hall.later(2)
    life.tells(RESIDENT, "5")


@row("1.3", 17)
def pennant_belongs_to_the_ticket(life: Life) -> None:
    said = life.says(RESIDENT, "感谢民警帮我找回车，要送锦旗")
    assert "夸您" in texts_to(said, OFFICER)
    assert "锦旗" in texts_to(said, LEADER)
    assert "林知远" in life.tells(LEADER, "表扬")


@row("1.3", 3)
def lost_purse_meets_the_found_one(life: Life) -> None:
    lost = life.opens(RESIDENT, "我在桂花苑东门掉了一个黑色钱包，里面有卡")
    found = life.opens(NEIGHBOUR, "我捡到一个钱包，在桂花苑快递柜")
    said = life.says(OFFICER, f"对上 {found.serial} {lost.serial}")
    assert "认一认" in texts_to(said, RESIDENT)
    assert "交到" in texts_to(said, NEIGHBOUR)


@row("1.3", 8, 18)
def keeper_of_a_stair_reports_and_sees_only_his_own(life: Life) -> None:
    light = life.opens(KEEPER, "3号楼楼道灯坏了")
    assert (light.grid, light.voices[0].user) == ("g01", KEEPER)
    assert "电动车" not in life.tells(KEEPER, "查 0002")


@row("1.3", 12)
def patrol_walks_its_evening(life: Life) -> None:
    assert "桂花夜间巡防" in life.tells(WORKER, "今天")
    said = life.tells(WORKER, "巡防报告\n1、桂花苑3号楼楼道堆了杂物\n2、桂花苑北门垃圾没人清")
    assert "发现2件" in said
    assert "报告1次，发现2件" in life.tells(LEADER, "巡防")


@row("1.3", 11)
def campaign_counts_its_own(life: Life) -> None:
    assert "隐患1，" in life.tells(LEADER, "先锋队")


@row("1.3", 9, 15)
def days_without_fraud_are_counted_and_stars_are_off(life: Life) -> None:
    assert "桂花社区 连续" in life.tells(LEADER, "无诈骗")
    assert life.tells(LEADER, "星级") == "星级没有启用。"


@row("1.3", 16)
def search_scan_picture_and_voice_are_one_hand(life: Life) -> None:
    assert "桂花苑3号楼" in life.tells(OFFICER, "查 桂花苑3号楼")
    door: Any = {"at": life.hall.now, "chat": KF, "by": "wmZHOU", "door": "kf"}
    life.hall.handle(Joined(key="kf:1", scene="g01.桂花苑.5", greet=False, **door))
    life.hall.handle(Heard(key="kf:2", text="楼下路灯坏了三天了，没有人来修", **door))
    scanned = life.hall.tickets()[-1]
    assert scanned.place["building"] == "5"
    life.tells(scanned.owner, f"签收 {scanned.serial}")
    life.tells(scanned.owner, f"拍 {scanned.serial}")
    life.says(scanned.owner, "", media=(Media(kind="image", url="https://example.org/a"),))
    story = life.hall.looks(lambda db: journal.of_ticket(db, scanned.id))
    assert any("图片" in entry.reason for entry in story)
    assert "请补一句" in life.tells(OTHER, "", media=(Media(kind="voice", media_id="v1"),))
    assert "登记" in life.tells(OTHER, "槐安里2号楼楼道堆了杂物")


@row("1.3", 14)
def quarrel_goes_into_the_big_loop_and_back(life: Life) -> None:
    quarrel = life.opens(RESIDENT, "桂花苑13号楼两家邻居为楼道鞋柜吵架", GROUP)
    number = quarrel.serial
    life.tells(OFFICER, f"签收 {number}")
    life.tells(LEADER, f"大闭环 {number} 要街道一起定楼道规矩")
    assert number in life.tells(STREET, "大闭环清单")
    assert number in life.tells(OFFICER, "大闭环清单")


@row("1.3", 1, 6)
def grid_leader_with_two_hats_sees_both_queues_until_his_term_ends(life: Life) -> None:
    number = life.hall.tickets()[-1].serial
    assert number not in life.tells("ding_changhe", "大闭环清单")
    hat = {"role": "department", "unit": "溪河街道综治中心", "department": "street"}
    person_with(life, "ding_changhe", also=[hat | {"until": date(2026, 3, 5)}])
    assert number in life.tells("ding_changhe", "大闭环清单")
    life.hall.now += timedelta(days=2)
    assert number not in life.tells("ding_changhe", "大闭环清单")
    life.tells(STREET, f"回小闭环 {number} 定了楼道公约，两家都签了")
    assert life.now_of(life.hall.tickets()[-1]).owner == OFFICER


@row("1.3", 13)
def grid_without_an_officer_is_told_before_it_is(life: Life) -> None:
    for grid in life.hall.base.grids.grids:
        assert life.hall.base.duty(Role.OFFICER, life.hall.now, grid.id, ())
    leave = {"id": "he_yunfei", "from": "2026-03-09", "to": "2026-03-10"}
    roster_with(life, leave=[leave])
    assert "石桥村网格从 2026-03-09 起" in texts_to(life.hall.hour("coverage"), ROOM)


@row("1.3", 19)
def sponsor_of_the_station_hears_what_nobody_answered(life: Life) -> None:
    said = life.hall.later(60 * 24 * 14)
    assert "您包联的这里" in texts_to(said, SPONSOR)


@row("1.3", 2)
def year_stands_beside_the_year_before(life: Life) -> None:
    told = life.tells(LEADER, "年报 2026年")
    assert told.startswith("年报 2026年")
    assert "3月：登记10" in told
