"""What a resident says about a matter that has gone too far for it (撤回): kindly, and kept."""

from dataclasses import replace
from typing import Any

import pytest

from config.faults import Refused
from config.vocabulary import Act
from storage import journal
from tests.handlers import office as one_process
from tests.handlers.block import Block, texts_to

OFFICER, RESIDENT = "lin_zhiyuan", "wmRESIDENT01"


@pytest.fixture
def resolved(block: Block) -> Block:
    block.overhears(RESIDENT, "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下")
    for words in ("签收 0001", "到场 0001", "处置 0001 已解决 双方和解，漏水已修"):
        block.says(OFFICER, words, chat="")
    return block


def test_what_is_done_is_not_undone_by_a_withdrawal(resolved: Block) -> None:
    before = resolved.tickets()[0].stage

    heard = texts_to(resolved.says(RESIDENT, "撤回 0001", chat=""), RESIDENT)

    assert "不用撤回" in heard
    assert resolved.tickets()[0].stage is before
    story = resolved.looks(lambda db: journal.of_ticket(db, 1))
    assert (story[-1].act, story[-1].actor, story[-1].reason) == (
        Act.SUPPLEMENT,
        "reporter",
        "办完以后反映人想撤回",
    )


def test_refusal_that_names_no_ticket_is_a_whole_sentence(
    block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: Any) -> None:
        raise Refused("stage_refused", stage="核查中", act="作废")

    monkeypatch.setattr(one_process, "PLUG", replace(one_process.PLUG, handle=refuses))

    heard = texts_to(block.says(RESIDENT, "你好", chat=""), RESIDENT)

    assert "现在办不了" in heard
    assert "{" not in heard
