"""Publicity after a case, and what is asked under a line."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.publicity import Why
from bot.lines import line_of
from bot.turn import Turn
from config.publicity_rules import Publicity
from config.vocabulary import Role
from handlers import publicity, publicity_reach
from storage import drafts
from storage.database import table_of
from storage.spans import Span
from storage.tables import TicketRow
from tests.handlers.block import Block
from tests.handlers.office import GROUP
from tests.handlers.publicising import (
    INSIDE,
    MONDAY,
    OFFICER,
    RULES,
    WORKER,
    approved,
    lines,
    posts,
    types,
    until,
)
from tests.handlers.publicising import station as station

# -- after a case ----------------------------------------------------------------------------------


def told_fraud(block: Block, words: str = "我被骗了，刷单骗走了三万") -> None:
    block.now = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)  # Thursday, 10:00
    block.overhears("wang_ayi", words)


def test_a_case_proposes_the_line_at_once_and_nothing_of_the_case(station: Block) -> None:
    told_fraud(station)

    (line,) = lines(station)
    assert (line.cause, line.topic, line.approver, line.day) == (
        *("case", "fraud", OFFICER),
        "2026-03-05",
    )
    assert line.text in {one["text"] for one in RULES["topics"][0]["variants"]}  # type: ignore[index]
    assert set(posts(station)) == {GROUP}, "the groups of that grid alone"
    card = station.card_of(OFFICER, "要不要在群里提醒一句：反诈")
    assert "三万" not in str(card)
    types(station, OFFICER, "宣传 同意")
    station.later(1)
    assert [one.kind for one in station.waiting() if one.kind == "publicity"] == ["publicity"]


def test_that_it_happened_here_is_said_after_it_was_verified(station: Block) -> None:
    told_fraud(station)
    (ticket,) = station.tickets()
    types(station, OFFICER, f"签收 {ticket.serial}")
    types(station, OFFICER, f"到场 {ticket.serial}")
    station.hour("publicity_rounds")
    assert len(lines(station)) == 1, "gone to is not verified"
    station.looks(lambda db: verified(db, ticket.id))

    for _ in range(2):
        station.now += timedelta(hours=1)
        station.hour("publicity_rounds")

    plain, sure = lines(station)
    assert (plain.state, sure.state) == ("lapsed", "proposed")
    assert sure.text == f"本辖区近日有类似的事，请多留意。{plain.text}"


def verified(db: Any, number: int) -> None:
    tickets = table_of(TicketRow)
    db.conn.execute(update(tickets).where(tickets.c.id == number).values(stage="handling"))


@pytest.mark.parametrize("words", ["我老公又打我了，还骗走我的钱", "我家孩子被人骗了，他才十二岁"])
def test_no_line_follows_a_protected_matter(station: Block, words: str) -> None:
    told_fraud(station, words)

    assert lines(station) == []


def test_no_line_follows_where_few_people_live(station: Block) -> None:
    small = Publicity.model_validate(RULES | {"small": {"buildings": 19, "residents": 50}})
    station.rules = dataclasses.replace(station.rules, publicity=small)

    told_fraud(station)

    assert station.tickets()[0].category == "P02"
    assert lines(station) == []


# -- questions under it ----------------------------------------------------------------------------


def test_a_question_under_a_line_is_answered_and_counted(station: Block) -> None:
    approved(station)
    until(station, 10, 10, 1)

    answered = station.says("wang_ayi", "警务室在哪？几点开门", chat=INSIDE)
    asked = station.says("zhou_shushu", "反诈APP怎么注销账号？", chat=INSIDE)

    assert "桂花路8号" in "".join(words for chat, words in answered if chat == INSIDE)
    assert asked
    found = posts(station)[INSIDE]
    assert (found.asked, found.answered) == (2, 1)
    until(station, 11, 10, 2)
    station.says("wang_ayi", "警务室在哪？几点开门", chat=INSIDE)
    assert posts(station)[INSIDE].asked == 2, "a day later it is a question like any other"


def test_where_nobody_spoke_to_us_only_a_question_under_a_line_is_answered(station: Block) -> None:
    approved(station)
    station.overhears("wang_ayi", "警务室在哪？几点开门")
    assert station.waiting() == [], "nobody asked us"
    until(station, 10, 10, 1)
    number = next(d.id for d in station.waiting())
    station.looks(lambda db: drafts.end(db, [number], drafts.SENT, station.now, WORKER))

    station.overhears("zhou_shushu", "警务室在哪？几点开门")

    (draft,) = station.waiting()
    assert "桂花路8号" in draft.text


def test_figures_stand_in_the_report_of_the_week(station: Block) -> None:
    approved(station)
    until(station, 10, 10, 1)
    span = Span(MONDAY, station.now + timedelta(hours=1))

    def read(db: Any) -> tuple[str, ...]:
        turn = Turn(db, station.rules, None, station.now)  # type: ignore[arg-type]
        return publicity_reach.words(turn, span)

    (words,) = station.looks(read)
    assert "说了1句次，到1个群" in words
    assert "不看谁读没读" in words
    assert Why.UNSENT.label not in words


def test_the_stand_in_of_an_officer_on_leave_decides(station: Block) -> None:
    types(station, OFFICER, "请假 3天")
    station.hour("publicity_evening")

    approvers = {one.approver for one in lines(station)}

    assert OFFICER not in approvers
    room = {one.id for one in station.rules.people_with(Role.COMMAND_ROOM)}
    assert approvers & room


def test_the_hours_stand_in_the_list_of_jobs_only_with_lines(station: Block) -> None:
    assert publicity.jobs(station.rules)["publicity_evening"] == "0 18 * * *"
    empty = dataclasses.replace(station.rules, publicity=Publicity.none())
    assert publicity.jobs(empty) == {}
    assert line_of(GROUP)
