"""The book of looks (留痕): newest first, of one person, and nothing given away by it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.dashboard import audit
from handlers.dashboard.audit import Book
from storage import web as books
from tests.drafts.block import Block, open_block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import Office
from tests.web.boards import looks, page

LEADER, INSPECTOR = "zhong_yihang", "meng_fanxing"
OFFICER = "lin_zhiyuan"


def _book(office: Office, user: str = LEADER, before: int = 0, of: str = "") -> Book:
    return looks(office, user, lambda look: audit.book(look, before, of))


def _looked(office: Office, user: str, ticket_id: int = 0, count: int = 1) -> None:
    for number in range(count):
        office.now += timedelta(seconds=1)
        key = f"{user}:{office.now}:{number}"
        office.looks(
            lambda db, key=key: books.note_view(db, key, user, "工单", ticket_id, office.now)
        )


def test_a_look_stands_with_who_and_which(office: Office) -> None:
    office.says("wang_ayi", "@小警 桂花苑3号楼路灯不亮")
    _looked(office, OFFICER, office.tickets()[0].id)

    (row,) = _book(office).rows
    assert (row.name, row.what, row.number) == ("林知远", "工单", office.tickets()[0].number)


def test_a_ticket_that_the_reader_may_not_see_has_no_number(office: Office) -> None:
    office.says("wang_ayi", "@小警 桂花苑3号楼路灯不亮")
    _looked(office, OFFICER, office.tickets()[0].id)

    (row,) = _book(office, INSPECTOR).rows
    assert (row.number, row.is_hidden) == ("", True)


def test_pages_go_on_by_the_last_id(office: Office) -> None:
    _looked(office, OFFICER, count=101)

    first = _book(office)
    assert len(first.rows) == 100
    rest = _book(office, before=first.more)
    assert (len(rest.rows), rest.more) == (1, 0)
    assert rest.rows[0].at < first.rows[-1].at


def test_one_persons_looks_alone(office: Office) -> None:
    _looked(office, OFFICER)
    _looked(office, "he_yunfei")

    assert [row.name for row in _book(office, of=OFFICER).rows] == ["林知远"]
    assert [row.name for row in _book(office).rows] == ["贺云飞", "林知远"]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_opening_a_ticket_is_a_line_in_the_book(house: Block) -> None:
    await house.overhears("wang_ayi", "桂花苑3号楼有人拿刀追人")
    status, listed = await page(house, OFFICER, "/tickets")
    assert status == 200
    number = listed.split('href="/tickets/')[1].split('"')[0]
    assert (await page(house, OFFICER, f"/tickets/{number}"))[0] == 200
    await house.quiet()

    status, text = await page(house, LEADER, f"/audit?user={OFFICER}")

    assert status == 200
    assert number in text
    assert (await page(house, OFFICER, "/audit"))[0] == 403
