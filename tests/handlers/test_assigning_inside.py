"""The lead of a department and a grid leader hand over inside what they lead, never beyond."""

import dataclasses

from config.people_rules import Person, Roster
from config.vocabulary import Role
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP

LEADER = "gao_mingfang"


def with_lead(block: Block) -> None:
    """The city management has a lead and a second handler."""
    more = tuple(
        Person(id=user, name=name, role=role, unit="溪河城管中队", department="city_management")
        for user, name, role in (
            ("cg_lead", "顾领班", Role.DEPARTMENT_LEAD),
            ("cg_two", "应小城", Role.DEPARTMENT),
        )
    )
    roster = block.rules.roster
    people: Roster = roster.model_copy(update={"people": (*roster.people, *more)})
    block.rules = dataclasses.replace(block.rules, roster=people)


def test_department_lead_assigns_inside_his_department_only(block: Block) -> None:
    with_lead(block)
    block.says("wang_ayi", "东门的路灯坏了", chat=GROUP)

    said = block.says("cg_lead", "转 0001 康立群", chat="")
    assert "自己部门" in texts_to(said, "cg_lead")
    block.says("cg_lead", "转 0001 应小城", chat="")

    ticket = block.tickets()[0]
    assert (ticket.owner, ticket.department) == ("cg_two", "city_management")
    assert ticket.past_owners == ("wei_heping",)


def test_grid_leader_hands_over_inside_her_grid_only(block: Block) -> None:
    block.says("wang_ayi", "5号楼楼下天天有人跳广场舞，音响很大", chat=GROUP)

    block.says(LEADER, "转 0001 康立群", chat="")
    assert block.tickets()[0].owner == "lin_zhiyuan"
    block.says(LEADER, "转 0001 方小满", chat="")

    assert block.tickets()[0].owner == "fang_xiaoman"


def test_who_hands_over_says_how_it_stands_and_the_story_goes_along(block: Block) -> None:
    block.overhears("wmRESIDENT01", "桂花苑3号楼楼上漏水，两家吵了好几天")
    serial = block.tickets()[0].serial
    owner = block.tickets()[0].owner
    block.says(owner, f"签收 {serial}", chat="")
    block.says(owner, f"补充 {serial} 楼上说是软管裂了", chat="")

    said = block.says(owner, f"转 {serial} 唐朔 我去市里培训，物业周五换管", chat="")

    assert "物业周五换管" in texts_to(said, "tang_shuo")
    seen = texts_to(block.says("tang_shuo", f"查 {serial}", chat=""), "tang_shuo")
    assert "软管裂了" in seen
    assert "物业周五换管" in seen
