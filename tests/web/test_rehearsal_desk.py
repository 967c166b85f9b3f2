"""The rehearsal desk in a real Chromium: what a person sees, types and presses.

The simulator is real, and so is every message; no bot stands behind it.
"""

import asyncio
import json
import struct
import zlib

import pytest
from playwright.async_api import Route, expect

from tests.web.conftest import Desk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

GROUP = "wrGUIHUA01"


async def test_four_phones_fit_the_small_screen_without_scrolling_the_page(desk: Desk) -> None:
    for number in (1, 2, 3, 4):
        await expect(desk.phone(number)).to_be_in_viewport(ratio=1)
        await expect(desk.box(number)).to_be_in_viewport(ratio=1)

    size = await desk.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert size == [1366, 768]


async def test_first_phones_are_a_resident_her_grid_worker_an_officer_and_the_room(
    desk: Desk,
) -> None:
    held = [
        await desk.phone(number).get_by_label("这部手机是谁的").input_value()
        for number in (1, 2, 3, 4)
    ]

    assert held == ["wang_ayi", "fang_xiaoman", "lin_zhiyuan", "qiu_ruolan"]
    await expect(desk.phone(1).locator('[aria-selected="true"]')).to_have_text("桂花苑")


async def test_words_typed_in_one_phone_are_read_in_another(desk: Desk) -> None:
    await desk.hold(2, "chen_shu", GROUP)

    await desk.box(1).fill("对门挂了面镜子")
    await desk.box(1).press("Enter")

    heard = desk.phone(2).locator(".row").filter(has_text="对门挂了面镜子")
    await expect(heard).to_have_count(1)
    await expect(heard).to_contain_text("王阿姨")
    await expect(desk.phone(1).locator(".row-own").last).to_contain_text("对门挂了面镜子")
    await expect(desk.box(1)).to_have_value("")


async def test_any_phone_can_be_anybody_in_any_of_her_chats(desk: Desk) -> None:
    await desk.hold(4, "wu_laosan", "bot:wu_laosan")

    await desk.box(4).fill("想问个事")
    await desk.phone(4).get_by_role("button", name="发送").click()

    await expect(desk.phone(4).locator(".row-own").last).to_contain_text("想问个事")
    kept = await desk.messages("chats/bot:wu_laosan")
    assert ("wu_laosan", "想问个事") in [(one["from"], one["text"]) for one in kept]


async def test_private_chats_merged_send_through_the_door_that_is_chosen(desk: Desk) -> None:
    await desk.hold(3, "lin_zhiyuan", "private")
    await desk.phone(3).get_by_label("发给").select_option("ge:lin_zhiyuan")

    await desk.box(3).fill("我的任务")
    await desk.box(3).press("Enter")

    await expect(desk.phone(3).locator(".row-own").last).to_contain_text("发给 小格")
    kept = await desk.messages("chats/ge:lin_zhiyuan")
    assert ("lin_zhiyuan", "我的任务") in [(one["from"], one["text"]) for one in kept]


async def test_markup_in_a_message_stays_text(desk: Desk) -> None:
    evil = "<script>document.title='x'</script><img src=x onerror=alert(1)> **不粗**"
    await desk.say(GROUP, "wang_ayi", evil)

    await expect(desk.phone(1).locator(".bubble").last).to_have_text(evil)
    assert await desk.phone(1).locator(".bubble script, .bubble img, .bubble strong").count() == 0
    assert await desk.page.title() == "演练台 · 警格"


async def test_shift_enter_and_an_input_methods_enter_do_not_send(desk: Desk) -> None:
    before = len(await desk.messages(f"chats/{GROUP}"))
    await desk.box(1).fill("第一行")
    await desk.box(1).press("Shift+Enter")
    await desk.box(1).press_sequentially("第二行")

    await desk.box(1).dispatch_event("keydown", {"key": "Enter", "isComposing": True})

    await expect(desk.box(1)).to_have_value("第一行\n第二行")
    assert len(await desk.messages(f"chats/{GROUP}")) == before


async def test_a_line_without_mention_is_said_not_to_reach_the_bot(desk: Desk) -> None:
    mention = desk.phone(1).get_by_label("@小警")
    await expect(mention).to_be_checked()
    await mention.uncheck(force=True)

    await desk.box(1).fill("大家早")
    async with desk.page.expect_request("**/sim/say") as sent:
        await desk.box(1).press("Enter")

    assert json.loads((await sent.value).post_data or "")["mention"] is False
    await expect(desk.phone(1).locator(".note")).to_contain_text("没有@小警")
    assert (await desk.messages(f"chats/{GROUP}"))[-1]["text"] == "大家早"


