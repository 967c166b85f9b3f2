"""Tables taken along (导出): every page's, with the page's rights and fields, a row in the book."""

import asyncio
import csv
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.async_api import Page as Browser
from playwright.async_api import expect
from sqlalchemy import Connection

from config.rights_rules import Page
from handlers.dashboard import boards, out_boards, out_tickets, takeaway, ticket_list
from handlers.dashboard.takeaway import Taken, Taking
from storage import web as books
from tests.drafts.block import Block as House
from tests.drafts.block import open_block
from tests.handlers.block import Block
from tests.handlers.conftest import block as block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import Office
from tests.web import boards as wired
from tests.web.boards import looks

ROOM, LEADER, OFFICER, ANALYST = "qiu_ruolan", "zhong_yihang", "lin_zhiyuan", "yan_suyun"
WORKER = "fang_xiaoman"
ALL = {one.page: one for one in (*out_tickets.TAKINGS, *out_boards.TAKINGS)}
LAMP = "@小警 桂花苑3号楼2单元501室门口路灯不亮"
BEATEN = "我老公又打我了 躲在卫生间 桂花苑5号楼"


def taken(office: Office, of: Page, user: str = ROOM, **given: str) -> Taken:
    found: Taken = looks(office, user, lambda look: ALL[of].read(look, given))
    return found


def column(found: Taken, head: str, table: int = 0) -> list[str]:
    one = found.tables[table]
    return [row[one.heads.index(head)] for row in one.rows]


def test_every_page_of_tables_has_a_description() -> None:
    """Messages to judge stay on their page; files of rules are taken there as they are."""
    no_tables = {Page.HARD, Page.RULES}
    assert set(ALL) == {Page.TODAY, Page.TICKETS, *boards.BOARDS} - no_tables


@pytest.mark.parametrize("taking", ALL.values(), ids=lambda one: one.page.value)
def test_tables_are_those_that_were_named_and_each_row_fits_its_heads(
    office: Office, taking: Taking
) -> None:
    office.says("wang_ayi", LAMP)
    office.says("wang_ayi", "@小警 桂花苑3号楼有人拿刀追人")

    found = taken(office, taking.page, LEADER)

    assert tuple(table.title for table in found.tables) == taking.tables
    for table in found.tables:
        assert {len(row) for row in table.rows} <= {len(table.heads)}
        assert all(isinstance(cell, str) for row in table.rows for cell in row)


def test_list_goes_out_with_its_filter_and_search(office: Office) -> None:
    office.says("wang_ayi", LAMP)
    office.says("chen_shu", "@小警 桂花苑5号楼消防通道被杂物堵死了")

    assert len(taken(office, Page.TICKETS).tables[0].rows) == 2
    assert column(taken(office, Page.TICKETS, words="路灯"), "编号") == [office.tickets()[0].number]
    assert taken(office, Page.TICKETS, kind="ended").tables[0].rows == ()
    assert taken(office, Page.TICKETS, words="路灯").about == "（在办，按词找）"


def test_fields_are_masked_as_on_the_page(office: Office) -> None:
    office.says("wang_ayi", LAMP)

    mine, other = (taken(office, Page.TICKETS, user) for user in (OFFICER, ANALYST))

    assert "501" in column(mine, "地点")[0]
    assert "501" not in "".join("".join(row) for row in other.tables[0].rows)


def test_protected_tickets_go_out_to_nobody_who_may_not_see_them(office: Office) -> None:
    office.says("wang_ayi", BEATEN, chat="")

    assert column(taken(office, Page.TICKETS, LEADER), "保护") == ["保护"]
    assert taken(office, Page.TICKETS, ANALYST).tables[0].rows == ()


def test_all_pages_are_taken_and_beyond_the_limit_a_sentence_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for building in range(1, 8):
        office.says("wang_ayi", f"@小警 桂花苑{building}号楼路灯不亮")
        office.now += timedelta(minutes=11)
    count = len(office.tickets())
    monkeypatch.setattr(ticket_list, "_MOST", 2)

    assert (len(taken(office, Page.TICKETS).tables[0].rows), count > 4) == (count, True)
    assert taken(office, Page.TICKETS).cut == ""
    monkeypatch.setattr(out_tickets, "MOST", 3)
    short = taken(office, Page.TICKETS)
    assert len(short.tables[0].rows) == 3
    assert "登记的为止" in short.cut


