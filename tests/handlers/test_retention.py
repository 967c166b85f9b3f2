"""The nightly deletions, a hold by two persons, what a resident may see and take back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.vocabulary import Act, Stage
from storage import forms, holds, journal, mediations, retention
from storage.session import Db
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


TENANT = ("租客登记", "1", "刘小溪", "13900001111", "桂花苑3号楼2单元501", "2", "3月1日")


@pytest.fixture
def registered(block: Block) -> Block:
    for words in TENANT:
        block.says(WANG, words, chat="")
    return block


def test_my_data_counts_forms_and_taking_back_deletes_them_at_once(registered: Block) -> None:
    assert "登记表1份、调解0件" in texts_to(registered.says(WANG, "我的数据", chat=""), WANG)

    said = registered.says(WANG, "撤回登记", chat="")

    (ticket,) = registered.tickets()
    assert "已撤回1份" in texts_to(said, WANG)
    assert ticket.stage is Stage.VOID
    assert registered.looks(lambda db: forms.of_ticket(db, ticket.id)) is None
    assert "没有还存着" in texts_to(registered.says(WANG, "撤回登记", chat=""), WANG)


def test_nobody_elses_form_is_taken_back(registered: Block) -> None:
    registered.says("chen_shu", "撤回登记", chat="")

    (ticket,) = registered.tickets()
    assert registered.looks(lambda db: forms.of_ticket(db, ticket.id)) is not None


def test_form_under_legal_hold_outlives_its_day_and_her_wish(registered: Block) -> None:
    (ticket,) = registered.tickets()
    registered.looks(lambda db: holds.begin(db, ticket.id, OFFICER, "zhong_yihang", registered.now))

    registered.says(WANG, "撤回登记", chat="")
    registered.now += 31 * DAY
    registered.hour("forget")

    assert registered.looks(lambda db: forms.of_ticket(db, ticket.id)) is not None
    registered.looks(lambda db: holds.end(db, ticket.id, OFFICER, "zhong_yihang", registered.now))
    registered.now += DAY
    registered.hour("forget")
    assert registered.looks(lambda db: forms.of_ticket(db, ticket.id)) is None


def test_agreement_of_both_sides_goes_with_the_reporter(withdrawn: Block) -> None:
    (ticket,) = withdrawn.tickets()

    def begin(db: Db) -> int:
        made = mediations.begin(
            db,
            mediations.Mediation(
                key="m", ticket_id=ticket.id, force="post", mediator="shen_boyu",
                started_at=withdrawn.now, eventful_at=withdrawn.now, terms="王某把镜子移走",
            ),
        )  # fmt: skip
        session = mediations.Session(
            key="s", mediation_id=made.id, ticket_id=ticket.id, kind="held",
            at=withdrawn.now, force="post",
            by="shen_boyu", minutes="两家都来了",
        )  # fmt: skip
        mediations.hold_session(db, session)
        return made.id

    number = withdrawn.looks(begin)
    rules = withdrawn.rules.retention.model_copy(update={"void": 900 * DAY})
    withdrawn.rules = replace(withdrawn.rules, retention=rules)
    withdrawn.says(WANG, "确认删除", chat="")
    assert withdrawn.looks(lambda db: mediations.get(db, number)).terms, "the other side's too"

    withdrawn.now += 366 * DAY
    withdrawn.hour("forget")

    assert withdrawn.looks(lambda db: mediations.get(db, number)).terms == ""
    assert withdrawn.looks(lambda db: mediations.sessions(db, number)) == []
