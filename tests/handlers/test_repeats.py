"""Matters that come again: focus tickets, who gets them, and what they never say."""

from datetime import timedelta

from config.vocabulary import Stage
from storage import effects, filed, findings, journal
from storage.repeats_tables import FindingRow
from storage.station_tables import LinkRow
from storage.tickets import Ticket
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

OFFICER, LEADER, ROOM = "lin_zhiyuan", "cheng_muyan", "qiu_ruolan"
NOISE = "3号楼楼上半夜又蹦又跳，吵得睡不着"
PEOPLE = ("wang_ayi", "chen_shu", "wmRESIDENT03")


def focus_of(office: Office) -> list[Ticket]:
    return [one for one in office.tickets() if one.origin == "focus"]


def members(office: Office, ticket: Ticket, kind: str = "repeat_place") -> list[int]:
    found: list[int] = office.looks(lambda db: findings.members(db, ticket.id, kind))
    return found


def nights(block: Block, count: int, people: tuple[str, ...] = PEOPLE, every: int = 5) -> str:
    """So many of the same place, told by these people in turn; what the officer heard last."""
    heard = ""
    for number in range(count):
        block.now += timedelta(days=every)
        said = block.overhears(people[number % len(people)], NOISE)
        heard = texts_to(said, OFFICER)
    return heard


def test_three_of_one_place_told_by_three_become_a_focus_ticket_at_once(block: Block) -> None:
    heard = nights(block, 3)

    (focus,) = focus_of(block)
    reports = [one.id for one in block.tickets() if one.origin != "focus"]
    assert (focus.owner, focus.stage, focus.protected) == (OFFICER, Stage.ASSIGNED, False)
    assert members(block, focus) == reports
    assert "一地多起（黄）" in heard
    assert "3起，3人反映" in focus.masked
    assert "3号楼" in focus.masked


def test_one_voice_alone_makes_no_place_of_it(block: Block) -> None:
    nights(block, 3, people=PEOPLE[:1], every=9)

    assert [one for one in focus_of(block) if not one.protected] == []


def test_what_comes_later_is_attached_and_six_are_red(block: Block) -> None:
    nights(block, 6)

    (focus,) = focus_of(block)
    assert len(members(block, focus)) == 6
    assert "6起" in focus.masked
    found = block.looks(lambda db: findings.of_ticket(db, focus.id))
    assert found.level == "red"


def test_at_night_nobody_is_bothered_and_the_morning_finds_it(block: Block) -> None:
    nights(block, 2)
    block.now += timedelta(days=5, hours=15)
    said = block.overhears(PEOPLE[2], NOISE)
    assert focus_of(block) == []
    assert "一地多起" not in texts_to(said, OFFICER)

    block.now += timedelta(hours=7)
    said = block.hour("repeats")

    assert "一地多起" in texts_to(said, OFFICER)
    block.now += timedelta(minutes=1)
    assert "一地多起" not in texts_to(block.hour("repeats"), OFFICER)
    assert len(focus_of(block)) == 1


def test_one_matter_told_three_times_is_seen_by_police_alone_and_names_nobody(block: Block) -> None:
    heard = nights(block, 3, people=PEOPLE[:1], every=6)

    (focus,) = focus_of(block)
    assert focus.protected
    assert (focus.owner, focus.reporter_key, focus.voices, focus.place) == (OFFICER, "", (), {})
    assert "一人多次" in heard
    assert "wang_ayi" not in focus.masked + focus.original
    worker = texts_to(block.says("fang_xiaoman", f"单子 {focus.serial}", chat=""), "fang_xiaoman")
    assert "第3次" not in worker


def test_departments_matters_and_complaints_never_speak_of_a_person(block: Block) -> None:
    for words in ("3号楼门口垃圾好几天没人收，臭死了", "老板拖欠我三个月工资不给"):
        for _ in range(4):
            block.now += timedelta(days=3)
            block.overhears(PEOPLE[0], words)

    assert [one for one in focus_of(block) if one.protected] == []


def test_findings_are_no_reports_for_anybody_outside(block: Block) -> None:
    nights(block, 3)
    (focus,) = focus_of(block)

    shown = block.looks(lambda db: filed.open_tickets(db, focus.opened_at, block.now, 99))

    assert focus.number not in [one.number for one in shown]
    assert block.looks(lambda db: filed.standing_of(db, focus.number)) is None


def closed_lamp(office: Office) -> None:
    office.says("wang_ayi", "东门的路灯坏了")
    office.says("wei_heping", "签收 0001", chat="")
    office.says("wei_heping", "处置 0001 换了灯泡和整流器，已亮", chat="")
    office.says("wei_heping", "反馈 0001", chat="")
    office.says("wang_ayi", "5", chat="")


