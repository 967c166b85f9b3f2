"""四级工作机制: worker, grid leader, officer, joint solving; danger waits for none of them."""

import dataclasses

import pytest

from config.people_rules import Grids
from config.vocabulary import Act, Stage, Urgency
from storage import diversions, journal, subtasks
from storage.diversions import Round
from tests.handlers.block import Block, block_of, texts_to
from tests.handlers.office import GROUP, Office

OFFICER, WORKER, LEADER, MEDIATOR = "lin_zhiyuan", "fang_xiaoman", "gao_mingfang", "shen_boyu"
ROOM = "qiu_ruolan"
NOISE = "5号楼楼下天天有人跳广场舞，音响很大"


@pytest.fixture
def four(office: Office) -> Block:
    """The sample station; the first grid works in four steps."""
    block = block_of(office)
    grids = tuple(
        grid.model_copy(update={"pipeline": "four"}) if grid.id == "g01" else grid
        for grid in block.rules.grids.grids
    )
    block.rules = dataclasses.replace(block.rules, grids=Grids(grids=grids))
    return block


def reported(block: Block, words: str = NOISE) -> str:
    block.says(WORKER, f"登记 {words}", chat=GROUP)
    return block.tickets()[0].serial


def acts_of(block: Block) -> list[tuple[str, str]]:
    ticket = block.tickets()[0]
    story = block.looks(lambda db: journal.of_ticket(db, ticket.id))
    return [(entry.act, entry.actor) for entry in story]


def test_report_of_a_worker_waits_for_the_grid_leader(four: Block) -> None:
    reported(four)

    ticket = four.tickets()[0]
    assert (ticket.stage, ticket.owner) == (Stage.DRAFT, LEADER)
    buttons = [b["text"] for b in four.card_of(LEADER, "")["buttons"]]
    assert buttons == ["报民警", "不报"]


def test_leader_approves_officer_gives_level_and_others_solve_it_with_him(four: Block) -> None:
    serial = reported(four)
    four.presses(LEADER, four.card_of(LEADER, ""), "报民警")
    assert (four.tickets()[0].stage, four.tickets()[0].owner) == (Stage.NEW, OFFICER)
    assert [b["text"] for b in four.card_of(OFFICER, "")["buttons"]] == ["紧急", "一般", "缓办"]

    said = four.says(OFFICER, f"研判 {serial} 紧急 方小满、沈伯渔 1天 上门调解", chat="")

    ticket = four.tickets()[0]
    assert (ticket.stage, ticket.urgency, ticket.owner) == (Stage.ASSIGNED, Urgency.U2, OFFICER)
    assert "紧急" in texts_to(said, OFFICER)
    parts = four.looks(lambda db: subtasks.running(db, ticket.id))
    assert [part.user for part in parts] == [WORKER, MEDIATOR]
    steps = [step for step in acts_of(four) if step[0] in (Act.APPROVE, Act.JUDGE)]
    assert steps == [(Act.APPROVE, LEADER), (Act.JUDGE, OFFICER)]


def test_one_tap_gives_level_and_the_list_gives_the_road(four: Block) -> None:
    reported(four, "东门的路灯坏了")
    four.presses(LEADER, four.card_of(LEADER, ""), "报民警")

    four.presses(OFFICER, four.card_of(OFFICER, ""), "一般")

    ticket = four.tickets()[0]
    assert (ticket.stage, ticket.department) == (Stage.ASSIGNED, "city_management")


@pytest.mark.parametrize("who", [OFFICER, LEADER, ROOM])
def test_list_may_be_followed_at_once_by_whom_the_field_allows(four: Block, who: str) -> None:
    serial = reported(four, "东门的路灯坏了")
    four.presses(LEADER, four.card_of(LEADER, ""), "报民警")
    assert "清单上归溪河城管中队" in texts_to(four.says(who, f"分流 {serial} 住建", chat=""), who)
    assert four.tickets()[0].stage is Stage.NEW

    four.says(who, f"分流 {serial} 城管", chat="")

    ticket = four.tickets()[0]
    assert (ticket.stage, ticket.department) == (Stage.ASSIGNED, "city_management")
    [one] = four.looks(lambda db: diversions.of_ticket(db, ticket.id))
    assert (one.round, one.row_id, one.by) == (Round.INTAKE, "n03", who)
    four.later(60 * 24)
    assert "自动往下走" not in str(four.later(1))


def test_list_sends_out_of_wecom_by_a_letter_at_once(four: Block) -> None:
    serial = reported(four, "东门路灯杆上的网线坏了，麻烦修一下")
    four.presses(LEADER, four.card_of(LEADER, ""), "报民警")

    four.says(OFFICER, f"分流 {serial} 通信", chat="")

    ticket = four.tickets()[0]
    assert (ticket.stage, ticket.owner) == (Stage.DIVERTED, ROOM)


@pytest.mark.parametrize("who", [WORKER, "tang_shuo"])
def test_nobody_else_diverts_what_nobody_has_judged(four: Block, who: str) -> None:
    serial = reported(four, "东门的路灯坏了")
    four.presses(LEADER, four.card_of(LEADER, ""), "报民警")

    four.says(who, f"分流 {serial} 城管", chat="")

    assert four.tickets()[0].stage is Stage.NEW


