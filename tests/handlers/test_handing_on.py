"""A ticket that is handed around (转办): no clock begins anew by it, no pause is lost."""

from datetime import timedelta

import pytest

from config.vocabulary import Stage
from tests.handlers.block import Block, gone_to, texts_to

OFFICER, OTHER = "lin_zhiyuan", "tang_shuo"
QUARREL = "桂花苑3号楼两家人为停车位吵架，麻烦来调解一下"


@pytest.fixture
def worked(block: Block) -> Block:
    return gone_to(block, QUARREL)


def say(block: Block, user: str, words: str) -> str:
    return texts_to(block.says(user, words, chat=""), user)


def test_unsigned_ticket_keeps_the_limit_of_its_first_assignment(block: Block) -> None:
    block.overhears("wmRESIDENT01", QUARREL)
    due = block.tickets()[0].due_at
    block.later(20)

    say(block, OFFICER, "转 0001 唐朔")

    assert block.tickets()[0].due_at == due
    card = block.card_of(OTHER, "邻里纠纷")
    assert ["时限", "还剩10分钟"] in [list(field) for field in card["fields"]]


def test_work_that_is_handed_on_keeps_its_limit_and_its_pauses(worked: Block) -> None:
    before = worked.tickets()[0]
    say(worked, OFFICER, "问 0001 您几点在家？")
    worked.later(60)
    worked.says("wmRESIDENT01", "晚上七点在家", chat="bot:wmRESIDENT01")
    due = worked.tickets()[0].due_at
    assert before.due_at is not None
    assert due == before.due_at + timedelta(minutes=60)

    worked.later(30)
    say(worked, OFFICER, "转 0001 唐朔")
    assert (worked.tickets()[0].stage, worked.tickets()[0].due_at) == (Stage.ASSIGNED, due)
    say(worked, OTHER, "签收 0001")
    assert (worked.tickets()[0].stage, worked.tickets()[0].due_at) == (Stage.ACCEPTED, due)
    say(worked, OTHER, "到场 0001")
    assert (worked.tickets()[0].stage, worked.tickets()[0].due_at) == (Stage.VERIFYING, due)


def test_new_owner_who_asks_at_once_goes_on_where_the_work_was(worked: Block) -> None:
    due = worked.tickets()[0].due_at
    say(worked, OFFICER, "转 0001 唐朔")
    say(worked, OTHER, "问 0001 您几点在家？")
    worked.later(60)

    worked.says("wmRESIDENT01", "晚上七点在家", chat="bot:wmRESIDENT01")

    ticket = worked.tickets()[0]
    assert due is not None
    assert (ticket.stage, ticket.due_at) == (Stage.VERIFYING, due + timedelta(minutes=60))


def test_limit_used_up_is_told_kindly_and_the_ladder_goes_on(worked: Block) -> None:
    said = worked.later(60 * 24 + 10)
    assert "群众还在等" in texts_to(said, OFFICER)

    told = texts_to(worked.says(OFFICER, "转 0001 唐朔", chat=""), OTHER)
    after = worked.later(60 * 24 * 3)

    assert "从前面接着算" in told
    assert "已过10分钟" in told
    assert "催办" in texts_to(after, "fang_xiaoman") + texts_to(after, "zhong_yihang")
    assert texts_to(after, OTHER).count("群众还在等") == 0
