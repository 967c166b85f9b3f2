"""The sidebar page in a real browser: who comes in, what stands there, send, copy, mark.

The official JS-SDK is loaded as in WeCom's client; only the client's own bridge is a stand-in.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from handlers.sidebar import pages
from simulator import js_tickets
from tests.drafts.block import GROUP, OWNER, RESIDENT, WORKER, Block
from tests.drafts.test_story import FIRE, LAMP, waiting
from tests.servers.needs import missing

SDK = Path(__file__).parents[2] / "static" / "vendor" / pages.JSSDK
PHONE = {"width": 390, "height": 844}
CLIENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 wxwork/4.1.38 MicroMessenger/7.0.1"
BRIDGE = """
Object.defineProperty(navigator, 'userAgent', {get: () => '%s'});
window.calls = [];
window.WeixinJSBridge = {
  on() {},
  invoke(name, params, done) {
    window.calls.push([name, params]);
    const more = name === 'getCurExternalChat' ? {chatId: '%s'} : {};
    const ok = !(window.refuses || []).includes(name);
    done({err_msg: name + (ok ? ':ok' : ':fail no permission'), ...more});
  },
};
"""


async def enter(page: Page, block: Block, name: str) -> None:
    """Come in by the demo's one-time link, on a phone."""
    await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await page.goto(f"{block.web}/sidebar")
    await page.get_by_role("link", name=name).click()
    await expect(page.locator("body.ready")).to_be_visible()


@pytest.fixture
async def in_client(page: Page) -> Page:
    """A page inside WeCom's client, opened beside the group's chat."""
    if not SDK.is_file():
        missing("@wecom/jssdk in static/vendor", "it by `make vendor`")
    await page.add_init_script(BRIDGE % (CLIENT, GROUP))
    return page


