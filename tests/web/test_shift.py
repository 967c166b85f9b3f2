"""One whole shift in the browser: danger, more time, a diversion, one of two, a table, a line said.

Nobody types in a chat here. What residents say comes through the archive, the clock is the test's.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.async_api import Page, expect

from tests.drafts.block import OWNER, RESIDENT, Block, open_block

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ROOM, LEADER = "qiu_ruolan", "zhong_yihang"
KNIFE = "3号楼有人拿刀追着人砍"
QUARREL = "桂花苑3号楼两家人为停车位吵架，麻烦来调解一下"
STALL = "桂花苑南门口烧烤摊油烟太大，占着人行道"
expect.set_options(timeout=15_000)


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened
        assert await opened.errors() == []


async def sits_down(page: Page, block: Block, user: str, path: str = "/") -> None:
    """Another person at the same machine."""
    cookies = await block.login(user)
    await page.context.clear_cookies()
    await page.context.add_cookies(
        [{"name": name, "value": value, "url": block.web} for name, value in cookies.items()]
    )
    await goes_to(page, block, path)


async def goes_to(page: Page, block: Block, path: str) -> None:
    await page.goto(f"{block.web}{path}")
    await page.wait_for_load_state()


async def answered(page: Page) -> str:
    """What the bot said to the last button."""
    await page.wait_for_load_state()
    await expect(page.locator("p.said")).to_be_visible()
    return await page.locator("p.said").inner_text()


async def passes(block: Block, **span: float) -> None:
    await block.pass_time(timedelta(**span))
    await block.quiet()


async def opens(page: Page, words: str) -> str:
    """The page of the ticket in whose line that stands; its number."""
    await page.locator("tbody tr", has_text=words).locator("a").first.click()
    await page.wait_for_load_state()
    return await page.locator("#number").inner_text()


async def test_a_shift_is_worked_on_the_pages_alone(page: Page, block: Block) -> None:
    await _danger_is_called_on_and_signed(page, block)
    await _quarrel_gets_more_time(page, block)
    await _stall_goes_to_its_department(page, block)
    await _two_reports_become_one(page, block)
    await _table_is_taken_along(page, block)
    await _line_is_approved_and_said(page, block)


async def _danger_is_called_on_and_signed(page: Page, block: Block) -> None:
    await block.overhears(RESIDENT, KNIFE)
    await sits_down(page, block, ROOM)
    number = await opens(page, "3号楼")
    await expect(page.locator("main[data-watched]")).to_be_attached()
    await passes(block, seconds=61)
    await expect(page.locator(".journal")).to_contain_text("叫")

    await page.get_by_role("button", name="签收", exact=True).click()

    assert number[-5:-1] in await answered(page)
    await expect(page.locator(".headline")).to_contain_text("已签收")


async def _quarrel_gets_more_time(page: Page, block: Block) -> None:
    await block.overhears("chen_shu", QUARREL)
    await sits_down(page, block, OWNER, "/tickets")
    number = await opens(page, "停车位")
    await page.get_by_role("button", name="签收", exact=True).click()
    await answered(page)
    await page.get_by_text("还可以").click()
    await page.get_by_label("延期：例如").fill("2天 两家都要等物业的车位图")
    await page.get_by_role("button", name="延期", exact=True).click()
    assert "批" in await answered(page)

    await sits_down(page, block, LEADER)
    wish = page.locator(".wishes li", has_text=number)
    await expect(wish).to_contain_text("两家都要等物业的车位图")
    await wish.get_by_role("button", name="同意", exact=True).click()
    await answered(page)
    await expect(page.locator(".wishes li", has_text=number)).to_have_count(0)


async def _stall_goes_to_its_department(page: Page, block: Block) -> None:
    await block.overhears("chen_shu", QUARREL.replace("3号楼", "7号楼"))
    await sits_down(page, block, ROOM, "/tickets")
    await opens(page, "7号楼")
    await page.get_by_text("还可以").click()
    await page.get_by_label("分流：选一个").select_option(label="溪河城管中队")
    await page.get_by_label("分流：为什么归它管").fill("车位划在人行道上，归城管")
    await page.get_by_role("button", name="分流", exact=True).click()

    assert "城管" in await answered(page)
    await expect(page.locator(".facts dl")).to_contain_text("溪河城管中队")


async def _two_reports_become_one(page: Page, block: Block) -> None:
    await block.overhears("chen_shu", "桂花苑9号楼门口路灯不亮，黑灯瞎火")
    await block.overhears("wang_ayi", "桂花苑5号楼消防通道被杂物堵死了")
    await sits_down(page, block, ROOM, "/tickets")
    lines = page.locator(".list tbody tr")
    for words in ("9号楼", "5号楼"):
        await lines.filter(has_text=words).locator("input[type=checkbox]").check()
    await page.get_by_role("button", name="并成最早的一件").click()

    assert "0005已并入0004" in await answered(page)
    await expect(lines.filter(has_text="0004")).to_have_count(1)
    await expect(lines.filter(has_text="0005")).to_have_count(0)


async def _table_is_taken_along(page: Page, block: Block) -> None:
    await goes_to(page, block, "/tickets?kind=all")
    async with page.expect_download() as saving:
        await page.locator(".ways-out").get_by_role("link", name="Excel").click()
    saved = await asyncio.to_thread(Path(await (await saving.value).path()).read_bytes)

    book = load_workbook(BytesIO(saved))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert sum("XH260304" in str(row) for row in rows) == 5
    await sits_down(page, block, LEADER, "/audit")
    await expect(page.locator("main")).to_contain_text("导出")


async def _line_is_approved_and_said(page: Page, block: Block) -> None:
    """Thursday evening the line for Friday waits for the officer."""
    await passes(block, days=1, hours=9, minutes=5)
    await sits_down(page, block, OWNER, "/publicity")
    await page.locator(".proposals").get_by_role("button", name="同意").first.click()
    assert "发" in await answered(page)
    await passes(block, hours=16)

    await sits_down(page, block, OWNER, "/publicity")
    await expect(page.locator("#h-lines ~ table")).to_contain_text("发了")
