"""挂起 and 延期: asked for by one, granted by another; the clock, the limit, the reporter."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from config.vocabulary import Act, Stage
from storage import journal
from tests.handlers.block import Block, gone_to, texts_to
from tests.handlers.office import Office

OFFICER, LEADER = "lin_zhiyuan", "cheng_muyan"
RESIDENT = "wang_ayi"
QUARREL = "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下"


@pytest.fixture
def signed(block: Block) -> Block:
    """A matter that the officer has signed and gone to."""
    return gone_to(block, QUARREL)


def number(office: Office) -> str:
    return office.tickets()[0].serial


def decider(block: Block) -> str:
    """Who got the card that asks for a decision."""
    asked = [chat for chat, card in block.cards if card["title"].startswith("请批")]
    return asked[-1].removeprefix("app:")


def test_hold_stands_only_after_somebody_else_agreed(signed: Block) -> None:
    said = signed.says(OFFICER, f"挂起 {number(signed)} 5天 等漏水鉴定", chat="")

    assert "批之前照常计时" in texts_to(said, OFFICER)
    assert signed.tickets()[0].stage is Stage.VERIFYING
    leader = decider(signed)
    assert leader != OFFICER
    said = signed.presses(leader, signed.card_of(leader, "请批"), "同意")

    held = signed.tickets()[0]
    assert (held.stage, held.due_at) == (Stage.ON_HOLD, None)
    assert "同意了" in texts_to(said, OFFICER)


def test_what_stood_still_does_not_count(signed: Block) -> None:
    before = signed.tickets()[0].due_at
    signed.says(OFFICER, f"挂起 {number(signed)} 5天 等漏水鉴定", chat="")
    leader = decider(signed)
    signed.presses(leader, signed.card_of(leader, "请批"), "同意")

    signed.now += timedelta(days=1)
    signed.says(OFFICER, f"恢复 {number(signed)}", chat="")

    back = signed.tickets()[0]
    assert back.stage is Stage.VERIFYING
    assert before is not None
    assert back.due_at == before + timedelta(days=1)


def test_hold_ends_by_itself(signed: Block) -> None:
    signed.says(OFFICER, f"挂起 {number(signed)} 1天 等漏水鉴定", chat="")
    leader = decider(signed)
    signed.presses(leader, signed.card_of(leader, "请批"), "同意")

    said = signed.later(60 * 25)

    assert signed.tickets()[0].stage is Stage.VERIFYING
    assert "接着计时" in texts_to(said, OFFICER)


def test_who_asked_cannot_agree_himself(signed: Block) -> None:
    signed.says(OFFICER, f"挂起 {number(signed)} 5天 等漏水鉴定", chat="")

    said = signed.says(OFFICER, f"同意 {number(signed)}", chat="")

    assert "另一位同事" in texts_to(said, OFFICER)
    assert signed.tickets()[0].stage is Stage.VERIFYING


def test_no_leaves_everything_and_says_why(signed: Block) -> None:
    due = signed.tickets()[0].due_at
    signed.says(OFFICER, f"延期 {number(signed)} 3天 等材料", chat="")

    said = signed.says(decider(signed), f"不同意 {number(signed)} 先去现场看", chat="")

    assert "先去现场看" in texts_to(said, OFFICER)
    assert signed.tickets()[0].due_at == due


def test_extension_moves_the_limit_and_is_journalled_for_both(signed: Block) -> None:
    signed.says(OFFICER, f"延期 {number(signed)} 3天 等材料", chat="")
    leader = decider(signed)

    signed.says(leader, f"同意 {number(signed)}", chat="")

    after = signed.tickets()[0]
    # Thursday 09:30 and three days is a Sunday: the desks open on Monday at 08:30.
    assert after.due_at == datetime(2026, 3, 9, 0, 30, tzinfo=UTC)
    story = signed.looks(lambda db: journal.of_ticket(db, after.id))
    assert [(e.act, e.actor) for e in story if e.act == Act.EXTEND] == [(Act.EXTEND, leader)]
    assert [e.actor for e in story if e.reason.startswith("申请延期")] == [OFFICER]


def test_extension_needs_a_length_and_a_reason(signed: Block) -> None:
    assert "要延几天" in texts_to(
        signed.says(OFFICER, f"延期 {number(signed)} 等材料", chat=""), OFFICER
    )
    said = texts_to(signed.says(OFFICER, f"延期 {number(signed)} 3天", chat=""), OFFICER)
    assert "3天" not in said
    assert signed.cards[-1][1]["title"][:2] != "请批"


def test_after_the_limit_nothing_is_extended(signed: Block) -> None:
    signed.now += timedelta(days=30)

    said = signed.says(OFFICER, f"延期 {number(signed)} 3天 等材料", chat="")

    assert "已过时限" in texts_to(said, OFFICER)


def test_decision_is_made_once(signed: Block) -> None:
    signed.says(OFFICER, f"挂起 {number(signed)} 5天 等漏水鉴定", chat="")
    leader = decider(signed)
    card = signed.card_of(leader, "请批")
    signed.presses(leader, card, "同意")

    said = signed.presses(leader, card, "不同意")

    assert "已经有结果了" in texts_to(said, leader)
    assert signed.tickets()[0].stage is Stage.ON_HOLD


def hatted(block: Block, user: str, role: str, unit: str) -> None:
    """``user`` holds a second office (兼任) from now on."""
    people = [p.model_dump(by_alias=True) for p in block.rules.people]
    for person in people:
        if person["id"] == user:
            person["also"] = [{"role": role, "unit": unit}]
    plain = block.rules.roster.model_dump(by_alias=True) | {"people": people}
    roster = type(block.rules.roster).model_validate(plain)
    block.rules = dataclasses.replace(block.rules, roster=roster)


def test_who_holds_a_deciding_office_besides_decides_in_it(signed: Block) -> None:
    hatted(signed, "he_yunfei", "leader", "溪河派出所")
    signed.says(OFFICER, f"挂起 {number(signed)} 5天 等漏水鉴定", chat="")

    signed.says("he_yunfei", f"同意 {number(signed)}", chat="")

    assert signed.tickets()[0].stage is Stage.ON_HOLD


def test_nobody_decides_in_one_office_what_he_asked_for_in_another(signed: Block) -> None:
    hatted(signed, OFFICER, "leader", "溪河派出所")

    signed.says(OFFICER, f"挂起 {number(signed)} 5天 等漏水鉴定", chat="")
    said = signed.says(OFFICER, f"同意 {number(signed)}", chat="")

    assert decider(signed) != OFFICER
    assert "另一位同事" in texts_to(said, OFFICER)
    assert signed.tickets()[0].stage is Stage.VERIFYING


def test_deciding_office_must_see_the_ticket_itself(signed: Block) -> None:
    hatted(signed, "tang_shuo", "supervisor", "溪河街道")
    signed.says(OFFICER, f"挂起 {number(signed)} 5天 等漏水鉴定", chat="")

    said = signed.says("tang_shuo", f"同意 {number(signed)}", chat="")

    assert "已经有结果了" in texts_to(said, "tang_shuo")
    assert signed.tickets()[0].stage is Stage.VERIFYING
