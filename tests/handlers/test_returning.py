"""Sending back (退回): in time and once; later or again somebody above decides."""

import dataclasses

import pytest

from config.people_rules import Person
from config.vocabulary import Role, Stage
from tests.handlers.block import Block, texts_to

OFFICER, OTHER, ROOM = "lin_zhiyuan", "tang_shuo", "qiu_ruolan"
INSPECTOR = "meng_fanxing"
QUARREL = "桂花苑3号楼两家人为停车位吵架，麻烦来调解一下"
LAMP = "桂花苑3号楼门口的路灯坏了好几天，晚上一直不亮，麻烦修一下"
DAY = 60 * 24


def reported(block: Block, words: str) -> Block:
    block.overhears("wmRESIDENT01", words)
    return block


def say(block: Block, user: str, words: str) -> str:
    return texts_to(block.says(user, words, chat=""), user)


def decided_by(block: Block, user: str, label: str) -> list[tuple[str, str]]:
    return block.presses(user, block.card_of(user, "请批"), label)


@pytest.fixture
def again(block: Block) -> Block:
    """A matter that the officer has sent back once and got again."""
    reported(block, QUARREL)
    assert "已退回" in say(block, OFFICER, "退回 0001 是槐安里的人")
    say(block, ROOM, "转 0001 林知远")
    assert block.tickets()[0].owner == OFFICER
    return block


def test_second_return_waits_for_the_room_and_stays_with_who_has_it(again: Block) -> None:
    due = again.tickets()[0].due_at

    told = say(again, OFFICER, "退回 0001 还是不归我")

    assert "退过一次" in told
    assert "邱若兰" in told
    ticket = again.tickets()[0]
    assert (ticket.owner, ticket.stage, ticket.due_at) == (OFFICER, Stage.ASSIGNED, due)


def test_room_that_says_yes_has_it_and_no_leaves_it(again: Block) -> None:
    say(again, OFFICER, "退回 0001 还是不归我")
    said = decided_by(again, ROOM, "不同意")
    assert "没有同意" in texts_to(said, OFFICER)
    assert again.tickets()[0].owner == OFFICER

    say(again, OFFICER, "退回 0001 车主在槐安里，归那边")
    said = decided_by(again, ROOM, "同意")

    assert "请重新安排" in texts_to(said, ROOM)
    assert again.tickets()[0].owner == ROOM
    assert again.tickets()[0].return_count == 2


def test_late_return_of_a_department_is_not_its_own_to_grant(block: Block) -> None:
    reported(block, LAMP)
    block.later(DAY * 2)

    told = say(block, "wei_heping", "退回 0001 这段路归村里管")

    assert "超过1个工作日" in told
    assert block.tickets()[0].owner == "wei_heping"
    assert block.card_of(ROOM, "请批")
    say(block, "wei_heping", "同意 0001")
    assert block.tickets()[0].owner == "wei_heping"
    said = decided_by(block, ROOM, "同意")
    assert block.tickets()[0].owner != "wei_heping"
    assert "同意了" in texts_to(said, "wei_heping")


def test_return_that_was_granted_too_late_changes_nothing(again: Block) -> None:
    say(again, OFFICER, "退回 0001 还是不归我")
    say(again, OFFICER, "转 0001 唐朔")

    said = decided_by(again, ROOM, "同意")

    assert "不用再批" in texts_to(said, ROOM)
    assert again.tickets()[0].owner == OTHER


def test_what_cannot_go_back_is_not_asked_for(again: Block) -> None:
    say(again, OFFICER, "签收 0001")
    say(again, OFFICER, "处置 0001 已解决 两家谈好了")

    say(again, OFFICER, "退回 0001 不归我")

    assert not [c for chat, c in again.cards if c["title"].startswith("请批")]


def test_complaint_about_police_stays_with_who_may_see_it(block: Block) -> None:
    """Nobody else may read it: sent back, it would show itself to the room."""
    block.says("wang_ayi", "民警林知远态度恶劣，我要投诉他", chat="bot:wang_ayi")
    assert block.tickets()[0].owner == INSPECTOR

    said = block.says(INSPECTOR, "退回 0001 不归我们管", chat="")

    assert "退不了" in texts_to(said, INSPECTOR)
    assert {chat.partition(":")[2] for chat, _ in said} == {INSPECTOR}
    assert block.tickets()[0].owner == INSPECTOR


def test_complaint_goes_from_one_inspector_to_another(block: Block) -> None:
    roster = block.rules.roster
    second = Person(id="hao_mingxuan", name="郝明轩", role=Role.INSPECTOR, unit="督察")
    block.rules = dataclasses.replace(
        block.rules, roster=roster.model_copy(update={"people": [*roster.people, second]})
    )
    block.says("wang_ayi", "民警林知远态度恶劣，我要投诉他", chat="bot:wang_ayi")
    first = block.tickets()[0].owner

    said = block.says(first, "退回 0001 我和他是亲戚", chat="")

    other = ({INSPECTOR, second.id} - {first}).pop()
    assert block.tickets()[0].owner == other
    assert {chat.partition(":")[2] for chat, _ in said} <= {INSPECTOR, second.id, "wang_ayi"}
