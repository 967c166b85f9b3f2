"""A list kept by name in a browser: named, opened, dropped, and out of a colleague's sight."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.drafts.block import OWNER, Block, open_block
from tests.web.boards import page as page_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
NIGHT = "我的夜班"


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened
        assert await opened.errors() == []


async def test_a_list_is_named_opened_and_dropped(page: Page, block: Block) -> None:
    await page.goto(f"{block.web}/tickets?kind=over&grid=g01")
    await page.get_by_role("link", name="邱若兰").click()
    await page.get_by_text("把这些条件存成常用").click()
    await page.get_by_label("叫什么").fill(NIGHT)
    await page.get_by_role("button", name="存", exact=True).click()

    await expect(page.locator("p.said")).to_contain_text("存好了")
    await page.get_by_role("link", name="清空").click()
    await page.get_by_role("link", name=NIGHT).click()
    await expect(page).to_have_url(f"{block.web}/tickets?kind=over&grid=g01")
    await expect(page.get_by_role("link", name=NIGHT)).to_have_attribute("aria-current", "true")
    assert NIGHT not in (await page_of(block, OWNER, "/tickets"))[1]

    await page.get_by_role("button", name=f"删掉“{NIGHT}”").click()
    await expect(page.locator("p.said")).to_contain_text("删掉了")
    await expect(page.get_by_role("link", name=NIGHT)).to_have_count(0)
