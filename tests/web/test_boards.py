"""All boards in a real browser: axe-core, the width of a phone, and who may open which."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page as Tab

from handlers.dashboard.boards import BOARDS
from tests.drafts.block import Block, open_block

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
LEADER = "zhong_yihang"
SAID = ("3号楼有人拿刀追着人砍", "桂花苑9号楼门口路灯不亮，黑灯瞎火", "我老公又打我了 桂花苑5号楼")
PATHS = (*(f"/{one.value}" for one in BOARDS), "/wall", "/repeats?kind=repeat_person")


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened
        assert await opened.errors() == []


@pytest.mark.parametrize("width", [1366, 390], ids=["screen", "phone"])
async def test_every_board_can_be_used_by_everybody(page: Tab, block: Block, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 768})
    for words in SAID:
        await block.overhears("wang_ayi", words)
    cookies = await block.login(LEADER)
    await page.context.add_cookies(
        [{"name": name, "value": value, "url": block.web} for name, value in cookies.items()]
    )
    for path in PATHS:
        await page.goto(f"{block.web}{path}")

        found = (await Axe().run(page)).response["violations"]

        grave = [f"{v['id']}: {v['nodes'][0]['html']}" for v in found
                 if v["impact"] in ("serious", "critical")]  # fmt: skip
        assert grave == [], path
        assert await page.evaluate("document.documentElement.scrollWidth") == width, path
