"""1.0: a week of station, village and grid: inspections, stays, four steps, four forces."""

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from bot.domain.mediation import Result
from commands import org
from commands.org_columns import PEOPLE
from config.load import load_rules
from config.vocabulary import Role, Stage
from storage import mediations, subtasks
from tests.handlers.block import texts_to
from tests.handlers.office import GROUP
from tests.handlers.seeds.rows import Life, row

OFFICER, WORKER, LEADER, ROOM = "lin_zhiyuan", "fang_xiaoman", "zhong_yihang", "qiu_ruolan"
FIRE, MEDIATOR, TOWN = "guan_tieying", "shen_boyu", "min_zhengyi"
FAR_WORKER, FAR_LEADER, FAR_OFFICER = "ruan_qiuyue", "ding_changhe", "he_yunfei"
RESIDENT = "wang_ayi"
SITE = Path(__file__).parents[3] / "config" / "site"


@row("1.0", 2)
def places_are_inspected_and_faults_put_right(life: Life) -> None:
    life.tells(WORKER, "检查 小餐饮 桂花苑1号楼老王面馆")
    fault = life.opens(WORKER, "2 灭火器过期两年")
    assert "发现1件" in life.tells(WORKER, "查完")
    assert "〔2026〕1号" in life.tells(OFFICER, f"通知书 {fault.serial}")
    life.tells(FIRE, f"签收 {fault.serial}")
    life.tells(FIRE, f"处置 {fault.serial} 已解决，店主换了新灭火器")
    life.hall.later(3)
    life.tells(OFFICER, f"复核 {fault.serial} 合格")
    assert life.now_of(fault).stage is Stage.CLOSED
    assert "1/1" in life.tells(OFFICER, "整改率")


@row("1.0", 6)
def rented_house_goes_by_the_same_list(life: Life) -> None:
    life.tells(WORKER, "检查 出租屋 桂花苑2号楼")
    fault = life.opens(WORKER, "4 楼道里在给电动车充电")
    life.tells(WORKER, "查完")
    assert (fault.category, fault.origin) == ("N06", "inspection")


@row("1.0", 3, 13)
def quarrels_are_counted_by_where_they_came_from(life: Life) -> None:
    walked = life.opens(ROOM, "登记 巡逻 桂花苑5号楼两家为鞋柜吵架")
    slip = life.opens(ROOM, "登记 警单 21:30 桂花苑6号楼楼上太吵")
    assert (walked.origin, slip.origin) == ("lead", "slip")
    told = life.tells(ROOM, "来源")
    assert "登记1件" in told
    assert "不含110警情" in told


@row("1.0", 4)
def drinkers_are_talked_home_and_only_counted(life: Life) -> None:
    before = len(life.hall.tickets())
    life.tells(WORKER, "劝阻饮酒 桂花苑烧烤摊 制止了砸酒瓶的")
    assert "劝阻1次，制止过激1次" in life.tells(LEADER, "劝阻饮酒")
    assert len(life.hall.tickets()) == before


@row("1.0", 8)
def auxiliary_of_the_village_has_his_days(life: Life) -> None:
    rules = life.hall.base
    days = [datetime(2026, 3, day, 3, tzinfo=UTC) for day in (4, 6)]  # Wednesday, Friday
    first = [rules.duty(Role.AUXILIARY, day, "g03", ())[0].id for day in days]
    assert first == ["xiao_beichen", "tang_shuo"]


@row("1.0", 9)
def assistant_of_the_village_gets_its_thefts(life: Life) -> None:
    life.opens("wmVILLAGE1", "石桥村村口的车棚电动车昨晚被偷了")
    assert life.card("ke_xiaozhou", "盗窃")


@row("1.0", 11)
def residents_ask_where_the_post_is(life: Life) -> None:
    told = life.tells("wmVILLAGE2", "警务室几点开门")
    assert "桂花路8号" in told
    assert "石桥村文化广场" in told


@row("1.0", 12)
def tenant_is_registered_with_her_consent_for_the_police_alone(life: Life) -> None:
    assert "同意回1" in life.tells("chen_shu", "租客登记")
    for words in ("1", "刘小溪", "13900001111", "桂花苑3号楼2单元501", "2", "3月1日"):
        life.tells("chen_shu", words)
    ticket = life.hall.tickets()[-1]
    assert ticket.protected
    assert "刘小溪" not in life.tells(WORKER, f"登记内容 {ticket.serial}")
    assert "刘小溪" in life.tells(OFFICER, f"登记内容 {ticket.serial}")


@row("1.0", 16)
def team_of_the_grid_is_called_together(life: Life) -> None:
    quarrel = life.opens(RESIDENT, "桂花苑7号楼楼下有人吵架，好几天了，麻烦来调解")
    life.tells(OFFICER, f"签收 {quarrel.serial}")
    told = life.tells(OFFICER, f"召集 {quarrel.serial} 明天15点")
    for name in ("唐朔", "方小满", "高明芳"):
        assert name in told


@row("1.0", 17)
def five_tags_stand_on_tickets(life: Life) -> None:
    clutter = life.opens(WORKER, "登记 桂花苑9号楼楼道堆了杂物")
    assert "隐患联排" in life.tells(LEADER, f"五联 {clutter.serial}")
    life.tells(LEADER, f"五联 {clutter.serial} 党建联建")
    assert "党建联建 1件" in life.tells(LEADER, "五联统计")


