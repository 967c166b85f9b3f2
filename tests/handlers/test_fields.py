"""Fields as a matrix (字段): role × class × where it lies × field, in 查 and on the card.

What rights.yaml does not give is not shown, and what it gives is; the words as they were said are
in neither.
"""

from dataclasses import replace
from itertools import product

import pytest

from bot.domain import rights
from bot.turn import Turn
from config.rights_rules import Class, Part
from config.vocabulary import Act, ClosingCode, Role, Stage
from handlers import cards, loop, ticket_looks
from storage import journal
from storage.session import Db
from storage.tickets import Ticket
from tests.domain.test_rights_matrix import CLASSES, WHERE, matter, somebody
from tests.handlers.block import Block
from tests.handlers.office import SEAL

RESIDENT = "wmRESIDENT01"
QUARREL = "桂花苑3号楼2单元501，楼上漏水吵了好几天了，麻烦来调解一下，电话13900001111"
SECRET = {
    Part.SUMMARY: "楼上漏水",
    Part.PLACE: "501",
    Part.RESULT: "私下赔了八百",
    Part.STORY: "方小满 子任务",
    Part.ORIGINAL: "13900001111",
}


@pytest.fixture
def told(block: Block) -> Block:
    block.overhears(RESIDENT, QUARREL)
    rows = (
        ("t:1", "fang_xiaoman", Act.SUBTASK, "上门看看"),
        ("t:2", "lin_zhiyuan", Act.RESOLVE, "私下赔了八百元"),
        ("t:3", "lin_zhiyuan", Act.NOTE, "强制报告：私下赔了八百元"),
        ("t:4", "lin_zhiyuan", Act.TELL, "2单元501再去一次"),
    )
    for key, actor, act, reason in rows:
        row = journal.Entry(
            key=key,
            ticket_id=1,
            at=block.now,
            actor=actor,
            act=act,
            from_stage="",
            to_stage=Stage.ASSIGNED,
            reason=reason,
            rules_version="",
        )
        block.looks(lambda db, row=row: journal.add(db, row))
    return block


def as_matter(ticket: Ticket, found: Class, where: str) -> Ticket:
    """The same ticket, of that class and lying there."""
    what = matter(found, where)
    return replace(
        ticket,
        category=what.category,
        protected=what.protected,
        grid=what.grid,
        department=what.department,
        owner=what.owner,
        carrier=what.carrier,
        urged_count=2 if what.supervised else 0,
        stage=Stage.RESOLVED,
        closing_code=ClosingCode.SOLVED,
        result_internal="私下赔了八百元",
    )


@pytest.mark.parametrize("role", [role for role in Role if role.is_staff])
def test_field_is_shown_exactly_where_the_rights_give_it(told: Block, role: Role) -> None:
    person, plain = somebody(role), told.tickets()[0]
    with told.database.writer_engine.begin() as conn:
        turn = Turn(Db(conn, SEAL), told.rules, None, told.now)  # type: ignore[arg-type]
        for found, where in product(Class, WHERE):
            ticket = as_matter(plain, found, where)
            asked = loop.matter_of(ticket)
            if not rights.may_see(person, asked, told.rules):
                continue
            looked = ticket_looks.look(turn, person, ticket)
            card = cards.build(turn, ticket, person, "task")
            on_card = card.text + str(card.fields)

            for part, words in SECRET.items():
                given = rights.may_read(person, part, asked, told.rules)
                given = given and part is not Part.ORIGINAL
                assert (words in looked) is given, (found, where, part, looked)
                if part in (Part.SUMMARY, Part.PLACE):
                    assert (words in on_card) is given, (found, where, part, on_card)
                else:
                    assert words not in on_card


def test_every_class_and_every_part_is_in_the_matrix() -> None:
    assert set(CLASSES) == set(Class)
    assert set(SECRET) == set(Part)
