"""The call on the day after a low rating (回访): by day, by who had no part in the work."""

from datetime import timedelta

import pytest

from storage import ticket_facts
from storage.ticket_facts import Fact
from tests.handlers.block import Block, gone_to, texts_to

OFFICER, ROOM, LEADER, HER = "lin_zhiyuan", "qiu_ruolan", "zhong_yihang", "wmRESIDENT01"
QUARREL = "桂花苑3号楼两家人为停车位吵架，麻烦来调解一下"
HOUR = 60


def say(block: Block, user: str, words: str) -> str:
    return texts_to(block.says(user, words, chat=""), user)


def known(block: Block) -> list[tuple[Fact, str]]:
    number = block.tickets()[0].id
    found = block.looks(lambda db: ticket_facts.of_ticket(db, number))
    return [(one.kind, one.words) for one in found]


@pytest.fixture
def low(block: Block) -> Block:
    """A quarrel whose result she gave one point at 21:30."""
    gone_to(block, QUARREL)
    say(block, OFFICER, "处置 0001 已解决 两家谈好了")
    block.later(2)
    block.now = block.now.replace(hour=13, minute=30)
    block.says(HER, "1", chat=f"bot:{HER}")
    return block


def test_somebody_else_is_asked_the_next_morning_and_not_at_night(low: Block) -> None:
    night = low.later(11 * HOUR)
    assert "打了1分" not in texts_to(night, ROOM)

    morning = low.later(HOUR)

    assert "打了1分" in texts_to(morning, ROOM)
    assert "打了1分" not in texts_to(morning, OFFICER)
    assert "经手" in say(low, OFFICER, "回访 0001 她说挺好")


def test_what_she_said_is_kept_and_told_to_who_works_it_now(low: Block) -> None:
    low.says(HER, "没解决", chat=f"bot:{HER}")
    low.later(12 * HOUR)
    owner = low.tickets()[0].owner
    assert owner not in (OFFICER, ROOM)

    said = low.says(ROOM, "回访 0001 她说车位还是被占着", chat="")

    assert "记下了" in texts_to(said, ROOM)
    assert "车位还是被占着" in texts_to(said, owner)
    assert known(low)[-1] == (Fact.CALLED_BACK, "她说车位还是被占着")
    after = low.later(24 * HOUR * 3)
    assert "回访" not in texts_to(after, ROOM) + texts_to(after, LEADER)


def test_not_reached_is_written_down_and_tried_on_three_days(low: Block) -> None:
    low.says(HER, "解决了", chat=f"bot:{HER}")
    for day in range(3):
        asked = low.later(12 * HOUR)
        assert f"打了1分。请您今天17:30前给反映人打个电话（第{day + 1}次" in str(asked)
        told = say(low, ROOM, "回访 0001 没打通")
        assert ("再打一次" in told) == (day < 2)
        low.later(12 * HOUR)

    assert [kind for kind, _ in known(low)].count(Fact.NOT_REACHED) == 3
    assert "打了1分" not in str(low.later(24 * HOUR * 2))


def test_leader_hears_in_the_evening_that_nothing_was_written(low: Block) -> None:
    low.says(HER, "解决了", chat=f"bot:{HER}")

    said = low.later(21 * HOUR)

    assert "请邱若兰3月5日打" in texts_to(said, LEADER)
    assert (low.now + timedelta(hours=8)).hour == 18


def test_better_score_afterwards_needs_no_call(low: Block) -> None:
    low.says(HER, "5", chat=f"bot:{HER}")

    assert "回访" not in texts_to(low.later(24 * HOUR * 2), ROOM)
    assert "没有等着的回访" in say(low, ROOM, "回访 0001 挺好")
