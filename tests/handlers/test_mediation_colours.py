"""The colour of a quarrel (颜色): from its words, its age and its officer; who looks and signs."""

from datetime import timedelta

from config.vocabulary import Stage
from tests.handlers.block import Block, texts_to
from tests.handlers.mediating import (
    MEDIATOR,
    OFFICER,
    QUARREL,
    RESIDENT,
    ROOM,
    STATION,
    WORKER,
    begun,
    colour_of,
    running,
    serial,
    signed,
    told,
)

__all__ = ["begun", "running", "signed"]


def test_colour_is_lowered_by_the_officer_alone_after_a_quiet_month(signed: Block) -> None:
    number = serial(signed)
    assert colour_of(signed) == ""
    signed.says(OFFICER, f"补充 {number} 昨天两家还动手推搡", chat="")
    assert colour_of(signed) == "yellow"

    assert "只能由社区民警" in told(signed, ROOM, ROOM, f"降色 {number} 平静了")
    assert "还不能降色" in told(signed, OFFICER, OFFICER, f"降色 {number} 平静了")
    signed.now += timedelta(days=31)
    assert "降为蓝色" in told(signed, OFFICER, OFFICER, f"降色 {number} 平静了")
    assert colour_of(signed) == "blue"


def test_risk_of_the_first_words_stands_on_the_card(block: Block) -> None:
    block.says(RESIDENT, QUARREL, chat="")
    fields = dict(map(tuple, block.card_of(OFFICER, "")["fields"]))
    assert "颜色" not in fields

    block.says(RESIDENT, "桂花苑5号楼对门为挂镜子的事天天跟我吵架，上个月还推搡过", chat="")
    fields = dict(map(tuple, block.card_of(OFFICER, "")["fields"]))
    assert (block.tickets()[1].category, fields.get("颜色")) == ("P11", "黄色")


def test_yellow_is_looked_at_by_a_second_person(signed: Block) -> None:
    number = serial(signed)
    signed.says(OFFICER, f"补充 {number} 昨天两家还动手推搡", chat="")

    signed.says(OFFICER, f"处置 {number} 调解成功，镜子移走", chat="")
    said = signed.later(2)

    assert signed.tickets()[0].stage is Stage.RECHECK
    assert "复核" in texts_to(said, STATION)


def test_officer_gives_red_and_then_the_leader_signs(signed: Block) -> None:
    number = serial(signed)
    assert "写颜色和理由" in told(signed, OFFICER, OFFICER, f"定色 {number} 红色")
    assert "由社区民警定" in told(signed, WORKER, WORKER, f"定色 {number} 红色 怕出事")

    assert "定为红色" in told(signed, OFFICER, OFFICER, f"定色 {number} 红色 两家都叫了人来")

    assert "已经是这个颜色" in told(signed, OFFICER, OFFICER, f"定色 {number} 黄色 还行")
    assert "督办" in texts_to(signed.later(1), STATION)
    assert "签字" in told(signed, OFFICER, OFFICER, f"处置 {number} 调解成功")
    signed.says(STATION, f"签字 {number}", chat="")
    signed.says(OFFICER, f"处置 {number} 调解成功", chat="")
    assert signed.tickets()[0].stage is Stage.RESOLVED


def test_quarrel_that_nobody_mediates_rises_with_time_too(signed: Block) -> None:
    said = signed.later(60 * 24 * 8)

    assert "升为黄色" in texts_to(said, OFFICER)
    assert "回“调解" in texts_to(said, OFFICER)
    assert colour_of(signed) == "yellow"


def test_colour_rises_with_time_and_names_the_next_force(running: Block) -> None:
    said = running.later(60 * 24 * 8)

    assert "升为黄色" in texts_to(said, MEDIATOR)
    assert "镇人民调解" in texts_to(said, OFFICER)
    assert colour_of(running) == "yellow"
    assert "升为红色" in texts_to(running.later(60 * 24 * 14), MEDIATOR)


def test_colour_of_what_is_settled_stays(running: Block) -> None:
    running.says(MEDIATOR, f"调解结果 {serial(running)} 成功 镜子移走", chat="")

    said = running.later(60 * 24 * 22)

    assert "升为" not in texts_to(said, MEDIATOR)
    assert colour_of(running) == ""
