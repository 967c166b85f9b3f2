"""抽查 by an auditor: ended matters by lot, masked; of what is protected he learns nothing."""

from dataclasses import replace

import pytest

from bot.events import Scheduled
from bot.turn import Turn
from config.vocabulary import Act, Danger, Role, Stage
from handlers import auditing
from storage import journal, tickets
from tests.domain.test_rights_matrix import somebody
from tests.handlers.block import Block

QUARREL = "桂花苑3号楼2单元501，楼上漏水吵了好几天了，麻烦来调解一下，电话13900001111"


def drawn(block: Block) -> str:
    event = Scheduled(key="cron:x:1", at=block.now, job="x")
    found = block.looks(
        lambda db: auditing.asked(Turn(db, block.rules, event, block.now), somebody(Role.AUDITOR))
    )
    return str(found)


def ended(block: Block, *, protected: bool = False, danger: Danger = Danger.NONE) -> None:
    block.overhears("wmRESIDENT01", QUARREL)
    block.looks(
        lambda db: tickets.save(
            db,
            replace(
                tickets.get(db, 1),
                stage=Stage.CLOSED,
                closed_at=block.now,
                closing_code="mediated",
                protected=protected,
                danger=danger,
            ),
        )
    )


def test_auditor_reads_a_masked_line_and_the_journal_says_so(block: Block) -> None:
    ended(block)

    said = drawn(block)

    assert "调解成功" in said
    assert "楼上漏水" in said
    for hidden in ("501", "2单元", "13900001111", "林知远"):
        assert hidden not in said
    story = block.looks(lambda db: journal.of_ticket(db, 1))
    assert (story[-1].act, story[-1].actor) == (Act.NOTE, "somebody")


@pytest.mark.parametrize(
    "secret", [{"protected": True}, {"danger": Danger.CONFIRMED}], ids=["protected", "danger"]
)
def test_protected_matter_and_danger_are_never_drawn(block: Block, secret: dict[str, bool]) -> None:
    ended(block, **secret)  # type: ignore[arg-type]  # a table of values

    assert "没有" in drawn(block)
