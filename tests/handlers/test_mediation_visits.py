"""Visits after an agreement (调解回访): red again and again until the officer has calmed it."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from config.mediation_rules import Colour
from tests.handlers.block import Block, texts_to

OFFICER, MEDIATOR, RESIDENT = "lin_zhiyuan", "shen_boyu", "wang_ayi"
QUARREL = "桂花苑3号楼2单元对门挂了面八卦镜正对我家，天天为这事吵架"
DAY = 60 * 24


@pytest.fixture
def red(block: Block) -> Block:
    """A red quarrel that was mediated and agreed upon."""
    block.says(RESIDENT, QUARREL, chat="")
    for user, words in (
        (OFFICER, "签收 0001"),
        (OFFICER, "调解 0001"),
        (RESIDENT, "愿意调解 0001"),
        (MEDIATOR, "同意调解 0001 乙方"),
        (OFFICER, "定色 0001 红色 两家都叫了人来"),
        (MEDIATOR, "调解结果 0001 成功 镜子移到侧墙"),
    ):
        block.says(user, words, chat="")
    return block


def visits(block: Block, days: int) -> int:
    said = texts_to(block.later(DAY * days), MEDIATOR)
    return said.count("调解回访")


def test_red_is_visited_every_week_beyond_the_fourth(red: Block) -> None:
    assert visits(red, 30) == 4

    assert visits(red, 14) == 2
    said = texts_to(red.later(DAY * 7), MEDIATOR)
    assert "调解回访（第7次）" in said


def test_calmed_to_yellow_it_has_the_days_of_yellow_from_then_on(red: Block) -> None:
    visits(red, 36)

    said = texts_to(red.says(OFFICER, "降色 0001 平静了", chat=""), OFFICER)

    assert "降为黄色" in said
    assert visits(red, 8) == 1
    assert visits(red, 14) == 0
    assert visits(red, 10) == 1
    assert visits(red, 60) == 0


def test_red_given_after_the_agreement_replaces_the_days_of_the_list(block: Block) -> None:
    block.says(RESIDENT, QUARREL, chat="")
    for user, words in (
        (OFFICER, "签收 0001"),
        (OFFICER, "调解 0001"),
        (RESIDENT, "愿意调解 0001"),
        (MEDIATOR, "同意调解 0001 乙方"),
        (MEDIATOR, "调解结果 0001 成功 镜子移到侧墙"),
    ):
        block.says(user, words, chat="")
    block.now += timedelta(days=2)
    block.says(OFFICER, "定色 0001 红色 又放了话", chat="")

    assert visits(block, 15) == 2


@pytest.mark.parametrize("more", [{"visits": ["7d"], "visit_every": "7d"}, {"visit_every": "1h"}])
def test_rhythm_stands_alone_and_is_no_haste(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Colour.model_validate({"id": "red", "name": "红色", "from": 60, "force": "town", **more})
