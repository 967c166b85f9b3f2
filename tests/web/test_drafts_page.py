"""What waits for a human's mouth (待代发): whose turn, since when; copied, marked, given up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from handlers.dashboard import drafts_page
from handlers.dashboard.drafts_page import Board
from tests.drafts.block import Block as House
from tests.drafts.block import open_block
from tests.handlers.block import Block
from tests.handlers.conftest import block as block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.web import boards

ROOM, OFFICER, ELSEWHERE, DEPARTMENT = "qiu_ruolan", "lin_zhiyuan", "he_yunfei", "yan_suyun"
LEAK = "3号楼2单元漏水了"
KNIFE = "3号楼有人拿刀追人"


def board(block: Block, user: str) -> Board:
    return boards.looks(block, user, drafts_page.board)


def test_words_stand_there_for_who_may_say_them(block: Block) -> None:
    block.overhears("wmRESIDENT01", LEAK)

    mine = board(block, OFFICER).mine
    said = {one.text for one in mine}

    assert {draft.text for draft in block.waiting()} <= said
    assert {one.group for one in mine} == {"桂花苑"}
    assert block.tickets()[0].number in {one.number for one in mine}
    assert all(one.expires_at > block.now for one in mine)


def test_whoever_was_asked_is_named(block: Block) -> None:
    block.overhears("wmRESIDENT01", KNIFE)

    (danger,) = [one for one in board(block, OFFICER).mine if one.danger]
    assert danger.asked
    assert danger.kind == "险情提示"


def test_who_may_not_speak_there_sees_no_words(block: Block) -> None:
    block.overhears("wmRESIDENT01", LEAK)

    others = board(block, DEPARTMENT)
    assert others.mine == []
    assert {one.text for one in others.others} == {""}
    assert board(block, ELSEWHERE) == Board([], [], 0)


def test_protected_ticket_is_not_named_to_who_may_not_see_it(block: Block) -> None:
    block.overhears("wmRESIDENT01", "我老公又打我了 躲在卫生间 桂花苑5号楼")

    seen = board(block, DEPARTMENT)
    assert {one.number for one in (*seen.mine, *seen.others)} <= {""}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_block(tmp_path) as opened:
        yield opened
        assert await opened.errors() == []


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_words_are_copied_and_marked_as_sent(page: Page, house: House) -> None:
    await house.overhears("wang_ayi", "桂花苑9号楼门口路灯不亮，黑灯瞎火")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(f"{house.web}/drafts")
    await page.get_by_role("link", name="林知远").click()
    first = page.locator(".to-say > li", has_text="答话")
    await expect(first).to_have_count(1)
    words = await first.locator("blockquote").inner_text()
    assert (await Axe().run(page)).response["violations"] == []

    await first.get_by_role("button", name="复制").click()
    await expect(first.get_by_role("button", name="复制了")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == words
    await first.get_by_role("button", name="已发出").click()

    await expect(page.locator(".to-say > li", has_text="答话")).to_have_count(0)
    await expect(page.get_by_role("link", name="待代发")).to_have_attribute("aria-current", "page")


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_nobody_presses_for_a_group_that_is_not_his(house: House) -> None:
    await house.overhears("wang_ayi", "桂花苑9号楼门口路灯不亮，黑灯瞎火")
    cookies = await house.login(ELSEWHERE)
    form = {"key": house.form_key(cookies), "id": "1", "act": "sent"}

    async with house.session.post(f"{house.web}/drafts", data=form, cookies=cookies) as answer:
        assert answer.status == 404
        refused = await answer.text()
    form |= {"id": "x"}
    async with house.session.post(f"{house.web}/drafts", data=form, cookies=cookies) as answer:
        assert (answer.status, await answer.text()) == (404, refused)
