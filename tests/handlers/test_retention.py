"""The nightly deletions, a hold by two persons, what a resident may see and take back."""

from datetime import timedelta

import pytest

from config.vocabulary import Act, Stage
from storage import holds, journal, retention
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

LAMP = "东门的路灯坏了三天了"
WANG = "wang_ayi"
OFFICER = "lin_zhiyuan"
DAY = timedelta(days=1)


def serial(office: Office) -> str:
    return office.tickets()[0].serial


@pytest.fixture
def withdrawn(block: Block) -> Block:
    """A matter that has ended: she took it back herself."""
    block.says(WANG, LAMP, chat="")
    block.says(WANG, f"撤回 {serial(block)}", chat="")
    assert block.tickets()[0].stage is Stage.VOID
    return block


def hold(block: Block, words: str) -> str:
    """Who agreed to what the officer asked for."""
    block.says(OFFICER, words, chat="")
    asked = [chat for chat, card in block.cards if card["title"].startswith("请批")]
    leader = asked[-1].removeprefix("app:")
    said = block.says(leader, f"同意 {serial(block)}", chat="")
    assert leader != OFFICER
    return texts_to(said, leader)


def test_withdrawn_ticket_goes_after_a_year_with_a_record(withdrawn: Block) -> None:
    withdrawn.now += 364 * DAY
    withdrawn.hour("forget")
    assert len(withdrawn.tickets()) == 1

    withdrawn.now += 2 * DAY
    withdrawn.hour("forget")

    assert withdrawn.tickets() == []
    since = withdrawn.now - DAY
    gone = withdrawn.looks(lambda db: retention.recorded(db, since))
    assert ("void", "tickets", 1) in [(one.rule, one.kind, one.count) for one in gone]


def test_held_ticket_stays_until_two_take_the_hold_off(withdrawn: Block) -> None:
    assert "已保全" in hold(withdrawn, f"保全 {serial(withdrawn)} 有投诉")
    withdrawn.now += 400 * DAY
    withdrawn.hour("forget")
    assert len(withdrawn.tickets()) == 1

    assert "已解除保全" in hold(withdrawn, f"解除保全 {serial(withdrawn)} 投诉已结")
    withdrawn.now += DAY
    withdrawn.hour("forget")

    assert withdrawn.tickets() == []


def test_nobody_holds_alone(withdrawn: Block) -> None:
    withdrawn.says(OFFICER, f"保全 {serial(withdrawn)} 有投诉", chat="")
    withdrawn.says(OFFICER, f"同意 {serial(withdrawn)}", chat="")

    ticket = withdrawn.tickets()[0]
    assert not withdrawn.looks(lambda db: holds.is_held(db, ticket.id))


def test_hold_is_asked_for_by_police_with_a_reason_and_once(withdrawn: Block) -> None:
    number = serial(withdrawn)
    said = withdrawn.says("tang_shuo", f"保全 {number} 有投诉", chat="")
    assert "保全由民警" in texts_to(said, "tang_shuo")
    said = withdrawn.says(OFFICER, f"解除保全 {number} 有投诉", chat="")
    assert "没有保全" in texts_to(said, OFFICER)

    hold(withdrawn, f"保全 {number} 有投诉")

    said = withdrawn.says(OFFICER, f"保全 {number} 有投诉", chat="")
    assert "已经保全着" in texts_to(said, OFFICER)


def test_my_data_says_what_is_stored_and_what_law_keeps(block: Block) -> None:
    block.says(WANG, LAMP, chat="")

    said = texts_to(block.says(WANG, "我的数据", chat=""), WANG)

    assert "有1件事" in said
    assert "至少留六个月" in said
    assert "365天后抹去" in said


def test_her_wish_takes_effect_only_when_confirmed(withdrawn: Block) -> None:
    said = texts_to(withdrawn.says(WANG, "删掉我的信息", chat=""), WANG)
    assert "抹去1件" in said
    assert LAMP in withdrawn.tickets()[0].original

    said = texts_to(withdrawn.says(WANG, "确认删除", chat=""), WANG)

    ticket = withdrawn.tickets()[0]
    assert "已抹去1件" in said
    assert (ticket.voices, ticket.original, ticket.reporter_key) == ((), "", "")
    story = withdrawn.looks(lambda db: journal.of_ticket(db, ticket.id))
    assert (story[-1].act, story[-1].reason) == (Act.NOTE, "反映人要求抹去信息")


def test_wish_leaves_what_is_worked_and_what_is_held(withdrawn: Block) -> None:
    hold(withdrawn, f"保全 {serial(withdrawn)} 有投诉")
    withdrawn.says(WANG, "西门的井盖没了", chat="")

    said = texts_to(withdrawn.says(WANG, "确认删除", chat=""), WANG)

    assert "已抹去0件" in said
    assert all(ticket.original for ticket in withdrawn.tickets())


def test_reporter_goes_a_year_after_the_close_and_the_matter_stays(block: Block) -> None:
    block.says(WANG, LAMP, chat="")
    number = serial(block)
    owner = block.tickets()[0].owner
    block.says(owner, f"签收 {number}", chat="")
    block.says(owner, f"处置 {number} 已解决 换了灯泡", chat="")
    block.says(owner, f"发出 {number}", chat="")
    block.later(60 * 24 * 10)
    assert not block.tickets()[0].is_open

    block.now += 366 * DAY
    block.hour("forget")

    ticket = block.tickets()[0]
    assert (ticket.voices, ticket.original) == ((), "")
    assert ticket.category
    assert ticket.result_internal
