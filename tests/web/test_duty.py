"""The duty calendar (值班): now, the next days, leave, substitutes, days in the village."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.people_rules import Leave
from handlers.dashboard import duty
from handlers.dashboard.duty import Board, Row
from tests.drafts.block import Block, open_block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import Office
from tests.web.boards import looks, page

ROOM = "qiu_ruolan"


def _board(office: Office, grid: str = "") -> Board:
    return looks(office, ROOM, lambda look: duty.board(look, grid))


def _row(board: Board, grid: str, name: str) -> Row:
    return next(
        row for one, rows in board.grids if one.id == grid for row in rows if row.name == name
    )


def test_on_working_days_everybody_has_his_own_grid_and_at_weekends_a_group_has_all(
    office: Office,
) -> None:
    board = _board(office)

    cells = _row(board, "g03", "社区民警").cells
    first = [cell.by_day[0].name for cell in cells]
    rest = [str(day.day) for day in board.days if not day.is_workday]
    assert rest == ["2026-03-07", "2026-03-08"]
    assert first == ["贺云飞"] * 3 + ["林知远"] * 2 + ["贺云飞"] * 3


def test_leave_shows_the_substitute_and_for_whom(office: Office) -> None:
    leave = Leave.model_validate(
        {"id": "lin_zhiyuan", "from": "2026-03-05", "to": "2026-03-05", "substitute": "tang_shuo"}
    )
    roster = office.rules.roster.model_copy(update={"leave": (leave,)})
    office.rules = dataclasses.replace(office.rules, roster=roster)

    cells = _row(_board(office), "g01", "社区民警").cells

    assert [(one.name, one.instead_of) for one in cells[1].by_day[:1]] == [
        ("唐朔", "替林知远（请假）")
    ]
    assert cells[0].by_day[0].name == cells[2].by_day[0].name == "林知远"


def test_on_other_days_than_his_somebody_stands_in_for_who_lives_in_the_village(
    office: Office,
) -> None:
    cells = _row(_board(office), "g03", "辅警").cells

    assert [cell.by_day[0].name for cell in cells[:3]] == ["肖北辰", "肖北辰", "唐朔"]
    assert cells[2].by_day[0].instead_of == "替肖北辰（不驻村）"


def test_who_says_that_he_is_away_is_away_now_and_there_again_later(office: Office) -> None:
    office.says("lin_zhiyuan", "忙 2小时", chat="")

    board = _board(office, "g01")
    row = _row(board, "g01", "社区民警")
    assert "林知远" not in [one.name for one in row.now]
    assert [(one.name, one.why) for one in board.away] == [("林知远", "忙")]
    office.now += timedelta(hours=3)
    assert _row(_board(office), "g01", "社区民警").now[0].name == "林知远"


def test_a_grid_that_is_named_stands_alone(office: Office) -> None:
    assert [grid.id for grid, _ in _board(office, "g02").grids] == ["g02"]
    assert len(_board(office, "nowhere").grids) == 3


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_every_member_of_staff_may_open_it(house: Block) -> None:
    status, text = await page(house, "fang_xiaoman", "/duty?grid=g01")

    assert status == 200
    assert "林知远" in text
    assert "石桥警务室" not in text
    assert "大家都在岗" in text
