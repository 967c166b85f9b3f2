"""五联, 五个在网格中, 劝阻饮酒, 无诈骗, 星级: sums with their base, told in private, no persons."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import months
from bot.domain.clocks import ZONE
from config.joint_rules import Stars
from tests.handlers.block import texts_to
from tests.handlers.office import GROUP, Office

WORKER, OFFICER, LEADER, ROOM = "fang_xiaoman", "lin_zhiyuan", "zhong_yihang", "qiu_ruolan"
REPORTS = ("五联统计", "五个在网格中", "无诈骗", "星级")


@pytest.mark.parametrize("command", REPORTS)
def test_reports_are_for_leaders(office: Office, command: str) -> None:
    said = texts_to(office.says(WORKER, command, chat=""), WORKER)

    assert "综合指挥室" in said
    assert "登记" not in said


def test_report_asked_for_in_a_group_is_told_in_private(office: Office) -> None:
    said = office.says(LEADER, "无诈骗", chat=GROUP)

    assert not [text for chat, text in said if chat == GROUP and "诈骗" in text]
    assert "桂花社区" in texts_to(said, LEADER)


def test_category_gives_the_tag_and_a_command_changes_it(office: Office) -> None:
    office.says(WORKER, "登记 桂花苑3号楼楼道堆了杂物", chat="")
    office.says(WORKER, "登记 桂花苑东门路灯不亮", chat="")
    serial = office.tickets()[1].serial

    assert "现在是服务联动" in texts_to(office.says(LEADER, f"五联 {serial}", chat=""), LEADER)
    office.says(LEADER, f"五联 {serial} 党建联建", chat="")

    assert "现在是党建联建" in texts_to(office.says(LEADER, f"五联 {serial}", chat=""), LEADER)
    said = texts_to(office.says(LEADER, "五联统计", chat=""), LEADER)
    assert "隐患联排 1件，办结0/1" in said
    assert "服务联动 0件" in said
    assert "党建联建 1件" in said


def test_tag_is_changed_by_who_works_it_alone(office: Office) -> None:
    office.says(OFFICER, "登记 桂花苑3号楼楼道堆了杂物", chat="")
    serial = office.tickets()[0].serial

    office.says(WORKER, f"五联 {serial} 党建联建", chat="")
    said = texts_to(office.says(LEADER, f"五联 {serial} 六联", chat=""), LEADER)

    assert "名称有" in said
    assert "现在是隐患联排" in texts_to(office.says(LEADER, f"五联 {serial}", chat=""), LEADER)


def test_month_stands_under_five_headings_without_a_figure_about_persons(office: Office) -> None:
    office.says("wang_ayi", "桂花苑3号楼两家邻居为楼道鞋柜吵架")
    office.says(WORKER, "检查 小餐饮 桂花苑1号楼老王面馆", chat="")
    office.says(WORKER, "2 灭火器过期两年", chat="")
    office.says(WORKER, "查完", chat="")
    office.says(WORKER, "走访 五必宣 桂花苑", chat="")
    office.says(WORKER, "都好", chat="")
    office.says(WORKER, "巡防报告 正常", chat="")

    said = texts_to(office.says(LEADER, "五个在网格中", chat=""), LEADER).splitlines()

    assert said[0] == "3月五个在网格中（仅统计本系统登记事项，不含110警情）："
    assert said[1] == "信息掌握在网格中：登记2件，其中网格员、巡防报来1件；走访1户次"
    assert said[2] == "人员管控在网格中：本系统不存人员名单，不统计"
    assert said[3] == "矛盾化解在网格中：纠纷1件，办结0/1"
    assert said[4] == "隐患消除在网格中：隐患1件，办结0/1；检查查出的改好0/1"
    assert said[5] == "平安筑牢在网格中：治安类0件，办结0/0；巡防报告1次"


def test_other_month_is_counted_by_itself(office: Office) -> None:
    office.says("wang_ayi", "桂花苑3号楼两家邻居为楼道鞋柜吵架")
    office.now += timedelta(days=30)

    assert "登记0件" in texts_to(office.says(LEADER, "五个在网格中", chat=""), LEADER)
    assert "登记1件" in texts_to(office.says(LEADER, "五个在网格中 3月", chat=""), LEADER)
    assert "登记1件" in texts_to(office.says(LEADER, "五个在网格中 上月", chat=""), LEADER)


def test_protected_matters_are_in_no_sum(office: Office) -> None:
    office.says("wang_ayi", "我老公打我，现在不打了", chat="")
    assert office.tickets()[0].protected

    assert "登记0件" in texts_to(office.says(LEADER, "五个在网格中", chat=""), LEADER)


def test_dissuaded_drinking_is_counted_without_anybody(office: Office) -> None:
    office.says(WORKER, "劝阻饮酒 桂花苑烧烤摊 几个人喝高了劝回家", chat="")
    said = texts_to(office.says(OFFICER, "劝阻饮酒 桂花苑烧烤摊 制止了砸酒瓶的", chat=""), OFFICER)

    assert "劝阻2次，其中制止过激1次" in said
    assert "桂花社区第一网格 劝阻2次，制止过激1次" in texts_to(
        office.says(LEADER, "劝阻饮酒", chat=""), LEADER
    )
    assert office.tickets() == []


def test_drinking_on_a_ticket_counts_once(office: Office) -> None:
    office.says(OFFICER, "登记 桂花苑3号楼半夜喝酒划拳太吵", chat="")
    serial = office.tickets()[0].serial

    office.says(OFFICER, f"劝阻饮酒 {serial}", chat="")
    said = texts_to(office.says(OFFICER, f"劝阻饮酒 {serial}", chat=""), OFFICER)

    assert "劝阻1次" in said


def test_danger_among_drinkers_rings(office: Office) -> None:
    office.says(WORKER, "劝阻饮酒 桂花苑烧烤摊 有人喝多了拿刀砍人", chat="")

    assert office.tickets()[0].danger != "none"


def test_days_without_fraud_have_their_base(office: Office) -> None:
    office.says("wang_ayi", "桂花苑3号楼楼道堆了杂物")
    office.now += timedelta(days=3)
    office.says("wang_ayi", "我被骗了两万块，刷单返利的")
    office.now += timedelta(days=2)
    office.says("wang_ayi", "桂花苑东门路灯不亮")

    said = texts_to(office.says(LEADER, "无诈骗", chat=""), LEADER)

    assert "桂花社区 连续2天（从3月7日数起，同期登记2件）" in said
    assert "石桥村 还没有登记过任何事，不算" in said
    assert "不含110警情" in said


def test_never_a_fraud_counts_from_the_first_matter(office: Office) -> None:
    office.says("wang_ayi", "桂花苑3号楼楼道堆了杂物")
    office.now += timedelta(days=9)

    said = texts_to(office.says(LEADER, "无诈骗", chat=""), LEADER)

    assert "桂花社区 连续9天（从3月4日数起，同期登记1件）" in said


def test_fraud_of_today_says_so_and_one_without_a_place_is_named(office: Office) -> None:
    office.says("wang_ayi", "我被骗了两万块，刷单返利的")
    office.says(ROOM, "登记 电话 我被骗了两万块，刷单返利的", chat="")
    office.says(ROOM, "登记 电话 我也被骗了三千，说是退款", chat="")

    said = texts_to(office.says(LEADER, "无诈骗", chat=""), LEADER)

    assert "桂花社区 今天刚登记到一起" in said
    assert "另有2件说不清在哪个社区" in said


def test_stars_are_off(office: Office) -> None:
    assert texts_to(office.says(LEADER, "星级", chat=""), LEADER) == "星级没有启用。"


def test_stars_come_from_outcome_with_a_base_and_without_rank(office: Office) -> None:
    shown = Stars(shown=True, least=10)
    joint = office.rules.joint.model_copy(update={"stars": shown})
    office.rules = dataclasses.replace(office.rules, joint=joint)
    office.says("wang_ayi", "桂花苑3号楼楼道堆了杂物")
    for _ in range(10):
        office.says("ruan_qiuyue", "已办 石桥村口树枝断了已经清走，已解决", chat="")

    said = texts_to(office.says(LEADER, "星级", chat=""), LEADER).splitlines()

    assert said[0].endswith("不排名）：")
    assert said[1] == "桂花社区 只有1件，数太小，不评"
    assert said[2].startswith("石桥村 ★☆☆（办结10/10（100%）")
    office.says(ROOM, "不计 0003 恶意重复", chat="")
    left = texts_to(office.says(LEADER, "星级", chat=""), LEADER)
    assert "石桥村 只有9件，数太小，不评" in left


@pytest.mark.parametrize(
    ("words", "name", "begins"),
    [
        ("", "3月", "2026-03-01"),
        ("上月", "2月", "2026-02-01"),
        ("2月", "2月", "2026-02-01"),
        ("11月", "2025年11月", "2025-11-01"),
        ("2025年3月", "2025年3月", "2025-03-01"),
        ("2027年1月", "2027年1月", "2027-01-01"),
    ],
)
def test_month_looks_back(words: str, name: str, begins: str) -> None:
    found = months.month_of(words, datetime(2026, 3, 4, 1, 30, tzinfo=UTC))

    assert found.name == name
    assert f"{found.since.astimezone(ZONE):%Y-%m-%d}" == begins
    assert found.until > found.since
