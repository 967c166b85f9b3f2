"""Cards on the rehearsal desk in a real Chromium: fields, buttons, updates, names.

An updated card is put in the page's way by hand: updating needs a bot, and the stories have one.
"""

import json
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.web.conftest import Desk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "邻里纠纷 · 紧急", "desc": "桂花苑 3号楼"},
    "horizontal_content_list": [{"keyname": "编号", "value": "0012"}],
    "task_id": "t0012",
    "button_list": [
        {"text": "签收", "key": "accept|0012", "style": 1},
        {"text": "退回", "key": "send_back|0012", "style": 2},
    ],
}
NAMELESS = """() => [...document.querySelectorAll('button, input, select, textarea, a[href]')]
  .filter((one) => !one.closest('[hidden], dialog:not([open])'))
  .filter((one) => !((one.labels && one.labels.length) || one.ariaLabel || one.textContent.trim()))
  .map((one) => one.outerHTML)"""


async def test_a_card_has_title_fields_and_buttons_and_a_press_names_its_key(desk: Desk) -> None:
    await desk.app_card("lin_zhiyuan", CARD)
    card = desk.phone(3).locator('[data-task="t0012"]')
    await expect(card.get_by_role("heading")).to_have_text("邻里纠纷 · 紧急")
    await expect(card.locator("dl")).to_have_text("编号0012")

    async with desk.page.expect_request("**/sim/press") as sent:
        await card.get_by_role("button", name="签收").click()

    pressed = json.loads((await sent.value).post_data or "")
    assert (pressed["user"], pressed["card"], pressed["button"]) == (
        "lin_zhiyuan",
        "t0012",
        "accept|0012",
    )


async def test_an_updated_card_changes_in_place_and_is_greyed(desk: Desk) -> None:
    shown: dict[str, Any] = {
        "task_id": "t1",
        "title": "路灯不亮",
        "text": "桂花苑东门",
        "fields": {"编号": "0013"},
        "buttons": [{"key": "accept", "text": "签收"}],
        "live": True,
    }
    message = {"msgid": "1", "chat": "app:lin_zhiyuan", "from": "bot", "text": "", "card": shown}

    async def answer(route: Route) -> None:
        at = "2026-03-04T09:00:00+08:00"
        await route.fulfill(json={"messages": [{**message, "at": at}]})

    await desk.page.route("**/sim/inbox/lin_zhiyuan", answer)
    card = desk.phone(3).locator(".card")
    await expect(card.get_by_role("button", name="签收")).to_be_enabled()
    shown |= {"live": False, "buttons": [{"key": "", "text": "已签收"}]}

    await expect(card.get_by_role("button", name="已签收")).to_be_disabled()
    await expect(card).to_have_class("card card-done")
    await expect(card).to_have_count(1)


async def test_every_control_has_a_name(desk: Desk) -> None:
    await desk.app_card("lin_zhiyuan", CARD)
    await expect(desk.phone(3).locator(".card")).to_be_visible()

    assert await desk.page.evaluate(NAMELESS) == []
