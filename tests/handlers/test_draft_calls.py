"""A danger in a group where no program may speak: whoever is to send the draft is phoned too."""

import dataclasses

import pytest

from tests.handlers.block import Block

OFFICER, WORKER, ROOM = "lin_zhiyuan", "fang_xiaoman", "qiu_ruolan"
RESIDENT = "wmRESIDENT01"
FIRE = "3号楼5楼着火了，好大的烟，快来人啊"


@pytest.fixture
def phones(block: Block) -> Block:
    """The block of a station that has bought voice calls."""
    block.rules = dataclasses.replace(block.rules, lanes=frozenset({"voice"}))
    return block


def called(said: list[tuple[str, str]]) -> list[str]:
    """Who is phoned, in order."""
    return [chat.removeprefix("voice:") for chat, words in said if words == "errand: call"]


def test_the_first_who_may_speak_is_phoned_once_though_the_chain_means_him_too(
    phones: Block,
) -> None:
    assert called(phones.overhears(RESIDENT, FIRE)) == [OFFICER]


def test_after_a_minute_without_a_sent_mark_the_next_is_phoned(phones: Block) -> None:
    phones.overhears(RESIDENT, FIRE)

    assert WORKER in called(phones.later(1.01))
    assert ROOM in called(phones.later(1))


def test_without_bought_calls_nobody_is_phoned(block: Block) -> None:
    assert called(block.overhears(RESIDENT, FIRE) + block.later(3)) == []