@row("1.0", 18)
def word_about_drugs_goes_past_the_grid(life: Life) -> None:
    tip = life.opens("wmTIP", "举报桂花苑8号楼有人聚在一起吸毒")
    assert tip.protected
    assert tip.owner == "cheng_muyan"
    assert "吸毒" not in life.tells(WORKER, f"查 {tip.serial}")


@row("1.0", 19)
def papers_are_asked_for_and_the_counter_comes_round(life: Life) -> None:
    assert "居住证" in life.tells(WORKER, "问答 居住证")
    assert "3月13日" in dict(life.says(RESIDENT, "移动户籍室什么时候来", GROUP))[GROUP]
    life.hall.sees()
    life.hall.claims()
    assert life.hall.drafts("notice")[0].text.startswith("群里留言不等于报警")


@row("1.0", 20)
def four_steps_from_the_worker_to_those_who_solve_it(life: Life) -> None:
    ticket = life.opens(FAR_WORKER, "登记 石桥村12号门口天天有人跳广场舞，音响很大")
    assert (ticket.stage, ticket.owner) == (Stage.DRAFT, FAR_LEADER)
    life.tells(FAR_LEADER, f"补充 {ticket.serial} 两家都说过了")
    life.tells(FAR_LEADER, f"报民警 {ticket.serial} 建议上门")
    assert life.now_of(ticket).owner == FAR_OFFICER
    life.tells(FAR_OFFICER, f"研判 {ticket.serial} 一般 阮秋月、余晚晴 1天 上门调解")
    parts = life.hall.looks(lambda db: subtasks.running(db, ticket.id))
    assert [part.user for part in parts] == [FAR_WORKER, "yu_wanqing"]


@row("1.0", 21)
def log_of_the_day_writes_itself(life: Life) -> None:
    assert "检查“小餐饮”1处" in life.tells(WORKER, "日志")
    assert "记下了" in life.tells(WORKER, "日志 更正 下午陪陈叔去了医院")


@row("1.0", 24)
def quarrel_climbs_through_the_forces(life: Life) -> None:
    ticket = life.opens(RESIDENT, "桂花苑3号楼2单元对门挂了面八卦镜正对我家，天天为这事吵架")
    number = ticket.serial
    life.tells(OFFICER, f"签收 {number}")
    life.tells(OFFICER, f"调解 {number}")
    life.tells(RESIDENT, f"愿意调解 {number}")
    life.tells(MEDIATOR, f"同意调解 {number} 乙方")
    life.tells(MEDIATOR, f"调解记录 {number} 乙方要赔两百")
    life.tells(MEDIATOR, f"调解结果 {number} 失败")
    assert "前面谈过1次" in texts_to(life.says(MEDIATOR, f"升级调解 {number} 谈不拢"), TOWN)
    assert "要赔两百" in life.tells(TOWN, f"看调解 {number}")
    life.tells(RESIDENT, f"愿意调解 {number}")
    life.tells(TOWN, f"同意调解 {number} 乙方")
    life.tells(TOWN, f"调解结果 {number} 成功 镜子移到侧墙")
    found = life.hall.looks(lambda db: mediations.of_ticket(db, ticket.id))
    assert [(one.force, one.result) for one in found][-1] == ("town", Result.SUCCEEDED)


@row("1.0", 15, 25)
def month_stands_under_five_headings_by_grid(life: Life) -> None:
    told = life.tells(LEADER, "五个在网格中")
    for heading in ("信息掌握", "人员管控", "矛盾化解", "隐患消除", "平安筑牢"):
        assert f"{heading}在网格中" in told
    assert "不存人员名单" in told


@row("1.0", 7, 23)
def people_of_six_floors_come_from_one_workbook(life: Life) -> None:
    tiers = {
        "民警": 1,
        "辅警": 4,
        "网格长": 10,
        "专职网格员": 25,
        "辅助网格员": 89,
        "微网格员": 162,
    }
    with TemporaryDirectory() as folder:
        site, book = Path(folder) / "site", Path(folder) / "org.xlsx"
        shutil.copytree(SITE, site)
        assert org.main(["export", str(book), "--site", str(site)]) == 0
        sheets = load_workbook(book)
        for floor, (role, count) in enumerate(tiers.items()):
            for n in range(count):
                sheets[PEOPLE].append([f"k{floor}_{n}", f"考{floor}号{n}", role, "考村", "g03"])
        sheets.save(book)
        assert org.main(["import", str(book), "--site", str(site), "--write"]) == 0
        there = Counter(p.role for p in load_rules(site).people if "考" in p.name)
    assert there[Role.MICRO_WORKER] == 162
    assert sum(there.values()) == sum(tiers.values())


@row("1.0", 14)
def week_stands_beside_the_week_before(life: Life) -> None:
    life.hall.now += timedelta(days=14)
    told = life.tells(LEADER, "周研判")
    assert "登记0件（上周9件，少9件）" in told


@row("1.0", 22)
def register_of_findings_is_asked_for(life: Life) -> None:
    told = life.tells(LEADER, "研判登记簿")
    assert told.startswith("研判登记簿")


@row("1.0", 5)
def line_against_fraud_is_approved_said_and_counted(life: Life) -> None:
    life.hall.now = datetime(
        2026, 3, 23, 10, 0, tzinfo=UTC
    )  # the evening before the fourth Tuesday
    life.hall.hour("publicity_evening")
    assert "发" in life.tells(OFFICER, "宣传 同意")
    life.hall.later(17 * 60)
    life.hall.now += timedelta(days=7)
    told = life.tells(LEADER, "周研判")
    assert "宣传" in told
