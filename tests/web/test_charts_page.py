"""The page of charts in Chromium: drawn by the library under the page's CSP, read without it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from handlers.dashboard import charts_page
from tests.drafts.block import Block, open_block
from tests.servers.needs import missing
from tests.web.boards import page as page_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
LEADER, WORKER = "zhong_yihang", "fang_xiaoman"
WEEK = "/reports/charts?length=week&on=2026-03-04"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        await opened.overhears("wang_ayi", "3号楼两家人为停车位打起来了，有人动手")
        yield opened


async def enter(page: Page, house: Block) -> None:
    cookies = await house.login(LEADER)
    await page.context.add_cookies(
        [{"name": name, "value": value, "url": house.web} for name, value in cookies.items()]
    )


@pytest.mark.parametrize("width", [1366, 390])
async def test_charts_are_drawn_beside_their_tables_and_everybody_can_read_them(
    page: Page, house: Block, width: int
) -> None:
    if not charts_page.LIBRARY.is_file():
        missing("echarts in static/vendor", "it by `make vendor`")
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    await page.set_viewport_size({"width": width, "height": 800})
    await enter(page, house)

    await page.goto(f"{house.web}{WEEK}")

    places = page.locator("[data-chart]")
    await expect(page.locator("[data-drawn]")).to_have_count(await places.count())
    assert await places.count() >= 3
    await expect(page.locator("[data-chart] canvas").first).to_be_visible()
    await expect(page.locator("main")).to_contain_text("合计登记1件，办结0件，期末在办1件。")
    assert said == [], "no word against the CSP, no fault"
    found = (await Axe().run(page)).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_page_is_read_without_the_library(
    page: Page, house: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts_page, "LIBRARY", Path("nowhere.js"))
    await enter(page, house)

    await page.goto(f"{house.web}{WEEK}")

    await expect(page.locator("[data-chart]")).to_have_count(0)
    await expect(page.locator("main")).to_contain_text("make vendor")
    course = page.get_by_role("region", name="每天登记、办结、在办，表")
    await expect(course.get_by_role("row", name="3月4日")).to_contain_text("1")
    assert (await page_of(house, LEADER, "/reports/echarts.js"))[0] == 404


async def test_who_may_read_no_report_sees_no_chart_and_strange_days_are_refused(
    house: Block,
) -> None:
    assert (await page_of(house, WORKER, WEEK))[0] == 403
    status, body = await page_of(house, LEADER, "/reports/charts?length=aeon")
    assert status == 200
    assert "2月23日至3月1日" in body, "the last week that is over"
    assert "style=" not in body
    assert (await page_of(house, LEADER, "/reports/charts?on=nichts"))[0] == 400
    assert (await page_of(house, LEADER, "/reports"))[1].count("/reports/charts") == 1