def test_what_is_not_on_the_list_stays(four: Block) -> None:
    serial = reported(four)
    four.presses(LEADER, four.card_of(LEADER, ""), "报民警")

    said = texts_to(four.says(OFFICER, f"分流 {serial} 城管", chat=""), OFFICER)

    assert "清单上没有" in said or "清单上归" in said
    assert four.tickets()[0].stage is Stage.NEW


def test_rejection_is_shown_to_the_officer_who_overrules_with_one_tap(four: Block) -> None:
    serial = reported(four)
    said = four.says(LEADER, f"不报 {serial} 已经劝好了", chat="")
    assert four.tickets()[0].stage is Stage.REJECTED
    assert "已经劝好了" in texts_to(said, OFFICER)
    assert "已经劝好了" in texts_to(said, WORKER)

    said = four.presses(OFFICER, four.card_of(OFFICER, ""), "采纳")

    ticket = four.tickets()[0]
    assert (ticket.stage, ticket.is_open, ticket.closed_at) == (Stage.ASSIGNED, True, None)
    assert "决定办" in texts_to(said, LEADER)


def test_rejection_needs_a_reason(four: Block) -> None:
    serial = reported(four)

    four.says(LEADER, f"不报 {serial}", chat="")

    assert four.tickets()[0].stage is Stage.DRAFT


def test_leader_comments_and_adds_but_the_words_stay(four: Block) -> None:
    serial = reported(four)
    before = four.tickets()[0]
    four.says(LEADER, f"批注 {serial} 同一家上个月也吵过", chat="")
    four.says(LEADER, f"补充 {serial} 在5号楼2单元", chat="")

    said = four.says(LEADER, f"报民警 {serial} 建议上门", chat="")

    after = four.tickets()[0]
    assert (after.masked, after.original) == (before.masked, before.original)
    assert "建议上门" in texts_to(said, OFFICER)
    looked = texts_to(four.says(OFFICER, f"查 {serial}", chat=""), OFFICER)
    assert "同一家上个月也吵过" in looked


def test_leader_merges_two_reports(four: Block) -> None:
    first = reported(four)
    four.says(WORKER, "登记 北门垃圾没人清", chat=GROUP)
    second = four.tickets()[-1].serial

    four.says(LEADER, f"{second} 并入 {first}", chat="")

    assert [t.stage for t in four.tickets()] == [Stage.DRAFT, Stage.MERGED]


def test_silence_of_leader_and_officer_holds_nothing_up(four: Block) -> None:
    reported(four)

    said = four.later(60 * 24 * 4)

    assert four.tickets()[0].stage is Stage.ASSIGNED
    assert "自动往下走" in texts_to(said, LEADER)


def test_danger_never_waits_for_the_leader(four: Block) -> None:
    four.says(WORKER, "登记 5号楼着火了，里面有人", chat=GROUP)

    ticket = four.tickets()[0]
    assert (ticket.stage, ticket.owner) == (Stage.ASSIGNED, OFFICER)


def test_report_that_becomes_a_danger_is_with_the_police_at_once(four: Block) -> None:
    four.says(WORKER, "5号楼楼下有人吵架，好几天了", chat=GROUP)
    assert four.tickets()[0].stage is Stage.DRAFT

    four.says(WORKER, "刚才那家动刀了，有人流血", chat=GROUP)

    assert all(t.stage is not Stage.DRAFT for t in four.tickets() if t.danger != "none")
    assert any(t.danger != "none" for t in four.tickets())


@pytest.mark.parametrize(
    ("words", "urgency"),
    [
        ("5号楼楼下广场舞音响半夜两点还在放", Urgency.U2),
        ("5号楼着火了，快来人", Urgency.U1),
    ],
    ids=["urgent", "danger"],
)
def test_further_words_of_a_resident_hurry_what_waits_for_the_leader(
    four: Block, words: str, urgency: Urgency
) -> None:
    reported(four)
    four.says("wang_ayi", "5号楼楼下今天又在跳广场舞")
    assert four.tickets()[0].stage is Stage.DRAFT

    said = four.says("wang_ayi", words)

    ticket = four.tickets()[0]
    assert (ticket.stage, ticket.owner, ticket.urgency) == (Stage.ASSIGNED, OFFICER, urgency)
    assert words in ticket.masked
    assert len(four.tickets()) == 1
    assert "情况急了" in texts_to(said, LEADER)
    assert words in texts_to(said, OFFICER)
    four.says(OFFICER, f"签收 {ticket.serial}", chat="")
    assert "自动往下走" not in texts_to(four.later(60 * 24 * 4), LEADER)


def test_resident_and_direct_grid_go_straight_on(four: Block, office: Office) -> None:
    four.says("wang_ayi", NOISE)
    four.says("lu_jianing", "登记 3号楼下水道堵了", chat="wrHUAIAN01")

    assert {t.stage for t in four.tickets()} == {Stage.ASSIGNED}


def test_leader_on_leave_is_not_waited_for(four: Block) -> None:
    four.says(LEADER, "请假", chat="")

    reported(four)

    assert four.tickets()[0].stage is Stage.ASSIGNED
