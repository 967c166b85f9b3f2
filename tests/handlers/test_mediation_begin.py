"""Mediation begins (调解发起): who is asked, when it runs, what is never mediated."""

import pytest

from storage import mediations
from tests.handlers.block import Block, texts_to
from tests.handlers.mediating import (
    MEDIATOR,
    OFFICER,
    OTHER_MEDIATOR,
    RESIDENT,
    begun,
    newest,
    running,
    serial,
    signed,
    told,
)

__all__ = ["begun", "running", "signed"]


def test_mediator_gets_a_card_and_the_reporter_an_invitation(signed: Block) -> None:
    said = signed.says(OFFICER, f"调解 {serial(signed)}", chat="")

    card = signed.card_of(MEDIATOR, "调解")
    assert "不要说是谁反映的" in card["text"]
    assert "愿意调解" in texts_to(said, RESIDENT)
    assert "沈伯渔" in texts_to(said, OFFICER)
    assert newest(signed).state == mediations.INVITED


def test_invitation_names_no_reporter_and_no_room(signed: Block) -> None:
    said = signed.says(OFFICER, f"调解 {serial(signed)}", chat="")

    spoken = texts_to(said, RESIDENT) + signed.card_of(MEDIATOR, "调解")["text"]
    for secret in ("王", RESIDENT, "2单元", "镜"):
        assert secret not in spoken


def test_one_side_alone_starts_nothing(begun: Block) -> None:
    assert "另一边" in told(begun, RESIDENT, RESIDENT, f"愿意调解 {serial(begun)}")

    assert newest(begun).state == mediations.INVITED
    answer = told(begun, MEDIATOR, MEDIATOR, f"调解记录 {serial(begun)} 两边都来了")
    assert "还没有两边都愿意" in answer


def test_it_runs_once_both_agreed(running: Block) -> None:
    found = newest(running)

    assert found.state == mediations.RUNNING
    assert (found.side_a, found.side_b) == ("reporter", MEDIATOR)


def test_button_says_that_both_agree(begun: Block) -> None:
    said = begun.presses(MEDIATOR, begun.card_of(MEDIATOR, "调解"), "双方都愿意")

    assert newest(begun).state == mediations.RUNNING
    assert "约调解" in texts_to(said, MEDIATOR)


def test_mediator_of_another_grid_does_not_know_it(running: Block) -> None:
    assert "没找到" in told(running, OTHER_MEDIATOR, OTHER_MEDIATOR, f"看调解 {serial(running)}")


@pytest.mark.parametrize(
    "words",
    ["我老公天天打我，救救我", "桂花苑3号楼邻居吵架，他威胁要弄死我全家"],
    ids=["domestic", "threat"],
)
def test_what_must_be_protected_is_never_mediated(block: Block, words: str) -> None:
    block.says(RESIDENT, words, chat="")
    number = serial(block)
    block.says(OFFICER, f"签收 {number}", chat="")

    answer = told(block, OFFICER, OFFICER, f"调解 {number}")

    assert "先保护人" in answer
    ticket = block.tickets()[0]
    assert block.looks(lambda db: mediations.of_ticket(db, ticket.id)) == []
    assert "不能按调解办结" in told(block, OFFICER, OFFICER, f"处置 {number} 双方和解，已签协议")


def test_department_begins_no_mediation(signed: Block) -> None:
    answer = told(signed, "wei_heping", "wei_heping", f"调解 {serial(signed)}")

    assert "没找到" in answer


def test_sentence_about_mediation_is_no_command(block: Block) -> None:
    block.says(RESIDENT, "桂花苑3号楼楼上漏水，麻烦来调解一下", chat="")

    assert len(block.tickets()) == 1


def test_violence_goes_to_the_police_force(block: Block) -> None:
    block.says(RESIDENT, "昨天桂花苑3号楼两家打架，现在没事了，想让人调解一下", chat="")
    ticket = block.tickets()[0]
    block.says(OFFICER, f"签收 {ticket.serial}", chat="")

    block.says(OFFICER, f"调解 {ticket.serial}", chat="")

    assert newest(block).force == "post"
