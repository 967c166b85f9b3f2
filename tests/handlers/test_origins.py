"""来源: how a matter is registered by its way, and the sums for the room."""

import pytest

from tests.handlers.block import Block, texts_to

ROOM, WORKER = "qiu_ruolan", "fang_xiaoman"


@pytest.mark.parametrize(
    ("said", "origin"),
    [
        ("登记 电话 桂花苑3号楼半夜太吵", "phone"),
        ("登记 来访：桂花苑3号楼半夜太吵", "walk_in"),
        ("登记 巡逻 桂花苑3号楼半夜太吵", "lead"),
        ("登记 桂花苑3号楼半夜太吵", "counter"),
    ],
)
def test_way_is_said_behind_the_command(block: Block, said: str, origin: str) -> None:
    block.says(ROOM, said, chat="")

    (ticket,) = block.tickets()
    assert ticket.origin == origin
    assert ticket.masked == "桂花苑3号楼半夜太吵"


def test_slip_keeps_class_place_and_time_alone(block: Block) -> None:
    block.says(ROOM, "登记 警单 21:30 桂花苑3号楼2单元402室李四报警说楼上太吵 13900001111", chat="")

    (ticket,) = block.tickets()
    assert ticket.origin == "slip"
    assert ticket.masked == ticket.original == "警单，生活噪音扰民，桂花苑3号楼，21:30"
    assert "room" not in ticket.place
    assert "unit" not in ticket.place


def test_only_the_room_types_slips(block: Block) -> None:
    said = block.says(WORKER, "登记 警单 桂花苑3号楼太吵", chat="")

    assert "警单由" in texts_to(said, WORKER)
    assert block.tickets() == []


def test_figures_say_what_they_count_and_no_share_of_a_few(block: Block) -> None:
    block.says(ROOM, "登记 电话 桂花苑3号楼半夜太吵", chat="")
    block.overhears("wang_ayi", "东门的路灯坏了")

    said = texts_to(block.says(ROOM, "来源", chat=""), ROOM)

    assert "仅统计本系统登记事项，不含110警情" in said
    assert "电话：登记1件" in said
    assert "群里：登记1件" in said
    assert "%" not in said


def test_figures_are_not_for_everybody(block: Block) -> None:
    said = texts_to(block.says(WORKER, "来源", chat=""), WORKER)

    assert "登记" not in said
