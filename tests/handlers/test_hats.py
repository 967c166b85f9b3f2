"""Two hats of one person (兼任): he is rung, told and counted once, and may do what either may."""

import dataclasses
from datetime import timedelta

import pytest

from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP

OFFICER, LEADER, ROOM = "lin_zhiyuan", "zhong_yihang", "qiu_ruolan"
THEFT = "3号楼门口我的电动车昨晚被偷了"


def hatted(block: Block, user: str, role: str, unit: str) -> None:
    """``user`` holds a second office (兼任), alone in that role, from now on."""
    people = [p.model_dump(by_alias=True) for p in block.rules.people]
    people = [p for p in people if p["role"] != role or p["id"] == user]
    for person in people:
        if person["id"] == user:
            person["also"] = [{"role": role, "unit": unit}]
    roster = block.rules.roster.model_dump(by_alias=True)
    roster |= {"people": people, "shifts": [], "patterns": [], "sponsors": [], "duty": {}}
    meant = type(block.rules.roster).model_validate(roster)
    block.rules = dataclasses.replace(block.rules, roster=meant)


@pytest.fixture
def both(block: Block) -> Block:
    """The leader is the command room as well, and nobody else is."""
    hatted(block, LEADER, "command_room", "综合指挥室")
    return block


def test_drill_rings_him_once(both: Block) -> None:
    both.rules = dataclasses.replace(both.rules, lanes=frozenset({"voice"}))
    both.says(LEADER, "叫醒演练 明天 6:30", chat="")

    said = both.later(60 * 24)

    rung = [chat for chat, words in said if words == "errand: call"]
    assert rung.count(f"voice:{LEADER}") == 1
    report = [words for chat, words in said if "：没回" in words]
    assert "".join(report).count("钟一航：没回") == 1


def test_second_hat_may_order_drill_and_read_the_bands(block: Block) -> None:
    hatted(block, "he_yunfei", "command_room", "综合指挥室")

    assert "明天06:30" in texts_to(
        block.says("he_yunfei", "叫醒演练 明天 6:30", chat=""), "he_yunfei"
    )
    assert "没有签收" in texts_to(block.says("he_yunfei", "办理时段", chat=""), "he_yunfei")
    assert "三率" not in texts_to(block.says(OFFICER, "办理时段", chat=""), OFFICER)


def test_bands_of_the_week_are_told_him_once(both: Block) -> None:
    both.overhears("wmRESIDENT01", THEFT)
    both.says(OFFICER, "签收 0001", chat="")
    both.now += timedelta(minutes=1)

    said = [chat for chat, words in both.hour("pace") if "签收1件" in words]

    assert len(said) == 1
    assert said[0].endswith(f":{LEADER}")


def test_one_person_who_tells_it_thrice_is_no_wide_event(block: Block) -> None:
    words = ("桂花苑3号楼停电一天了，麻烦问问", "桂花苑8号楼家里没电了，又停电，几天了",
             "桂花苑12号楼停电，一天了还没来电")  # fmt: skip
    said = [block.says("wmHOME1", one, chat="kf:wmHOME1") for one in words]
    assert len(block.tickets()) > 1
    assert not any("大面积" in texts_to(one, ROOM) for one in said)

    block.says("wmHOME2", "桂花苑15号楼停电一天了，麻烦问问", chat="kf:wmHOME2")
    said = [block.says("wmHOME3", "桂花苑16号楼停电一天了，麻烦问问", chat="kf:wmHOME3")]

    assert "大面积" in texts_to(said[0], ROOM)


def test_second_hat_declares_a_wide_event_and_gets_its_alarm_once(both: Block) -> None:
    told = []
    for number, building in enumerate((3, 8, 12)):
        her = f"wmHOME{number}"
        told += both.says(her, f"桂花苑{building}号楼停电一天了，麻烦问问", chat=f"kf:{her}")
    assert len([1 for chat, words in told if "大面积" in words and chat.endswith(LEADER)]) == 1

    said = both.says(LEADER, f"大面积 {both.tickets()[0].serial}", chat=GROUP)

    assert any("并进来2件" in words for _, words in said)
    assert len([t for t in both.tickets() if t.is_open]) == 1
