"""The page of publicity (宣传): what it shows to whom; a line from the evening to two groups."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page as Tab
from playwright.async_api import expect

from handlers.dashboard import publicity_page
from handlers.dashboard.publicity_page import Board
from tests.drafts import block as drafts_block
from tests.drafts.block import GROUP, OWNER
from tests.handlers.block import Block
from tests.handlers.conftest import block as block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.publicising import INSIDE, MONDAY, OFFICER, OTHER, approved, types, until
from tests.handlers.publicising import station as station
from tests.web.boards import looks

LEADER = "zhong_yihang"
expect.set_options(timeout=15_000)


def seen(station: Block, user: str, month: str = "") -> Board:
    return looks(station, user, lambda look: publicity_page.board(look, month))


def test_the_month_shows_what_is_planned_and_what_waits_for_whom(station: Block) -> None:
    before = seen(station, OFFICER)
    station.hour("publicity_evening")
    mine, his, all_of_it = (seen(station, user) for user in (OFFICER, OTHER, LEADER))

    days = {cell.day.day: cell for week in before.weeks for cell in week if cell.is_inside}
    assert days[10].planned == ("反诈",)
    assert days[9].is_today
    assert [(one.name, one.groups) for one in mine.waiting] == [("反诈", "桂花苑、槐安里")]
    assert [one.groups for one in his.waiting] == ["石桥村"]
    assert len(all_of_it.waiting) == 2
    later = {cell.day.day: cell for week in his.weeks for cell in week if cell.is_inside}
    assert later[10].planned == ()
    assert [one.state for one in later[10].entries] == ["等人定"]


def test_what_became_of_a_line_stands_beside_it(station: Block) -> None:
    approved(station)
    until(station, 10, 10, 1)
    board = seen(station, OFFICER)

    (line,) = [one for one in board.lines if one.line.approver == OFFICER]
    assert (line.state, line.decided_by) == ("定了", "林知远")
    assert line.told == "发了1个群，等人代发1个群"
    assert {one.name: one.week for one in board.groups} == {"桂花苑": 0, "槐安里": 1}
    used = [one.used for topic in board.topics for one in topic.wordings if one.used]
    assert used == ["桂花苑 3月10日、槐安里 3月10日"] or used == ["槐安里 3月10日、桂花苑 3月10日"]


def test_a_group_that_wants_none_comes_first_with_the_reason(station: Block) -> None:
    types(station, OFFICER, "宣传 停 槐安里 楼里办丧事")

    first = seen(station, OFFICER).groups[0]

    assert (first.name, first.may_stop) == ("槐安里", True)
    assert first.out == "林知远 3月9日 楼里办丧事"


def test_another_month_is_asked_for_and_nonsense_is_this_one(station: Block) -> None:
    assert seen(station, OFFICER, "2026-06").month == "2026-06"
    assert (seen(station, OFFICER, "2026-06").before, seen(station, OFFICER).after) == (
        *("2026-05",),
        "2026-04",
    )
    assert seen(station, OFFICER, "../../etc").month == "2026-03"


def test_a_search_that_runs_stands_there_for_who_may_see_its_ticket(station: Block) -> None:
    station.says("wang_ayi", "我妈七十多岁走丢了，灰外套，找不到人", chat="")
    types(station, OFFICER, "寻人 0001 七十多岁，灰外套，八点在东门一带走失")
    assert seen(station, LEADER).searches == ()
    station.presses(LEADER, station.card_of(LEADER, "请批"), "同意")

    (search,) = seen(station, LEADER).searches

    assert (search.groups, search.until - search.since) == (3, timedelta(days=1))
    types(station, OFFICER, "已找到 0001")
    assert seen(station, LEADER).searches == ()


def test_a_station_without_lines_says_so(station: Block) -> None:
    empty = station.rules.publicity.model_copy(update={"topics": ()})
    station.rules = dataclasses.replace(station.rules, publicity=empty)

    assert seen(station, OFFICER).topics == ()
    assert "还没有排宣传日历" in types(station, OFFICER, "宣传")
    assert station.now == MONDAY
    assert INSIDE


# -- a whole house ---------------------------------------------------------------------------------


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[drafts_block.Block]:
    async with drafts_block.open_block(tmp_path) as opened:
        yield opened
        assert await opened.errors() == []


async def opened(tab: Tab, house: drafts_block.Block, user: str) -> None:
    cookies = await house.login(user)
    await tab.context.clear_cookies()
    await tab.context.add_cookies(
        [{"name": name, "value": value, "url": house.web} for name, value in cookies.items()]
    )
    await tab.goto(f"{house.web}/publicity")
    await tab.wait_for_load_state()


async def passes(house: drafts_block.Block, **span: float) -> None:
    await house.pass_time(timedelta(**span))
    await house.quiet()


def said_in(house: drafts_block.Block, chat: str) -> list[str]:
    return [m.text for m in house.sim.timeline.messages if m.chat == chat]


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_changed_and_approved_on_the_page_it_is_said_inside_and_drafted_outside(
    page: Tab, house: drafts_block.Block
) -> None:
    """Thursday evening: 防盗 for Friday. The officer changes a few words; two groups hear them."""
    words = "出门、睡前门多转一圈，低层的窗户插好，快递单撕一撕。"
    await passes(house, days=1, hours=9, minutes=5)
    await opened(page, house, OWNER)
    await expect(page.locator(".proposals li")).to_have_count(1)
    await page.get_by_text("改几个字再发").click()
    await page.get_by_label("号改成").fill(words)
    await page.get_by_role("button", name="照改的发").click()
    await expect(page.locator(".said")).to_contain_text("明天10:00发")
    assert said_in(house, INSIDE) == []

    await page.get_by_label("桂花苑不发宣传：为什么").fill("楼里办丧事")
    await (
        page.locator("tr", has=page.get_by_label("桂花苑不发宣传：为什么"))
        .get_by_role("button", name="不再发")
        .click()
    )
    await expect(page.locator(".said")).to_contain_text("不再往桂花苑发宣传")
    await passes(house, hours=16)

    assert any(words in said for said in said_in(house, INSIDE))
    assert not any(words in said for said in said_in(house, "wrGUIHUA01")), "it wanted none"
    assert said_in(house, GROUP) == [], "no program may speak there"
    card = await house.card(OWNER, "请代回")
    await house.press(OWNER, card, "已发出")
    await house.quiet()
    await opened(page, house, OWNER)
    await expect(page.locator("#h-lines ~ table")).to_contain_text("发了1个群，代发了1个群")
    await expect(page.locator("#h-lines ~ table")).to_contain_text(
        "没发1个群（这个群说了不发宣传）"
    )