async def test_a_draft_survives_news_another_chat_and_a_reload(desk: Desk) -> None:
    await desk.box(1).fill("我还没说完")

    await desk.say(GROUP, "chen_shu", "我先说一句")
    await expect(desk.phone(1).locator(".row").last).to_contain_text("我先说一句")
    await expect(desk.box(1)).to_have_value("我还没说完")
    await desk.hold(1, "wang_ayi", "bot:wang_ayi")
    await expect(desk.box(1)).to_have_value("")
    await desk.hold(1, "wang_ayi", GROUP)
    await expect(desk.box(1)).to_have_value("我还没说完")
    await desk.page.reload()

    await expect(desk.box(1)).to_have_value("我还没说完")


async def test_a_refused_line_stays_in_the_box_with_the_reason(desk: Desk) -> None:
    async def refuse(route: Route) -> None:
        await route.fulfill(status=404, json={"error": "unknown chat"})

    await desk.page.route("**/sim/say", refuse)
    await desk.box(1).fill("别丢了我")
    await desk.box(1).press("Enter")

    await expect(desk.phone(1).locator(".note")).to_contain_text("没有找到")
    await expect(desk.box(1)).to_have_value("别丢了我")


async def test_a_tapped_message_travels_as_quote(desk: Desk) -> None:
    msgid = await desk.say(GROUP, "chen_shu", "楼道灯坏了")
    await desk.phone(1).locator(f'[data-msgid="{msgid}"] .bubble').click()
    await expect(desk.phone(1).locator(".attached")).to_contain_text("陈叔：楼道灯坏了")

    await desk.box(1).fill("我家也是")
    async with desk.page.expect_request("**/sim/say") as sent:
        await desk.box(1).press("Enter")

    said = json.loads((await sent.value).post_data or "")
    assert (said["quote"], said["text"], said["chat"]) == (msgid, "我家也是", GROUP)
    await expect(desk.phone(1).locator(".attached")).to_be_hidden()


async def test_a_picture_is_shown_before_it_goes_and_travels_as_png(desk: Desk) -> None:
    picture = {"name": "lamp.png", "mimeType": "image/png", "buffer": _png()}
    await desk.phone(1).locator('input[type="file"]').set_input_files(picture)  # type: ignore[arg-type]
    await expect(desk.phone(1).get_by_alt_text("要发的图片")).to_be_visible()

    async with desk.page.expect_request("**/sim/say") as sent:
        await desk.phone(1).get_by_role("button", name="发送").click()

    assert json.loads((await sent.value).post_data or "")["image"].startswith("iVBORw0KGgo")
    await expect(desk.phone(1).locator(".row-own").last.get_by_alt_text("图片")).to_be_visible()


async def test_a_reader_who_scrolled_up_is_not_pulled_down(desk: Desk) -> None:
    for number in range(25):
        await desk.say(GROUP, "chen_shu", f"第{number}句，说得长一点好占地方")
    log = desk.phone(1).get_by_role("log")
    await expect(log.locator(".row").last).to_contain_text("第24句")
    await expect(log.locator(".row").last).to_be_in_viewport()
    await log.evaluate("(list) => { list.scrollTop = 0; }")

    await desk.say(GROUP, "chen_shu", "新来的一句")

    news = desk.phone(1).get_by_role("button", name="新消息")
    await expect(news).to_be_visible()
    assert await log.evaluate("(list) => list.scrollTop") == 0
    await news.click()
    await expect(log.locator(".row").last).to_be_in_viewport()
    await expect(news).to_be_hidden()


async def test_a_chat_that_is_not_open_counts_what_is_unread(desk: Desk) -> None:
    await desk.hold(2, "fang_xiaoman", "private")
    tab = desk.phone(2).locator(f'[data-view="{GROUP}"]')
    await asyncio.gather(*[desk.say(GROUP, "chen_shu", f"{n}") for n in range(2)])
    await expect(tab.locator(".dot")).to_have_text("2")

    await tab.click()

    await expect(tab.locator(".dot")).to_have_count(0)


def _png() -> bytes:
    """A red dot of 2 x 2 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    rows = (b"\0" + b"\xff\0\0" * 2) * 2
    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in parts)
