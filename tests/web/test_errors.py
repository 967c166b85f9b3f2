"""What went wrong, as a page: a kind sentence in the same frame; JSON for programs."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from sqlalchemy.exc import OperationalError

from tests.drafts.block import Block, open_block

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
OWNER, WORKER = "lin_zhiyuan", "fang_xiaoman"
HTML = {"Accept": "text/html,application/xhtml+xml"}
NOWHERE = "/tickets/XH260304-9999Z"


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


async def asked(block: Block, user: str, path: str, **more: object) -> tuple[int, str, str]:
    cookies = await block.login(user) if user else {}
    block.session.cookie_jar.clear()
    method = "POST" if "data" in more else "GET"
    given = {"cookies": cookies, "headers": HTML, "allow_redirects": False} | more
    async with block.session.request(method, f"{block.web}{path}", **given) as answer:  # type: ignore[arg-type]
        policy = answer.headers.get("Content-Security-Policy", "")
        return answer.status, await answer.text(), policy


async def test_each_fault_is_a_page_in_the_frame_that_says_what_to_do(block: Block) -> None:
    cases = {
        NOWHERE: (404, "请看看编号对不对"),
        "/nothing": (404, "没有这一页"),
        "/audit": (403, "要看请找管理员"),
        "/reports?on=x": (403, "“报表”这一页没有开给您"),
    }
    for path, (status, words) in cases.items():
        found, text, policy = await asked(block, WORKER, path)
        assert (found, words in text, "script-src 'self'" in policy) == (status, True, True), path
        assert 'class="menu"' in text
        assert "方小满" in text


async def test_forms_fail_kindly_too(block: Block) -> None:
    status, text, _ = await asked(block, "", NOWHERE, data={"word": "签收"})
    assert (status, "登录过期了" in text, "重新登录" in text) == (401, True, True)
    status, text, _ = await asked(block, OWNER, "/tickets", data={"key": "0" * 64})
    assert (status, "这个页面旧了" in text) == (403, True)
    large = BytesIO(b"words=" + b"x" * 1_200_000)
    kind = HTML | {"Content-Type": "application/x-www-form-urlencoded"}
    status, text, _ = await asked(block, OWNER, "/tickets", data=large, headers=kind)
    assert (status, "太大了" in text) == (413, True)


async def test_programs_get_json_and_others_what_they_always_got(block: Block) -> None:
    async with block.session.get(f"{block.web}/api/tickets/XH260304-9999Z") as answer:
        assert answer.status == 404
        assert (await answer.json())["error"] == 404
    async with block.session.get(f"{block.web}/nothing") as answer:
        assert await answer.text() == "404: Not Found"


async def test_database_that_is_away_is_said(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_fn: object) -> None:
        raise OperationalError("SELECT 1", {}, OSError("gone"))

    cookies = await block.login(OWNER)
    monkeypatch.setattr(block.house.engine.database, "read", away)
    async with block.session.get(f"{block.web}/", cookies=cookies, headers=HTML) as answer:
        assert (answer.status, "数据库没有答复" in await answer.text()) == (503, True)


async def test_a_bug_of_ours_has_a_number_that_the_log_knows(
    block: Block, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_look: object) -> None:
        raise LookupError("王阿姨 13800001111")

    monkeypatch.setattr("handlers.dashboard.today.today", broken)
    cookies = await block.login(OWNER)
    async with block.session.get(f"{block.web}/?x=1", cookies=cookies, headers=HTML) as answer:
        text = await answer.text()
        assert (answer.status, "script-src 'self'" in str(answer.headers)) == (500, True)
    assert "程序出错了，不是您的问题" in text
    assert not [said for said in ("LookupError", "13800001111", "Traceback") if said in text]

    (one,) = [record for record in caplog.records if record.exc_info]
    number = str(one.args[0]) if isinstance(one.args, tuple) else ""
    assert number.startswith("E")
    assert f">{number}<" in text
    assert one.exc_info
    assert one.exc_info[0] is LookupError

    plain = await block.session.get(f"{block.web}/", cookies=cookies)
    assert (plain.status, "<html" in await plain.text()) == (500, False)


async def test_page_is_read_aloud_and_leads_back(page: Page, block: Block) -> None:
    await page.goto(f"{block.web}/")
    await page.get_by_role("link", name="方小满").click()
    await expect(page.locator("nav.menu")).to_be_visible()
    await page.goto(f"{block.web}{NOWHERE}")

    await expect(page.get_by_role("alert")).to_contain_text("编号对不对")
    found = await Axe().run(page)
    assert [one["id"] for one in found.response["violations"]] == []
    await page.get_by_role("link", name="回到“今天”").click()
    await expect(page.locator("h1")).to_contain_text("今天要人管的")