def test_book_goes_out_over_all_its_pages(office: Office) -> None:
    def look(number: int) -> Callable[[object], None]:
        key = f"k{number}"
        return lambda db: books.note_view(db, key, OFFICER, "工单", 0, office.now)  # type: ignore[arg-type]

    for number in range(230):
        office.looks(look(number))

    found = taken(office, Page.AUDIT, LEADER)
    assert (found.count, found.cut) == (230, "")


def test_of_who_comes_again_no_place_goes_out(office: Office) -> None:
    found = taken(office, Page.REPEATS, LEADER, kind="repeat_person")

    assert found.about == "（一人多次，在办的）"


def test_drafts_that_wait_stand_in_the_shift(block: Block) -> None:
    block.overhears("wmRESIDENT01", "3号楼2单元501室漏水了")

    found = taken(block, Page.HANDOVER)
    assert column(found, "群", table=2) == ["桂花苑"]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_block(tmp_path) as opened:
        await opened.overhears("wang_ayi", "桂花苑9号楼门口路灯不亮，黑灯瞎火")
        yield opened


async def got(house: House, user: str, path: str) -> tuple[int, bytes, str]:
    cookies = await house.login(user)
    house.session.cookie_jar.clear()
    async with house.session.get(f"{house.web}{path}", cookies=cookies) as answer:
        return answer.status, await answer.read(), answer.headers.get("Content-Disposition", "")


async def looked(house: House) -> list[str]:
    await house.quiet()
    engine = house.house.engine

    def read(conn: Connection) -> list[str]:
        return [one.what for one in books.views(engine.db_of(conn))]

    return await engine.database.read(read)


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_both_files_open_and_stand_in_the_book(house: House) -> None:
    status, body, kept = await got(house, ROOM, "/tickets/export?form=xlsx&kind=open")
    assert (status, kept.startswith("attachment;")) == (200, True)
    book = load_workbook(BytesIO(body))
    assert book.sheetnames == ["工单", "说明"]
    assert book["工单"].max_row == 2
    assert "邱若兰" in book["说明"]["A2"].value

    status, body, _ = await got(house, ROOM, "/tickets/export?form=csv&words=路灯")
    rows = list(csv.reader(StringIO(body.decode("utf-8-sig"))))
    assert (status, rows[0][0], len(rows)) == (200, "编号", 2)
    assert await looked(house) == [
        "导出 工单（在办，按词找） CSV 1行",
        "导出 工单（在办） Excel 1行",
    ]


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_every_table_is_really_downloaded(house: House) -> None:
    for one in ALL.values():
        status, body, _ = await got(house, LEADER, f"{one.address}?form=xlsx")
        assert status == 200, one
        assert len(load_workbook(BytesIO(body)).sheetnames) == len(one.tables) + 1
        last = len(one.tables) - 1
        status, body, _ = await got(house, LEADER, f"{one.address}?form=csv&table={last}")
        assert (status, body[:3]) == (200, b"\xef\xbb\xbf")
    status, body, _ = await got(house, LEADER, "/reports/file?kind=day&form=csv&table=0")
    assert (status, body[:3]) == (200, b"\xef\xbb\xbf")


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_who_may_look_and_not_take_hears_so(house: House) -> None:
    assert (await got(house, WORKER, "/tickets/export?form=csv"))[0] == 403
    assert "/tickets/export" not in (await wired.page(house, WORKER, "/tickets"))[1]
    assert (await got(house, ROOM, "/tickets/export?form=exe"))[0] == 400
    assert (await got(house, ROOM, "/duty/export?form=csv&table=9"))[0] == 400
    assert await looked(house) == []


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_file_is_saved_from_the_page(page: Browser, house: House) -> None:
    await page.goto(f"{house.web}/tickets?kind=all")
    await page.get_by_role("link", name="邱若兰").click()
    await expect(page.locator(".ways-out")).to_be_visible()
    async with page.expect_download() as saving:
        await page.locator(".ways-out").get_by_role("link", name="CSV").click()
    saved = await saving.value

    text = await asyncio.to_thread(Path(await saved.path()).read_text, "utf-8-sig")
    assert saved.suggested_filename.startswith("工单（全部）")
    assert "路灯" in text
    assert takeaway.MOST == 5000
