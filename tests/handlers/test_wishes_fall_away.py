"""A wish for a second person ends with its ticket; what is wished afterwards waits on."""

from storage import approvals
from storage.approvals import Approval
from tests.handlers.block import Block, texts_to

WORKER, LEADER = "lin_zhiyuan", "zhong_yihang"
QUARREL = "桂花苑3号楼两家人为停车位吵架，麻烦来调解一下"


def wishes(block: Block) -> list[Approval]:
    ticket = block.tickets()[0]
    found: list[Approval] = block.looks(lambda db: approvals.waiting(db, ticket.id))
    return found


def test_hold_that_nobody_granted_falls_away_when_the_matter_ends(block: Block) -> None:
    block.says("wang_ayi", QUARREL, chat="")
    number = block.tickets()[0].serial
    block.says(WORKER, f"签收 {number}", chat="")
    block.says(WORKER, f"挂起 {number} 5天 等鉴定结果", chat="")
    card = next(card for _, card in block.cards if "同意" in str(card["buttons"]))
    assert [one.act for one in wishes(block)] == ["suspend"]

    block.says(WORKER, f"处置 {number} 双方和解，说好以后不再这样", chat="")
    block.later(2)
    block.says("wang_ayi", "5", chat="")

    assert not block.tickets()[0].is_open
    assert wishes(block) == []
    said = block.presses(card_owner(block, card), card, "同意")
    assert "已经" in texts_to(said, card_owner(block, card))


def card_owner(block: Block, card: dict[str, object]) -> str:
    return next(chat[4:] for chat, one in block.cards if one is card)


def test_look_at_the_words_may_be_wished_when_all_is_over(block: Block) -> None:
    block.says("wang_ayi", QUARREL, chat="")
    number = block.tickets()[0].serial
    block.says(WORKER, f"处置 {number} 双方和解，说好以后不再这样", chat="")
    block.later(2)

    block.says(WORKER, f"查看原文 {number} 要核对地址", chat="")
    block.says("wang_ayi", "5", chat="")

    assert [one.act for one in wishes(block)] == ["unmask"]
