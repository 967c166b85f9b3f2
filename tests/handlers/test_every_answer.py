"""Every stage × act × role answers (每一格都有话): through the real handlers, not only the table.

A step or a kind refusal, never a traceback, for everybody who has the ticket in hand in whatever
stage; every order that is written on a ticket, too.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import pytest

from bot.domain import lifecycle
from bot.domain.commands import Command
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.vocabulary import Act, Danger, Stage
from handlers import acts, orders
from handlers.order_rows import ON_TICKET, Given
from storage import pauses, tickets
from storage.session import Db
from storage.tickets import Ticket
from tests.handlers.block import Block
from tests.handlers.office import SEAL

RESIDENT = "wmRESIDENT01"
QUARREL = "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下"
# One person of each role that the sample roster has, and what he might say behind any act.
WORDS_OF: dict[Act, str] = {
    Act.RESOLVE: "已解决 两家谈好了",
    Act.TRANSFER: "唐朔",
    Act.SUSPEND: "2天 等鉴定",
    Act.EXTEND: "2天 等材料",
    Act.REJECT: "没有具体事 说不清楚是什么",
    Act.DIVERT: "城管",
    Act.JUDGE: "一般",
    Act.RECHECK: "合格",
}
STATES: tuple[dict[str, Any], ...] = (
    {"category": "P11"},
    {"category": "P04", "protected": True},
    {"category": "P11", "danger": Danger.SUSPECTED, "danger_class": "fight"},
)


@pytest.fixture
def told(block: Block) -> Block:
    block.overhears(RESIDENT, QUARREL)
    return block


def in_stage(db: Db, stage: Stage, owner: str, state: dict[str, Any]) -> Ticket:
    """The first ticket as it would stand in that stage, in that person's hands."""
    ticket = tickets.get(db, 1)
    stands = stage in lifecycle.STANDING
    if stands:
        pauses.begin(db, f"t:{stage}", 1, pauses.Why.REPORTER, ticket.opened_at)
    moved = replace(
        ticket,
        stage=stage,
        owner=owner,
        department="",
        prior_stage=Stage.VERIFYING if stands else "",
        due_at=None if stands else ticket.due_at,
        **state,
    )
    return tickets.save(db, moved)


def people_of(block: Block) -> list[str]:
    """One of each role that the sample station has."""
    found = {person.role: person.id for person in reversed(block.rules.people)}
    return [user for role, user in found.items() if role.is_staff]


def _ordered(
    do: Callable[[Turn, Given, Ticket], str], given: Given, ticket: Ticket, turn: Turn
) -> str:
    return do(turn, given, ticket)


def tried(db: Db, block: Block, user: str, key: str, do: Callable[[Turn], str]) -> None:
    """An answer or a kind refusal; nothing of it stays."""
    one = db.conn.begin_nested()
    said = Heard(key=f"t:{key}", at=block.now, chat=f"bot:{user}", by=user, door="socket", text="x")
    turn = Turn(db, block.rules, said, block.now)
    try:
        answer = do(turn)
    except Refused as why:
        answer = orders.refusal(turn, tickets.get(db, 1), why) and ""
    assert isinstance(answer, str)
    one.rollback()


@pytest.mark.parametrize(
    ("state", "share"),
    [
        pytest.param(STATES[0], 18, id="each_stage_and_act_once"),
        pytest.param(STATES[0], 1, id="plain", marks=pytest.mark.slow),
        pytest.param(STATES[1], 3, id="protected", marks=pytest.mark.slow),
        pytest.param(STATES[2], 3, id="suspected", marks=pytest.mark.slow),
    ],
)
@pytest.mark.timeout(280)
def test_every_stage_act_and_role_answers_through_the_handlers(
    told: Block, state: dict[str, Any], share: int
) -> None:
    users = people_of(told)
    with told.database.writer_engine.begin() as conn:
        db = Db(conn, SEAL)
        for number, (stage, user) in enumerate(product(Stage, users)):
            chosen = [act for count, act in enumerate(acts.KNOWN) if (count + number) % share == 0]
            whole = conn.begin_nested()
            ticket, person = in_stage(db, stage, user, state), told.rules.person(user)
            assert person is not None
            for act in chosen:
                words = WORDS_OF.get(act, "先看看情况")
                do = partial(acts.act, ticket=ticket, what=act, person=person, words=words)
                tried(db, told, user, f"{number}:{act}", do)
            whole.rollback()


def test_every_order_on_a_ticket_answers_in_every_stage(told: Block) -> None:
    users = ("lin_zhiyuan", "fang_xiaoman", "qiu_ruolan", "wei_heping")
    with told.database.writer_engine.begin() as conn:
        db = Db(conn, SEAL)
        for number, stage in enumerate(Stage):
            user = users[number % len(users)]
            whole = conn.begin_nested()
            ticket, person = in_stage(db, stage, user, STATES[0]), told.rules.person(user)
            assert person is not None
            said = Heard(
                key="t:o", at=told.now, chat=f"bot:{user}", by=user, door="socket", text="x"
            )
            for order, do in ON_TICKET.items():
                given = Given(said, person, Command(order, ("0001",), "看看情况"), "g01")
                tried(db, told, user, f"{stage}:{order}", partial(_ordered, do, given, ticket))
            whole.rollback()
