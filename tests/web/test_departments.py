"""Departments (部门): what lies with each, what came back, how well the list sends."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.dashboard import departments
from handlers.dashboard.departments import Board, Row
from tests.drafts.block import Block, open_block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import Office
from tests.web.boards import looks, page

ROOM, CITY = "qiu_ruolan", "wei_heping"
LAMP = "@小警 石桥村村口的路灯坏了好几天"


def _board(office: Office, user: str = ROOM) -> Board:
    return looks(office, user, departments.board)


def _row(office: Office, user: str = ROOM) -> Row:
    return next(row for row in _board(office, user).rows if row.id == "city_management")


def test_what_was_diverted_lies_with_its_department(office: Office) -> None:
    office.says("wu_laosan", LAMP, chat="wrSHIQIAO1")

    row = _row(office)
    assert (row.counts.open, row.counts.unsigned, row.counts.over, row.diverted) == (1, 1, 0, 1)
    assert row.contact == "魏和平"
    office.now += timedelta(days=30)
    assert _row(office).counts.over == 1


def test_what_came_back_is_counted_with_what_it_rests_on(office: Office) -> None:
    office.says("wu_laosan", LAMP, chat="wrSHIQIAO1")
    number = office.tickets()[0].serial
    office.says(CITY, f"退回 {number} 不归我们管，是村里的灯", chat="")

    board = _board(office)

    assert _row(office).returned == 1
    first = board.figures[0]
    assert (first.it.diverted, first.returned) == (1, "1/1")


def test_below_ten_there_is_no_percentage(office: Office) -> None:
    for count in range(9):
        office.says("wu_laosan", f"{LAMP}，第{count}处", chat="wrSHIQIAO1")
        office.now += timedelta(days=2)

    assert 0 < _board(office).diverted < 10
    assert not any("%" in one.returned for one in _board(office).figures)


def test_who_answers_for_one_department_sees_that_one(office: Office) -> None:
    office.says("wu_laosan", LAMP, chat="wrSHIQIAO1")

    board = _board(office, "kang_liqun")

    assert [row.id for row in board.rows] == ["housing"]
    assert board.figures == []
    assert board.diverted == 0


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_the_page_lists_every_department(house: Block) -> None:
    status, text = await page(house, ROOM, "/departments")

    assert status == 200
    assert "城管" in text
    assert "近 90 天没有分流" in text
    assert (await page(house, CITY, "/departments"))[0] == 403
