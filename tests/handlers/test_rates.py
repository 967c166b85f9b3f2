"""三率: each rate with its base; what is left out, why, and how much of all it is."""

import pytest

from tests.handlers.block import Block, texts_to

OFFICER, ROOM, LEADER, WORKER = "lin_zhiyuan", "qiu_ruolan", "zhong_yihang", "fang_xiaoman"
QUARREL = "桂花苑{}号楼两家人为停车位吵架，麻烦来调解一下"


def say(block: Block, user: str, words: str) -> str:
    return texts_to(block.says(user, words, chat=""), user)


def judged(block: Block, number: int, score: str, *, minutes: int = 1) -> str:
    """A quarrel at that building, signed so late, worked, and judged by who told it."""
    her = f"wmRESIDENT{number:02}"
    block.overhears(her, QUARREL.format(number))
    serial = block.tickets()[-1].serial
    block.later(minutes)
    say(block, OFFICER, f"签收 {serial}")
    say(block, OFFICER, f"到场 {serial}")
    say(block, OFFICER, f"处置 {serial} 已解决 两家谈好了")
    block.later(2)
    block.says(her, score, chat=f"bot:{her}")
    return serial


@pytest.fixture
def month(block: Block) -> Block:
    """Well judged in time, low and settled but signed late, and one that was refused."""
    judged(block, 1, "5")
    late = judged(block, 2, "2", minutes=50)
    block.says("wmRESIDENT02", "解决了", chat="bot:wmRESIDENT02")
    assert late
    return block


def test_each_rate_has_its_base(month: Block) -> None:
    told = say(month, LEADER, "三率")

    assert "计入2件" in told
    assert "响应1/2" in told
    assert "解决1/2" in told
    assert "满意1/2（4分以上；评了/请评 2/2）" in told


def test_room_takes_one_out_with_a_reason_and_its_share_is_shown(month: Block) -> None:
    assert "请带上原因" in say(month, ROOM, "不计 0002")
    assert "计入2件" in say(month, LEADER, "三率")

    say(month, ROOM, "不计 0002 恶意重复")
    told = say(month, LEADER, "三率")

    assert "计入1件；不计1/2：指挥室定的1" in told
    assert "满意1/1" in told
    assert "不计入三率：恶意重复" in say(month, ROOM, "查 0002")
    say(month, ROOM, "计入 0002 核实不是恶意")
    assert "计入2件；不计0/2：没有" in say(month, LEADER, "三率")


def test_who_worked_it_does_not_take_his_own_bad_mark_out(month: Block) -> None:
    say(month, OFFICER, "不计 0002 不算")
    assert "计入2件" in say(month, LEADER, "三率")
    assert "综合指挥室" in say(month, WORKER, "三率")
    month.overhears("wmRESIDENT03", QUARREL.format(3))
    say(month, OFFICER, "转 0003 邱若兰")
    assert "您经手的" in say(month, ROOM, "不计 0003 不算")


def test_unreached_duplicate_refused_and_danger_are_left_out_by_themselves(month: Block) -> None:
    month.overhears("wmRESIDENT03", QUARREL.format(3))
    month.overhears("wmRESIDENT04", QUARREL.format(4))
    say(month, OFFICER, "0004 并入 0003")
    month.overhears("wmRESIDENT05", QUARREL.format(5))
    say(month, ROOM, "不予受理 0005 没有具体事 说不清楚是什么")
    month.overhears("wmRESIDENT06", "13号楼5楼着火了，好大的烟，快来人啊")
    serial = month.tickets()[-1].serial
    say(month, OFFICER, f"签收 {serial}")
    say(month, OFFICER, f"处置 {serial} 已解决 火灭了")
    month.later(60)

    told = say(month, LEADER, "三率")

    assert "计入2件" in told
    assert "不计3/5：险情1、重复1、依法不归办1" in told
