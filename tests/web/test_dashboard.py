"""The dashboard in a real browser over a whole house: a shift's work, and who sees what."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, Route, expect

from storage import web
from tests.drafts.block import OWNER, RESIDENT, Block, open_block

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
ROOM = "邱若兰"
KNIFE = "3号楼有人拿刀追着人砍"
LAMP = "桂花苑9号楼门口路灯不亮，黑灯瞎火"


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened
        assert await opened.errors() == []


async def enter(page: Page, block: Block, name: str = ROOM, path: str = "/") -> None:
    """Come in by the demo's one-time link."""
    await page.goto(f"{block.web}{path}")
    await page.get_by_role("link", name=name).click()
    await expect(page.locator("nav.menu")).to_be_visible()


async def number_of(block: Block, index: int = 0) -> str:
    async with block.session.get(f"{block.web}/api/tickets") as answer:
        return str((await answer.json())[index]["number"])


async def test_danger_is_signed_from_today_and_the_page_says_what_became_of_it(
    page: Page, block: Block
) -> None:
    await block.overhears(RESIDENT, LAMP)
    await block.overhears(RESIDENT, KNIFE)
    await enter(page, block)

    await expect(page.locator(".block h2").first).to_contain_text("险情")
    await page.locator(".block-danger tbody a").first.click()
    await expect(page.locator(".headline")).to_contain_text("已交办")
    await page.get_by_role("button", name="签收", exact=True).click()

    await expect(page.locator("p.said")).to_be_visible()
    await expect(page.locator(".headline")).to_contain_text("已签收")
    await expect(page.locator(".journal")).to_contain_text(ROOM)
    await page.reload()
    await expect(page.locator("p.said")).to_have_count(0)


async def test_open_page_shows_what_comes_without_a_hand(page: Page, block: Block) -> None:
    await enter(page, block)
    await expect(page.locator(".empty")).to_be_visible()
    await expect(page.locator("main[data-watched]")).to_be_attached()

    await block.overhears(RESIDENT, KNIFE)

    await expect(page.locator(".block-danger tbody tr")).to_have_count(1)


async def test_what_moves_before_the_page_listens_is_shown_too(page: Page, block: Block) -> None:
    asked, may_listen = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        asked.set()
        await may_listen.wait()
        await route.continue_()

    await page.route("**/live", late)
    await enter(page, block, path="/tickets")
    await asked.wait()
    await block.overhears(RESIDENT, LAMP)  # no danger: nothing moves of itself afterwards
    may_listen.set()

    await expect(page.locator(".list tbody tr")).to_have_count(1)
    number = await page.locator("main").get_attribute("data-moved")
    assert number
    assert int(number) > 0


async def test_list_is_searched_and_worked_by_keyboard(page: Page, block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    await block.overhears("chen_shu", "桂花苑5号楼消防通道被杂物堵死了")
    await enter(page, block, path="/tickets")
    await page.wait_for_load_state()
    await expect(page.locator(".list tbody tr")).to_have_count(2)

    await page.keyboard.press("/")
    await page.keyboard.type("路灯")
    await page.keyboard.press("Enter")

    await expect(page.locator(".list tbody tr")).to_have_count(1)
    await page.locator("h1").click()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.locator("blockquote.words")).to_contain_text("路灯")


async def test_page_that_renews_itself_waits_for_who_is_writing(page: Page, block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    await enter(page, block, path="/tickets")
    await expect(page.locator("main[data-watched]")).to_be_attached()
    asked, may_come = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        asked.set()
        await may_come.wait()
        await route.continue_()

    await page.route("**/tickets", late)
    await block.overhears("chen_shu", "桂花苑5号楼消防通道被杂物堵死了")
    await asked.wait()
    await page.keyboard.press("/")
    await page.keyboard.type("路灯")
    may_come.set()

    await expect(page.locator(".live")).to_contain_text("填完会更新")
    await expect(page.locator("input[type=search]")).to_have_value("路灯")
    await page.locator("input[type=search]").fill("")
    await page.locator("input[type=search]").blur()
    await expect(page.locator(".list tbody tr")).to_have_count(2)


async def test_every_look_at_a_ticket_is_written_down(block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    number = await number_of(block)
    cookies = await block.login(OWNER)

    async with block.session.get(f"{block.web}/tickets/{number}", cookies=cookies):
        await block.quiet()

    engine = block.house.engine
    (look,) = await engine.database.read(lambda conn: web.views(engine.db_of(conn)))
    assert (look.user, look.what) == (OWNER, "工单")
    assert look.ticket_id > 0


async def test_out_everywhere_ends_every_device(page: Page, block: Block) -> None:
    other = await block.login("qiu_ruolan")
    await enter(page, block, path="/logins")
    await expect(page.locator("tbody tr")).to_have_count(2)

    await page.get_by_role("button", name="所有设备都退出").click()

    await expect(page.locator("h1")).to_contain_text("用谁的身份进")
    async with block.session.get(f"{block.web}/", cookies=other) as answer:
        assert answer.status == 401


@pytest.mark.parametrize("width", [1366, 390], ids=["screen", "phone"])
async def test_pages_can_be_used_by_everybody(page: Page, block: Block, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 768})
    await block.overhears(RESIDENT, LAMP)
    await block.overhears(RESIDENT, KNIFE)
    await enter(page, block)
    for path in ("/", "/tickets?kind=all", f"/tickets/{await number_of(block)}", "/logins"):
        await page.goto(f"{block.web}{path}")

        found = (await Axe().run(page)).response["violations"]

        grave = [f"{v['id']}: {v['nodes'][0]['html']}" for v in found
                 if v["impact"] in ("serious", "critical")]  # fmt: skip
        assert grave == [], path
        assert await page.evaluate("document.documentElement.scrollWidth") == width, path
