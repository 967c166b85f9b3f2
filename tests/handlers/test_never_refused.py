"""What a resident says is never answered with a refusal that is made for staff."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.events import Event
from bot.turn import Turn
from config.faults import Refused
from config.vocabulary import Act, Stage
from handlers import approving
from storage import journal
from storage.database import table_of
from storage.tables import TicketRow
from tests.handlers import office as desk
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

LAMP = "东门的路灯坏了"
OFFICER, LEADER = "lin_zhiyuan", "zhong_yihang"
SAID = (
    *("催一下", "没解决", "解决了", "5", "申诉 {serial} 不同意", "又来了", "楼号打错了 是7号楼"),
    *("还是那家，动刀了，有人流血了", "确认删除", "没事了", "签收 {serial}"),
)


def told(office: Office, user: str, words: str, owner: str) -> None:
    """A matter whose result the reporter has heard."""
    office.says(user, words, chat="")
    office.says(owner, "签收 0001", chat="")
    office.says(owner, "处置 0001 已解决，当面说好了", chat="")
    office.says(owner, "反馈 0001", chat="")
    assert office.tickets()[0].stage is Stage.EVALUATION


def refusals(office: Office) -> list[str]:
    (ticket,) = office.tickets()
    story = office.looks(lambda db: journal.of_ticket(db, ticket.id))
    return [entry.reason for entry in story if entry.act == Act.REFUSE]


def test_dispute_that_grew_red_after_its_result_is_rated_all_the_same(block: Block) -> None:
    told(block, "wang_ayi", "跟对门邻居为楼道放鞋柜吵了好几回，想请人调解", OFFICER)
    assert block.tickets()[0].category == "P11"
    block.now += timedelta(minutes=5)
    block.says("wang_ayi", "补充一下 他喝了酒动手推搡过老人，过年那回", chat="")
    block.says(OFFICER, "定色 0001 红色 两家亲戚都来了", chat="")

    said = block.says("wang_ayi", "4", chat="")

    assert texts_to(said, "wang_ayi") == "谢谢您的评价，我记下了。"
    assert "签字 0001" in texts_to(said, OFFICER), "who has it hears why it stays open"
    (ticket,) = block.tickets()
    assert (ticket.stage, ticket.rating) == (Stage.EVALUATION, 4)
    assert refusals(block) == ["close_needs_sign"]
    block.says(LEADER, "签字 0001", chat="")
    block.later(4 * 24 * 60)
    assert block.tickets()[0].stage is Stage.CLOSED


def test_appeal_is_heard_where_nobody_can_decide_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.says("wang_ayi", "跟对门邻居为楼道放鞋柜吵了好几回，想请人调解", chat="")
    office.says(OFFICER, "签收 0001", chat="")
    office.says(OFFICER, "不予受理 0001 诉讼仲裁中 法院已经立了案", chat="")
    office.says(LEADER, "同意 0001", chat="")
    assert office.tickets()[0].stage is Stage.REJECTED
    there = approving.who_decides

    def nobody(*_args: object) -> None:
        raise Refused("nobody_decides")

    monkeypatch.setattr(approving, "who_decides", nobody)
    heard = texts_to(office.says("wang_ayi", "申诉 0001 就在小区里", chat=""), "wang_ayi")
    assert "听到了" in heard
    assert "晚些" in heard

    monkeypatch.setattr(approving, "who_decides", there)
    again = texts_to(office.says("wang_ayi", "申诉 0001 就在小区里", chat=""), "wang_ayi")
    assert "另一位同志再看一遍" in again, "it was not used up"


@pytest.mark.parametrize("stage", Stage)
def test_no_word_of_hers_is_refused_in_any_stage(
    office: Office, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[str, str]] = []

    def refused(_turn: Turn, event: Event, why: Refused) -> None:
        found.append((str(getattr(event, "text", "")), why.text_key))

    monkeypatch.setattr(desk, "PLUG", replace(desk.PLUG, refused=refused))
    office.says("wang_ayi", LAMP, chat="")
    (ticket,) = office.tickets()
    rows = table_of(TicketRow)
    stands = update(rows).where(rows.c.id == ticket.id)
    for words in SAID:
        with office.database.writer_engine.begin() as conn:
            conn.execute(stands.values(stage=stage, prior_stage=Stage.ACCEPTED))
        office.now += timedelta(minutes=2)
        office.says("wang_ayi", words.format(serial=ticket.serial), chat="")

    assert found == []
