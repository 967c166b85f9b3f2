"""早会日报, 晚报, 周研判, 月通报: to whom, what stands in them, and what must not."""

from datetime import datetime

import pytest

from bot.domain import sheets
from bot.domain.sheets import Report, Table
from config.vocabulary import Stage
from tests.handlers import small_station as small
from tests.handlers.block import Block, texts_to
from tests.handlers.small_station import ZONE

OFFICER, LEADER, ROOM = "lin_zhiyuan", "zhong_yihang", "qiu_ruolan"
ANALYST, WORKER, ABOVE = "yan_suyun", "fang_xiaoman", "gu_changting"
AUDITOR = "jia_shuwen"
TEAM = "wrGEZIBAN1"


def say(block: Block, user: str, words: str, chat: str = "") -> str:
    return texts_to(block.says(user, words, chat=chat), user)


def group(said: list[tuple[str, str]]) -> str:
    return "\n".join(words for chat, words in said if chat.endswith(TEAM))


@pytest.fixture
def week(block: Block) -> Block:
    """The small station on Monday morning; who owned what has a name."""
    block.looks(small.fill)
    block.now = datetime(2026, 3, 9, 7, 45, tzinfo=ZONE)
    return block


@pytest.fixture
def evening(block: Block) -> Block:
    """One quarrel that is urgent, one protected matter, both told today and signed."""
    block.overhears("wmRESIDENT01", "3号楼两家人为停车位打起来了，有人动手")
    block.overhears("wmRESIDENT02", "隔壁男的天天打老婆，孩子也跟着挨打")
    for one in block.tickets():
        block.says(OFFICER, f"签收 {one.serial}", chat="")
    return block


def test_morning_group_hears_numbers_and_neither_names_nor_protected_matters(
    evening: Block,
) -> None:
    numbers = {one.protected: one.number for one in evening.tickets()}
    evening.now = datetime(2026, 3, 5, 7, 45, tzinfo=ZONE)

    said = evening.hour("digest_day")

    words = group(said)
    assert words.startswith("早会日报 3月4日\n登记1件，办结0件（再往前本系统还没有数，不比）")
    assert numbers[False] in words
    assert numbers[True] not in words
    assert "受保护、涉毒线索或投诉" not in words
    line = next(one for one in words.splitlines() if numbers[False] in one)
    assert line.endswith("已签收 桂花社区警务室"), "a unit, and no handler's name"
    assert "到哪一步" not in words, "a list has no heads in a chat"
    assert "不含110警情" in words


def test_leader_hears_by_name_what_he_may_see(evening: Block) -> None:
    evening.now = datetime(2026, 3, 5, 7, 45, tzinfo=ZONE)

    words = texts_to(evening.hour("digest_day"), LEADER)

    assert "另有1件受保护" in words
    assert all(one.number in words for one in evening.tickets())
    listed = words.split("【按类别】")[0]
    assert "林知远" in listed


def test_figures_of_both_editions_are_the_same(week: Block) -> None:
    said = week.hour("digest_day")

    public, named = group(said), texts_to(said, LEADER)
    assert public.splitlines()[:3] == named.splitlines()[:3]
    assert public.split("【几个数】")[1] == named.split("【几个数】")[1]
    assert "登记0件（前一天1件，少1件），办结2件（前一天1件，多1件）。" in public


def test_station_without_anything_hears_nothing(block: Block) -> None:
    assert block.hour("digest_day") == []
    assert block.hour("digest_evening") == []
    assert block.hour("digest_week") == []


def test_evening_tells_each_his_own_and_nobody_else(evening: Block) -> None:
    evening.now = datetime(2026, 3, 4, 20, 30, tzinfo=ZONE)

    said = evening.hour("digest_evening")

    assert "您手上还有2件没办完" in texts_to(said, OFFICER)
    assert {chat.split(":")[1] for chat, _ in said} == {OFFICER}
    assert "您手上还有2件" in say(evening, OFFICER, "晚报")


def test_nobody_hears_in_the_evening_of_what_waits_for_others_or_on_a_free_day(
    evening: Block,
) -> None:
    evening.now = datetime(2026, 3, 7, 20, 30, tzinfo=ZONE)  # a Saturday
    assert evening.hour("digest_evening") == []

    evening.now = datetime(2026, 3, 4, 20, 20, tzinfo=ZONE)
    for one in evening.tickets():
        say(evening, OFFICER, f"问 {one.serial} 是哪一天的事？")
    assert {one.stage for one in evening.tickets()} == {Stage.WAITING}
    evening.now = datetime(2026, 3, 4, 20, 30, tzinfo=ZONE)
    assert evening.hour("digest_evening") == []


