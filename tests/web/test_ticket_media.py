"""Pictures on the ticket's page: for who may read what they show, in the book, never run."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect
from sqlalchemy import Connection

from bot.engine.keepsakes import Keepsakes
from bot.events import OVERHEARD, Heard, Media, media_names
from storage import web
from tests.drafts.block import GROUP, OWNER, RESIDENT, Block, open_block

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
ANALYST = "yan_suyun"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


async def shown(block: Block, folder: Path, *data: bytes) -> tuple[str, list[str]]:
    """A ticket with these pictures, and the names under which they are kept."""
    engine = block.house.engine
    event = Heard(
        key="archive:p1",
        at=engine.clock.now(),
        chat=GROUP,
        by=RESIDENT,
        door=OVERHEARD,
        text="桂花苑9号楼门口路灯不亮，黑灯瞎火",
        media=tuple(Media(kind="image") for _ in data),
    )
    await engine.listener.hear(event)
    await block.quiet()
    kept = Keepsakes(folder / "data" / "media", engine.seal)
    names = media_names(event)
    for name, one in zip(names, data, strict=True):
        kept._write(name, one)
    async with block.session.get(f"{block.web}/api/tickets") as answer:
        return str((await answer.json())[0]["number"]), names


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "navy").save(out, "JPEG")
    return out.getvalue()


async def got(block: Block, user: str, path: str) -> tuple[int, dict[str, str], bytes]:
    cookies = await block.login(user)
    block.session.cookie_jar.clear()
    async with block.session.get(f"{block.web}{path}", cookies=cookies) as answer:
        return answer.status, dict(answer.headers), await answer.read()


async def looked(block: Block) -> list[str]:
    await block.quiet()
    engine = block.house.engine

    def read(conn: Connection) -> list[str]:
        return [one.what for one in web.views(engine.db_of(conn))]

    return await engine.database.read(read)


async def test_picture_is_for_who_may_read_all_of_it(block: Block, tmp_path: Path) -> None:
    number, (name,) = await shown(block, tmp_path, picture())
    path = f"/tickets/{number}/media/{name}"

    status, headers, body = await got(block, OWNER, path)
    assert (status, headers["Content-Type"], body) == (200, "image/jpeg", picture())
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert await looked(block) == ["图片"]
    _, _, small = await got(block, OWNER, f"{path}?size=small")
    assert max(Image.open(io.BytesIO(small)).size) == 320
    assert (await got(block, ANALYST, path))[0] == 404
    assert name not in (await got(block, ANALYST, f"/tickets/{number}"))[2].decode()
    assert (await got(block, OWNER, f"/tickets/{number}/media/{'0' * 24}"))[0] == 404


async def test_what_is_no_picture_is_only_saved(block: Block, tmp_path: Path) -> None:
    number, (name,) = await shown(block, tmp_path, SVG)

    status, headers, _ = await got(block, OWNER, f"/tickets/{number}/media/{name}")

    assert (status, headers["Content-Type"]) == (200, "application/octet-stream")
    assert headers["Content-Disposition"].startswith("attachment")


async def test_page_opens_them_when_asked(page: Page, block: Block, tmp_path: Path) -> None:
    number, _ = await shown(block, tmp_path, picture())
    await page.goto(f"{block.web}/tickets/{number}")
    await page.get_by_role("link", name="林知远").click()
    await expect(page.locator("details.media")).to_be_visible()
    assert await looked(block) == ["工单"]

    await page.locator("details.media summary").click()

    seen = page.locator("details.media img")
    await expect(seen).to_be_visible()
    await expect(seen).to_have_js_property("naturalWidth", 320)