def test_same_matter_by_the_same_person_within_thirty_days_is_worked_again(office: Office) -> None:
    closed_lamp(office)
    office.now += timedelta(days=12)

    said = office.says("wang_ayi", "东门的路灯坏了，黑灯瞎火的")

    (lamp,) = office.tickets()
    assert (lamp.stage, lamp.reopen_count) == (Stage.ASSIGNED, 1)
    assert "重新办" in texts_to(said, "wang_ayi")
    assert "没办好" in texts_to(said, "wei_heping")


def test_after_thirty_days_it_is_a_new_matter(office: Office) -> None:
    closed_lamp(office)
    office.now += timedelta(days=32)

    office.says("wang_ayi", "东门的路灯坏了，黑灯瞎火的")

    assert [one.reopen_count for one in office.tickets()] == [0, 0]


def test_effect_of_each_closing_stands_in_its_journal(office: Office) -> None:
    closed_lamp(office)
    office.now += timedelta(days=8)
    office.hour("repeats")
    office.now += timedelta(minutes=1)
    office.hour("repeats")
    office.says("chen_shu", "东门的路灯坏了")
    office.now += timedelta(days=23)
    office.hour("repeats")

    lamp = office.tickets()[0]
    story = office.looks(lambda db: journal.of_ticket(db, lamp.id))
    checks = [e.reason for e in story if e.reason.startswith("问效") and "天：" in e.reason]
    other = office.tickets()[1].number
    assert checks == ["问效7天：没有再发生", f"问效30天：又发生1次（{other}），这次办结算没办好"]
    assert office.looks(lambda db: effects.held(db, 30, lamp.opened_at)) == (0, 1)


def test_focus_ticket_whose_matter_came_back_is_worked_again(block: Block) -> None:
    nights(block, 3)
    (focus,) = focus_of(block)
    for words in ("签收", "处置 上门劝了，装了地垫，说好不再吵，原因是隔音差", "反馈"):
        act, _, rest = words.partition(" ")
        block.says(OFFICER, f"{act} {focus.serial} {rest}".strip(), chat="")
    assert focus_of(block)[0].stage is Stage.CLOSED
    block.now += timedelta(days=2)
    block.overhears(PEOPLE[1], NOISE)
    block.now += timedelta(days=6)

    block.hour("repeats")

    (focus,) = focus_of(block)
    assert focus.reopen_count == 1


def test_what_was_found_of_a_person_is_deleted_with_its_links(block: Block) -> None:
    nights(block, 3, people=PEOPLE[:1], every=6)
    (focus,) = focus_of(block)
    for words in ("签收", "处置 上门听了，和楼上说好时间，原因是隔音差", "反馈"):
        act, _, rest = words.partition(" ")
        block.says(OFFICER, f"{act} {focus.serial} {rest}".strip(), chat="")
    assert focus_of(block)[0].stage is Stage.CLOSED
    block.now += timedelta(days=179)
    block.hour("repeats")
    assert block.count(FindingRow) == 1

    block.now += timedelta(days=2)
    block.hour("repeats")

    assert (block.count(FindingRow), block.count(LinkRow)) == (0, 0)


def test_one_kind_far_above_its_usual_weeks_goes_to_the_officer(block: Block) -> None:
    block.overhears("wang_ayi", "1号楼楼上太吵，睡不着")
    block.now += timedelta(days=36)
    heard = ""
    for building in (4, 5, 6, 7, 8):
        block.now += timedelta(hours=25)
        block.now = block.now.replace(hour=2)
        heard = texts_to(
            block.overhears(f"wm{building}", f"{building}号楼楼上太吵，睡不着"), OFFICER
        )

    (focus,) = focus_of(block)
    assert len(members(block, focus, "repeat_kind")) == 5
    assert focus.place == {}
    assert "一类多发（红）" in heard
    assert "7天5起" in focus.masked


def test_second_cry_of_a_victim_raises_her_ticket_and_nothing_else(block: Block) -> None:
    block.says("wang_ayi", "我老公又打我，桂花苑3号楼", chat="")
    block.now += timedelta(days=60)
    said = block.says("wang_ayi", "我老公又打我了，桂花苑3号楼", chat="")

    first, second = block.tickets()
    assert first.protected
    assert second.protected
    assert "第2次求助" in texts_to(said, second.owner)
    assert "求助" not in texts_to(said, "fang_xiaoman")
    assert block.count(FindingRow) == 0