def test_week_has_trend_hours_places_and_goes_to_leader_and_analyst(week: Block) -> None:
    said = week.hour("digest_week")

    words = texts_to(said, LEADER)
    assert "周研判 3月2日至3月8日" in words
    assert "登记12件（上周1件，多11件），办结6件（上周0件，多6件）。" in words
    assert "去年同期" not in words, "this system was not there yet"
    assert "签收及时率 7/10（70.0%）" in words
    assert "到场" in words.split("【办理用时】")[1]
    assert texts_to(said, ANALYST)
    assert {chat.split(":")[1] for chat, _ in said} == {LEADER, ANALYST}


def test_month_comes_on_the_first_working_day_and_only_then(week: Block) -> None:
    week.now = datetime(2026, 4, 1, 8, 50, tzinfo=ZONE)
    said = week.hour("digest_month")

    words = texts_to(said, LEADER)
    assert words.startswith("月通报 2026年3月")
    assert "桂花社区警务室：登记13" in words
    assert texts_to(said, ABOVE)
    assert "林知远" not in words
    week.now = datetime(2026, 4, 2, 8, 50, tzinfo=ZONE)
    assert week.hour("digest_month") == []


def test_month_that_begins_on_a_free_day_waits_for_the_first_working_day(week: Block) -> None:
    week.now = datetime(2026, 8, 1, 8, 50, tzinfo=ZONE)  # a Saturday
    assert week.hour("digest_month") == []
    week.now = datetime(2026, 8, 3, 8, 50, tzinfo=ZONE)
    assert "月通报 2026年7月" in texts_to(week.hour("digest_month"), LEADER)


def test_report_is_read_on_demand_by_who_may_and_in_private(week: Block) -> None:
    assert "早会日报 3月3日\n登记3件" in say(week, LEADER, "日报 3月3日")
    assert "月通报 2026年3月" in say(week, LEADER, "月通报 3月")
    assert "周研判" not in say(week, WORKER, "周研判")

    said = week.says(LEADER, "日报")

    assert "早会日报" not in "\n".join(words for chat, words in said if ":" not in chat)
    assert "早会日报" in texts_to(said, LEADER)


def test_legal_officer_hears_what_may_have_been_missed_and_nobody_else(week: Block) -> None:
    week.now = datetime(2026, 3, 8, 11, 0, tzinfo=ZONE)
    week.overhears("wmRESIDENT08", "今天天气真好")
    week.overhears("wmRESIDENT09", "谁家的狗昨晚叫了一夜")
    week.now = datetime(2026, 3, 9, 7, 50, tzinfo=ZONE)

    said = week.hour("digest_audit")

    words = texts_to(said, AUDITOR)
    assert {chat.split(":")[1] for chat, _ in said} == {AUDITOR}
    assert "像诉求、没立单的话1句" in words
    assert "11:00 犬只和动物 谁家的狗昨晚叫了一夜" in words
    assert "今天天气真好" not in words
    assert "【几个数】" not in words, "nothing came that day: no empty figures in a chat"
    assert "XH260303-0011K" in words.split("【过了时限没签收的】")[1].split("【")[0]
    assert "XH260303-0012K" in words.split("【办结了、没有评价的】")[1]
    assert "wmRESIDENT09" not in words
    assert "法制晨审" not in say(week, OFFICER, "晨审")
    assert "法制晨审 3月8日" in say(week, LEADER, "晨审")


def test_report_is_cut_to_one_message_by_whole_lines() -> None:
    rows = tuple((f"第{n}类", "1", "2") for n in range(200))
    table = Table(title="按类别", heads=("类别", "登记", "办结"), rows=rows, in_chat=200)
    report = Report(key="day", title="早会日报", period="3月4日", tables=(table,))

    said = sheets.chat(report, lambda left: f"还有{left}行")

    assert len(said.encode()) <= sheets.MESSAGE_BYTES
    shown = said.splitlines()[2:-1]
    assert shown[-1].startswith("第")
    assert shown[-1].endswith("办结2")
    assert said.splitlines()[-1] == f"还有{200 - len(shown)}行"
