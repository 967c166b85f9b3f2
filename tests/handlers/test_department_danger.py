"""A department's matter in which somebody is in danger is the police's at once, signed or not."""

import pytest

from config.vocabulary import Stage
from tests.handlers.block import Block, texts_to

LAMP = "桂花苑3号楼门口的路灯不亮，请换一下"
KNIFE = "路灯下面有人拿刀追人"
QUARREL = "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下"
OFFICER, WORKER = "lin_zhiyuan", "fang_xiaoman"


@pytest.mark.parametrize("signed", [False, True])
def test_police_are_rung_and_own_it(block: Block, *, signed: bool) -> None:
    block.overhears("wmRESIDENT01", LAMP)
    (ticket,) = block.tickets()
    clerk = block.rules.person(ticket.owner)
    assert clerk is not None
    assert ticket.department
    assert not clerk.role.is_police
    if signed:
        block.says(clerk.id, f"签收 {ticket.serial}", chat="")

    said = block.overhears("wmRESIDENT01", KNIFE)

    (ticket,) = block.tickets()
    owner = block.rules.person(ticket.owner)
    assert owner is not None
    assert owner.role.is_police
    assert (ticket.department, ticket.stage) == ("", Stage.ASSIGNED)
    assert [chat for chat, words in said if chat.endswith(OFFICER) and "card" in words]
    told = texts_to(said, clerk.id)
    assert told.count("不要独自上前") == 1
    assert "请马上签收" not in told


def test_a_grid_worker_who_has_signed_is_not_sent_to_a_knife(block: Block) -> None:
    block.overhears("wmRESIDENT01", QUARREL)
    (ticket,) = block.tickets()
    block.says("qiu_ruolan", f"转 {ticket.serial} 方小满", chat="")
    block.says(WORKER, f"签收 {ticket.serial}", chat="")
    assert block.tickets()[0].owner == WORKER

    said = block.overhears("wmRESIDENT01", "3号楼吵架那家有人拿刀了")

    (ticket,) = block.tickets()
    assert (ticket.owner, ticket.stage) == (OFFICER, Stage.ASSIGNED)
    assert "请马上签收" not in texts_to(said, WORKER)
    assert [chat for chat, words in said if chat.endswith(OFFICER) and "card: 险情" in words]


def test_an_officer_who_has_signed_keeps_it(block: Block) -> None:
    block.overhears("wmRESIDENT01", QUARREL)
    (ticket,) = block.tickets()
    block.says(OFFICER, f"签收 {ticket.serial}", chat="")

    block.overhears("wmRESIDENT01", "3号楼吵架那家有人拿刀了")

    assert [(one.owner, one.stage) for one in block.tickets()] == [(OFFICER, Stage.ACCEPTED)]
