"""一地多起 by stairwell, what counts as told again, 问效 as one thing, what is deleted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from config.vocabulary import Stage
from storage import effects, findings, journal, tickets
from storage.database import table_of
from storage.repeats_tables import EffectRow, FindingRow
from storage.station_tables import LinkRow
from storage.tables import TicketRow
from storage.tickets import Ticket
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

OFFICER, LAMPS, ROOM, WORKER = "lin_zhiyuan", "wei_heping", "qiu_ruolan", "fang_xiaoman"
PEOPLE = ("wang_ayi", "chen_shu", "wmRESIDENT03")


def focus_of(office: Office) -> list[Ticket]:
    return [one for one in office.tickets() if one.origin == "focus"]


def noise(block: Block, unit: str, person: str, days: float = 5) -> str:
    """What the officer hears when somebody complains about that stairwell some days later."""
    block.now += timedelta(days=days)
    where = f"3号楼{unit}单元" if unit else "3号楼"
    return texts_to(block.overhears(person, f"{where}楼上半夜又蹦又跳，吵得睡不着"), OFFICER)


def work(block: Block, ticket: Ticket, result: str = "上门劝了，装了地垫，说好不再吵") -> None:
    for words in ("签收", f"处置 {result}", "反馈"):
        act, _, rest = words.partition(" ")
        block.says(ticket.owner, f"{act} {ticket.serial} {rest}".strip(), chat="")


def test_three_in_one_stairwell_make_a_finding_of_that_stairwell(block: Block) -> None:
    for person in PEOPLE:
        heard = noise(block, "2", person)

    (focus,) = focus_of(block)
    assert focus.place.get("unit") == "2"
    assert "3号楼2单元" in focus.masked
    assert "仅统计本系统登记事项，不含110警情" in heard
    assert "一地多起（黄）" in heard


def test_who_lives_in_another_stairwell_is_not_attached_to_it(block: Block) -> None:
    for person in PEOPLE:
        noise(block, "2", person)
    noise(block, "1", "wmOTHER", days=2)

    (focus,) = focus_of(block)
    other = next(one for one in block.tickets() if one.place.get("unit") == "1")
    members = block.looks(lambda db: findings.members(db, focus.id, "repeat_place"))
    assert len(members) == 3
    assert other.id not in members


def test_stairwells_of_one_building_together_are_a_finding_of_the_building(block: Block) -> None:
    for unit, person in zip(("1", "2", ""), PEOPLE, strict=True):
        noise(block, unit, person)

    (focus,) = focus_of(block)
    assert "unit" not in focus.place
    assert "单元" not in focus.masked


def test_telling_it_once_more_after_a_closing_counts_though_no_ticket_is_new(block: Block) -> None:
    noise(block, "2", PEOPLE[0])
    work(block, block.tickets()[0])
    block.says(PEOPLE[0], "5", chat="")
    noise(block, "2", PEOPLE[0], days=6)
    assert len(block.tickets()) == 1

    noise(block, "2", PEOPLE[1], days=2)

    (focus,) = focus_of(block)
    assert len(block.looks(lambda db: findings.members(db, focus.id, "repeat_place"))) == 2
    assert "3起，2人反映" in focus.masked

    noise(block, "2", "wmTHIRD", days=2)
    block.now += timedelta(days=1)
    work(block, block.tickets()[1])
    block.says(PEOPLE[1], "5", chat="")
    said = noise(block, "2", PEOPLE[1], days=1)

    assert "又添了" in said
    assert "5起，3人反映" in focus_of(block)[0].masked


def test_one_matter_that_was_closed_three_times_is_one_matter_left_unsolved(block: Block) -> None:
    noise(block, "2", PEOPLE[0])
    for _ in range(2):
        work(block, block.tickets()[0])
        block.says(PEOPLE[0], "5", chat="")
        noise(block, "2", PEOPLE[0], days=6)

    (focus,) = focus_of(block)
    assert focus.protected
    assert "第3次" in focus.masked


@pytest.fixture
def closed(office: Office) -> Block:
    """A lamp that was mended and judged well."""
    block = Block(office.database, office.rules)
    block.says("wang_ayi", "东门的路灯坏了")
    block.says(LAMPS, "签收 0001", chat="")
    block.says(LAMPS, "处置 0001 换了灯泡和整流器，已亮", chat="")
    block.says(LAMPS, "反馈 0001", chat="")
    block.says("wang_ayi", "5", chat="")
    return block


def checks(block: Block) -> list[str]:
    """The entries 问效 of the first ticket."""
    number = block.tickets()[0].id
    story = block.looks(lambda db: journal.of_ticket(db, number))
    return [one.reason for one in story if one.reason.startswith("问效") and "天：" in one.reason]


def test_visit_of_the_seventh_day_says_what_came_again_and_makes_the_check(closed: Block) -> None:
    closed.now += timedelta(days=3)
    closed.says("chen_shu", "东门的路灯坏了")
    said = closed.later(60 * 24 * 5)

    visit = [words for chat, words in said if chat.endswith(f":{LAMPS}") and "办结已" in words]
    other = closed.tickets()[1].number
    assert f"又登记了1件同样的事（{other}）" in visit[0]
    assert checks(closed) == [f"问效7天：又发生1次（{other}），这次办结算没办好"]
    closed.hour("repeats")
    assert len(checks(closed)) == 1
    assert closed.tickets()[0].stage is Stage.REVIEW


def test_seven_thirty_and_ninety_days_each_leave_their_entry(closed: Block) -> None:
    for days in (8, 23, 60):
        closed.later(60 * 24 * days)
        closed.hour("repeats")

    assert checks(closed) == [f"问效{days}天：没有再发生" for days in (7, 30, 90)]
    assert "问效90天" in texts_to(closed.says(LAMPS, "查 0001", chat=""), LAMPS)


def test_telling_it_again_oneself_counts_against_the_closing(closed: Block) -> None:
    closed.now += timedelta(days=12)
    closed.says("wang_ayi", "东门的路灯坏了，黑灯瞎火的")

    since = closed.tickets()[0].opened_at
    assert closed.looks(lambda db: effects.held(db, 30, since)) == (0, 1)
    said = texts_to(closed.says(ROOM, "来源", chat=""), ROOM)
    assert "没有再发生的 0/1" in said


def test_victim_of_another_stairwell_is_another_victim(block: Block) -> None:
    for unit in ("1", "2"):
        block.now += timedelta(days=20)
        said = block.says(f"kfVICTIM{unit}", f"我老公又打我，桂花苑3号楼{unit}单元", chat="")

    first, second = block.tickets()
    assert first.protected
    assert second.protected
    assert "求助" not in texts_to(said, second.owner)


def found_of_a_person(block: Block) -> Ticket:
    for _ in range(3):
        noise(block, "2", PEOPLE[0], days=6)
    (focus,) = focus_of(block)
    assert focus.protected
    return focus


def test_person_is_gone_ninety_days_after_the_last_check(block: Block) -> None:
    focus = found_of_a_person(block)
    work(block, focus)
    key = block.looks(lambda db: findings.of_ticket(db, focus.id)).subject
    block.now += timedelta(days=179)
    block.hour("repeats")
    assert block.count(FindingRow) == 1

    block.now += timedelta(days=2)
    block.hour("repeats")

    assert (block.count(FindingRow), block.count(LinkRow)) == (0, 0)
    row = block.looks(lambda db: db.conn.execute(select(table_of(TicketRow))).mappings().all())
    kept = str([one for one in row if one["id"] == focus.id])
    assert key not in kept
    assert next(one for one in row if one["id"] == focus.id)["reporter_key"] == ""


def test_finding_whose_ticket_was_void_is_forgotten_too(block: Block) -> None:
    focus = found_of_a_person(block)
    void = block.looks(lambda db: tickets.get(db, focus.id))
    block.looks(lambda db: tickets.save(db, _as_void(void)))
    block.now += timedelta(days=200)

    block.hour("repeats")

    assert block.count(FindingRow) == 0


def _as_void(ticket: Ticket) -> Ticket:
    from dataclasses import replace

    return replace(ticket, stage=Stage.VOID)


def test_line_of_a_focus_ticket_leads_to_no_person(block: Block) -> None:
    first = found_of_a_person(block)
    work(block, first)
    block.now += timedelta(days=40)
    for _ in range(3):
        noise(block, "2", PEOPLE[0], days=6)

    lines = {one.line for one in focus_of(block)}
    assert len(lines) == len(focus_of(block)) > 1


def test_nobody_gets_a_list_of_findings_of_persons(block: Block) -> None:
    focus = found_of_a_person(block)

    for user in (WORKER, LAMPS, "pan_zhenguo"):
        for words in (f"查 {focus.serial}", "我的任务", "来源", "转办清单"):
            said = texts_to(block.says(user, words, chat=""), user)
            assert "一人多次" not in said
            assert "第3次" not in said
    for words in ("查 王阿姨", "查 wang_ayi", "来源 王阿姨"):
        said = texts_to(block.says(OFFICER, words, chat=""), OFFICER)
        assert "次来反映" not in said


def test_rates_stand_by_origin(closed: Block) -> None:
    said = texts_to(closed.says(ROOM, "来源", chat=""), ROOM)

    assert "群里：登记1件，办结 1/1，满意 1/1，重复 0/1" in said
    assert closed.count(EffectRow) == 0
