"""How long a draft lives and when somebody is reminded stands in times.yaml (代发的时限)."""

import dataclasses
from datetime import timedelta

from config.time_rules import DraftTimes
from tests.handlers.block import Block, texts_to

OFFICER, WORKER = "lin_zhiyuan", "fang_xiaoman"
RESIDENT = "wmRESIDENT01"
LAMP = "桂花苑3号楼门口的路灯坏了好几天了，晚上黑得看不见路"
FIRE = "3号楼5楼着火了，好大的烟，快来人啊"


def with_times(block: Block, **spans: timedelta) -> Block:
    times = block.rules.times.model_copy(update={"drafts": DraftTimes(**spans)})
    block.rules = dataclasses.replace(block.rules, times=times)
    return block


def test_answer_lives_and_is_reminded_as_the_rules_say(block: Block) -> None:
    with_times(block, answer=timedelta(hours=1), remind=timedelta(minutes=3))
    block.overhears(RESIDENT, LAMP)

    assert "等您代回" not in texts_to(block.later(2.9), OFFICER)
    assert "等您代回" in texts_to(block.later(0.2), OFFICER)
    [draft] = block.waiting()
    assert draft.expires_at - draft.made_at == timedelta(hours=1)
    block.later(57)
    assert block.waiting() == []


def test_next_person_of_a_danger_is_rung_as_soon_as_the_rules_say(block: Block) -> None:
    with_times(block, next_person=timedelta(seconds=20))
    block.overhears(RESIDENT, FIRE)

    assert "还没人" not in texts_to(block.later(0.3), WORKER)
    assert "还没人" in texts_to(block.later(0.1), WORKER)