async def test_words_stand_on_a_phone_with_danger_first(page: Page, block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    await block.overhears(RESIDENT, FIRE)

    await enter(page, block, "林知远")

    drafts = page.locator(".draft")
    assert "119" in await drafts.first.locator(".words").inner_text()
    await expect(drafts.first).to_contain_text("险情")
    await expect(page.locator("h2").first).to_have_text("桂花苑业主群")
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


async def test_marking_on_the_page_is_an_event_like_a_card(page: Page, block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    await enter(page, block, "方小满")

    await page.locator(".draft", has_text="编号").get_by_role("button", name="已发出").click()

    await expect(page.locator("#said")).to_have_text("记下了。")
    await block.quiet()
    assert await waiting(block) == []
    await expect(page.locator(".draft")).to_have_count(1)  # the notice still waits


async def test_every_form_works_without_any_script(page: Page, block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    await page.route("**/sidebar.js", lambda route: route.abort())
    await page.goto(f"{block.web}/sidebar")
    await page.get_by_role("link", name="林知远").click()

    await page.locator(".draft", has_text="编号").get_by_role("button", name="不发了").click()

    await expect(page.locator(".draft")).to_have_count(1)
    assert await waiting(block) == []


async def test_without_the_sdk_words_are_copied(page: Page, block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    (draft,) = await waiting(block)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await enter(page, block, "林知远")

    await page.locator(".draft", has_text="编号").get_by_role("button", name="复制").click()

    await expect(page.locator("#said")).to_contain_text("已复制")
    assert await page.evaluate("navigator.clipboard.readText()") == draft.text
    await expect(page.locator(".send:visible")).to_have_count(0)


async def test_one_tap_sends_into_the_chat_that_is_open(in_client: Page, block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    (draft,) = await waiting(block)
    await enter(in_client, block, "林知远")

    row = in_client.locator(".draft", has_text="编号")
    await row.get_by_role("button", name="发到群里").click()

    await expect(in_client.locator("#said")).to_have_text("记下了。")
    calls: list[list[Any]] = await in_client.evaluate("window.calls")
    (sent,) = [params for name, params in calls if name == "sendChatMessage"]
    assert sent["text"] == {"content": draft.text}
    await block.quiet()
    assert await waiting(block) == []


async def test_the_signature_is_what_the_client_expects(in_client: Page, block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    await enter(in_client, block, "林知远")
    await expect(in_client.locator(".send:visible").first).to_be_visible()

    calls: list[list[Any]] = await in_client.evaluate("window.calls")
    params = next(given for name, given in calls if name == "agentConfig")
    ticket = js_tickets.ticket(block.sim, "agent")
    url = in_client.url.partition("#")[0]
    words = (
        f"jsapi_ticket={ticket}&noncestr={params['nonceStr']}"
        f"&timestamp={params['timestamp']}&url={url}"
    )
    assert params["signature"] == hashlib.sha1(words.encode()).hexdigest()  # noqa: S324
    official = await in_client.evaluate(
        "o => ww.getSignature(o).signature",
        {
            "ticket": ticket,
            "nonceStr": params["nonceStr"],
            "timestamp": params["timestamp"],
            "url": url,
        },
    )
    assert params["signature"] == official


async def test_a_refused_send_offers_the_copy_button(in_client: Page, block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    await enter(in_client, block, "林知远")
    await in_client.evaluate("window.refuses = ['sendChatMessage']")

    row = in_client.locator(".draft", has_text="编号")
    await row.get_by_role("button", name="发到群里").click()

    await expect(in_client.locator("#said")).to_contain_text("没发出去")
    await expect(row.get_by_role("button", name="复制")).to_be_visible()
    assert len(await waiting(block)) == 1


async def test_a_draft_of_another_group_cannot_be_sent_here(page: Page, block: Block) -> None:
    if not SDK.is_file():
        missing("@wecom/jssdk in static/vendor", "it by `make vendor`")
    await page.add_init_script(BRIDGE % (CLIENT, "wrSOMEWHERE"))
    await block.overhears(RESIDENT, LAMP)

    await enter(page, block, "林知远")

    await expect(page.locator("#empty")).to_be_visible()
    await expect(page.locator(".send:visible, .draft:visible")).to_have_count(0)


async def test_the_page_works_where_the_sdk_was_never_fetched(
    page: Page, block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "VENDOR", tmp_path)
    await block.overhears(RESIDENT, LAMP)

    await enter(page, block, "林知远")

    await expect(page.locator(".copy:visible").first).to_be_visible()
    assert await page.locator("script").count() == 1


async def test_a_link_of_the_demo_works_once(page: Page, block: Block) -> None:
    await page.goto(f"{block.web}/sidebar")
    link = await page.get_by_role("link", name="林知远").get_attribute("href")
    first = await page.request.get(f"{block.web}{link}", max_redirects=0)

    again = await page.request.get(f"{block.web}{link}", max_redirects=0)

    assert (first.status, again.status) == (303, 403)


async def test_who_does_not_speak_in_the_group_sees_and_marks_nothing(block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)
    (draft,) = await waiting(block)
    for user, status in ((OWNER, 200), (WORKER, 200), ("he_yunfei", 404)):
        cookies = await block.login(user)
        async with block.session.get(f"{block.web}/sidebar", cookies=cookies) as answer:
            assert (draft.text in await answer.text()) == (status == 200)
    form = {"key": block.form_key(cookies)}
    url = f"{block.web}/sidebar/drafts/{draft.id}/sent"
    async with block.session.post(url, data=form, cookies=cookies) as answer:
        assert answer.status == 404
    assert len(await waiting(block)) == 1


async def test_nothing_is_signed_for_strangers_or_other_pages(block: Block) -> None:
    cookies = await block.login(OWNER)
    asked = f"{block.web}/sidebar/signature"
    statuses = []
    for url, sent in (
        (f"{block.web}/sidebar", {}),
        ("https://evil.example/sidebar", cookies),
        (f"{block.web}/sidebar?chat={GROUP}", cookies),
    ):
        block.session.cookie_jar.clear()
        async with block.session.get(asked, params={"url": url}, cookies=sent) as answer:
            statuses.append(answer.status)
            body = json.loads(await answer.text()) if answer.status == 200 else {}

    assert statuses == [401, 403, 200]
    assert set(body) == {"timestamp", "nonceStr", "signature"}


def test_the_sdk_that_is_served_is_the_official_one() -> None:
    module = Path(__file__).parents[2] / "node_modules/@wecom/jssdk/dist/wecom.global.prod.js"
    if not module.is_file() or not SDK.is_file():
        missing("node_modules", "them by `make vendor`")

    assert SDK.read_bytes() == module.read_bytes()
