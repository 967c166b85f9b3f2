"""叫醒演练: the leader picks an hour, the duty people are called and tap 醒了, he alone hears."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from bot.door_events import Learned
from bot.lines import line_of
from tests.handlers.block import Block, texts_to

LEADER, OFFICER = "zhong_yihang", "lin_zhiyuan"
AT = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)  # 06:30 of the next morning in Shanghai


@pytest.fixture
def planned(block: Block) -> Block:
    """A drill is planned for tomorrow morning."""
    block.rules = dataclasses.replace(block.rules, lanes=frozenset({"voice"}))
    said = block.says(LEADER, "叫醒演练 明天 6:30", chat="")
    assert "明天06:30" in texts_to(said, LEADER)
    return block


def begun(block: Block) -> list[tuple[str, str]]:
    return block.later((AT - block.now).total_seconds() / 60)


def test_every_duty_person_is_shown_a_card_and_called(planned: Block) -> None:
    said = begun(planned)

    carded = {chat.removeprefix("app:") for chat, words in said if "叫醒演练" in words}
    phoned = {chat.removeprefix("voice:") for chat, words in said if words == "errand: call"}
    assert carded == phoned
    assert {OFFICER, "he_yunfei", "qiu_ruolan", LEADER} <= carded
    assert "fang_xiaoman" not in carded


def test_leader_hears_seconds_in_roster_order_and_nobody_else_does(planned: Block) -> None:
    begun(planned)
    planned.now = AT + timedelta(seconds=95)
    planned.presses("qiu_ruolan", planned.card_of("qiu_ruolan", "叫醒演练"), "醒了")
    planned.now = AT + timedelta(seconds=40)
    said = planned.presses(OFFICER, planned.card_of(OFFICER, "叫醒演练"), "醒了")
    assert "40秒" in texts_to(said, OFFICER)

    said = planned.later(11)

    report = texts_to(said, LEADER)
    lines = ("林知远：40秒", "贺云飞：没回", "邱若兰：95秒")
    assert sorted(lines, key=report.index) == list(lines)
    assert not any("没回" in words for chat, words in said if not chat.endswith(LEADER))


def test_what_the_phone_did_stands_in_the_report(planned: Block) -> None:
    begun(planned)
    data = {"user": OFFICER, "rung": -1, "look": 0, "drill": 1, "call": "c1", "reason": 0}
    for count, outcome in enumerate(("placed", "answered")):
        event = Learned(
            key=f"voice:{count}", at=planned.now, line=line_of("drills"), what="call", ticket=0,
            data={**data, "outcome": outcome, "line": line_of("drills")},
        )  # fmt: skip
        planned.handle(event)

    report = texts_to(planned.later(11), LEADER)

    assert "林知远：没回（电话接了）" in report


def test_after_the_report_nothing_is_counted_any_more(planned: Block) -> None:
    begun(planned)
    planned.later(11)

    said = planned.says(OFFICER, "醒了", chat="")

    assert "已经结束" in texts_to(said, OFFICER)


def test_drill_is_called_off(planned: Block) -> None:
    planned.says(LEADER, "叫醒演练 取消", chat="")

    assert not [words for _, words in begun(planned) if "叫醒演练" in words]


def test_only_leader_and_command_room_may_ask(block: Block) -> None:
    said = block.says("fang_xiaoman", "叫醒演练 明天 6:30", chat="")

    assert "明天06:30" not in texts_to(said, "fang_xiaoman")
    assert not [words for _, words in begun(block) if "叫醒演练" in words]


@pytest.mark.parametrize("words", ["叫醒演练", "叫醒演练 昨天", "叫醒演练 3月9日"])
def test_without_an_hour_he_is_asked_for_it(block: Block, words: str) -> None:
    assert "哪天几点" in texts_to(block.says(LEADER, words, chat=""), LEADER)


def test_who_is_on_leave_is_not_called(planned: Block) -> None:
    planned.says("he_yunfei", "请假 3天", chat="")

    assert "app:he_yunfei" not in {chat for chat, _ in begun(planned)}
