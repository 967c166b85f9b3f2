"""The rehearsal desk's upper edge in a real Chromium: clock, error strip, the sample day.

The state of the sample day is put in the page's way by hand: playing it needs a bot, and the
stories have one.
"""

import json

import pytest
from playwright.async_api import Request, Route, expect

from tests.web.conftest import Desk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


async def test_clock_buttons_ask_for_their_span(desk: Desk) -> None:
    spans = {"+1 分": 60, "+5 分": 300, "+31 分": 1860, "+1 小时": 3600, "推进": 600}
    asked = {}

    for name in spans:
        async with desk.page.expect_request(_moves_the_clock) as sent:
            await desk.page.get_by_role("button", name=name, exact=True).click()
        asked[name] = json.loads((await sent.value).post_data or "")["advance_s"]

    assert asked == spans


async def test_tomorrow_morning_is_the_next_eight_o_clock(desk: Desk) -> None:
    await desk.page.get_by_role("button", name="到明早 8:00").click()

    await expect(desk.page.locator("#play-line")).to_contain_text("现在 08:00")
    assert (await desk.page.locator("#clock-time").inner_text()).startswith("08:00")


async def test_error_strip_is_green_until_a_rule_is_broken_and_then_names_it(desk: Desk) -> None:
    strip = desk.page.locator("#errors")
    await expect(strip).to_have_text("协议 0 错")
    await expect(strip).to_have_class("tag tag-button tag-good")

    wrong: dict[str, str | float | bool] = {"corpid": "wwxihe00demo", "corpsecret": "wrong"}
    await desk.page.request.get(f"{desk.url}/cgi-bin/gettoken", params=wrong)

    await expect(strip).to_have_text("协议 1 错")
    await expect(strip).to_have_class("tag tag-button tag-bad")
    await strip.click()
    await expect(desk.page.get_by_role("dialog").locator("li")).to_have_count(1)


async def test_playing_shows_each_line_of_the_day_and_its_end(desk: Desk) -> None:
    state = {"running": False, "done": False, "failed": None, "line": ""}

    async def day(route: Route) -> None:
        if route.request.method == "POST":
            state.update(running=True, line="09:05 王阿姨在桂花苑说话")
        await route.fulfill(json=state)

    await desk.page.route("**/sim/play", day)
    await desk.page.get_by_role("button", name="播放示范日").click()
    await expect(desk.page.locator("#play-line")).to_have_text("09:05 王阿姨在桂花苑说话")
    await expect(desk.page.locator("#play-state")).to_have_text("播放中")

    state.update(running=False, done=True, line="全天演完")

    await expect(desk.page.locator("#play-state")).to_have_text("已演完")
    await expect(desk.page.locator("#play-line")).to_have_text("全天演完")


def _moves_the_clock(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/sim/clock")
