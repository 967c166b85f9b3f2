"""备勤接手、就近: who steps in when the owner is busy or silent."""

import dataclasses
from datetime import time, timedelta
from typing import Any

import pytest

from bot.domain import nearby
from config.people_rules import Grids
from config.rules import Rules
from config.shapes import Hours
from config.vocabulary import Role, Stage
from tests.handlers.block import Block, block_of, texts_to
from tests.handlers.office import GROUP, MORNING, Office

OFFICER, AUXILIARY, BESIDE = "lin_zhiyuan", "tang_shuo", "he_yunfei"
NOISE = "5号楼楼下天天有人跳广场舞，音响很大"


ALONE: dict[str, Any] = {"neighbours": (), "post_hours": None}


def lying(rules: Rules, **beside: dict[str, Any]) -> Rules:
    """The sample grids with no other neighbours and hours than these."""
    grids = tuple(
        g.model_copy(update=ALONE | beside.get(g.id, {}))  # nothing of the sample's own
        for g in rules.grids.grids
    )
    return dataclasses.replace(rules, grids=Grids(grids=grids))


def with_neighbours(rules: Rules, hours: Hours | None = None) -> Rules:
    """Grids one and three lie beside each other."""
    return lying(rules, g01={"neighbours": ("g03",)}, g03={"post_hours": hours})


@pytest.fixture
def near(office: Office) -> Block:
    block = block_of(office)
    block.rules = with_neighbours(block.rules)
    return block


def test_silent_owner_is_followed_by_the_nearest(near: Block) -> None:
    near.says("wang_ayi", NOISE, chat=GROUP)

    said = near.later(33)

    ticket = near.tickets()[0]
    assert (ticket.stage, ticket.owner, ticket.past_owners) == (
        Stage.ASSIGNED,
        AUXILIARY,
        (OFFICER,),
    )
    assert "请您先接着" in texts_to(said, AUXILIARY)
    assert "唐朔" in texts_to(said, OFFICER)


def test_earlier_owner_may_still_sign(near: Block) -> None:
    near.says("wang_ayi", NOISE, chat=GROUP)
    near.later(33)

    near.says(OFFICER, "签收 0001", chat="")

    assert (near.tickets()[0].stage, near.tickets()[0].owner) == (Stage.ACCEPTED, OFFICER)


def test_matter_goes_to_the_grid_beside_when_everybody_is_away(near: Block) -> None:
    near.says(OFFICER, "请假", chat="")
    near.says(AUXILIARY, "请假", chat="")

    near.says("wang_ayi", NOISE, chat=GROUP)

    assert near.tickets()[0].owner == BESIDE


def test_without_neighbours_nothing_moves(block: Block) -> None:
    block.rules = lying(block.rules)
    block.says("wang_ayi", NOISE, chat=GROUP)

    block.later(33)

    assert block.tickets()[0].owner == OFFICER


def test_order_is_own_grid_then_beside_then_the_room(sample_rules: Rules) -> None:
    rules = with_neighbours(sample_rules)

    found = nearby.responders("g01", MORNING, (), rules)

    assert [p.id for p in found[:4]] == [OFFICER, AUXILIARY, BESIDE, "xiao_beichen"]
    assert found[4].role is Role.COMMAND_ROOM


def test_sample_grids_lie_in_a_row_and_their_posts_keep_hours(sample_rules: Rules) -> None:
    assert [steps for _, steps in nearby.grids_by_distance("g01", sample_rules)] == [0, 1, 2]
    found = nearby.responders("g01", MORNING, (OFFICER, AUXILIARY), sample_rules)
    assert [p.id for p in found[:2]] == [BESIDE, "xiao_beichen"]
    late = MORNING + timedelta(hours=7)  # 16:30: only the posts of the town are open
    assert nearby.post_at("g03", MORNING, sample_rules) == "石桥警务室"
    assert nearby.post_at("g03", late, sample_rules) == "桂花社区警务室"


def test_nearest_open_post_is_named(sample_rules: Rules) -> None:
    day = Hours.model_validate({"from": time(8, 30), "to": time(17, 30)})
    night = Hours.model_validate({"from": time(20, 0), "to": time(23, 0)})
    written: dict[str, dict[str, Any]] = {
        "g01": {"neighbours": ("g02", "g03"), "post_hours": night},
        "g02": {"post_hours": night},
        "g03": {"post_hours": day},
    }
    rules = lying(sample_rules, **written)

    assert nearby.post_at("g01", MORNING, rules) == "石桥警务室"
    assert nearby.post_at("g01", MORNING + timedelta(hours=12), rules) == "桂花社区警务室"
    assert [steps for _, steps in nearby.grids_by_distance("g03", rules)] == [0, 1, 2]
