"""A real headless Chromium for tests of pages: the system's own, driven by Playwright.

Playwright's download of a browser is not used: it is not in the package registries. The page is as
large as the smallest screen we promise (1366 x 768). A page that reaches out of this machine fails
its test: the police network has no internet. Loaded by ``tests/conftest.py``.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, async_playwright

from tests.servers.needs import find_chromium, has_chinese_font, missing

SCREEN = {"width": 1366, "height": 768}
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
LOOPBACK = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:", "about:")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser's program; a Chinese font is there too."""
    program = find_chromium()
    if program is None:
        missing("Chromium", "chromium")
    if not has_chinese_font():
        missing("a font with Chinese letters", "fonts-noto-cjk fontconfig")
    return program


@pytest.fixture
async def page(chromium: Path) -> AsyncIterator[Page]:
    """An empty page of 1366 x 768 in a browser of its own.

    After the test: fails if a script of the page threw, or if it asked for anything outside this
    machine (such requests are cut).
    """
    complaints: list[str] = []

    async def stay_here(route: Route) -> None:
        if route.request.url.startswith(LOOPBACK):
            await route.continue_()
        else:
            complaints.append(f"reached out to {route.request.url}")
            await route.abort()

    # Chromium's own sandbox does not work for root.
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=[*QUIET, *root], headless=True
        )
        context = await browser.new_context(
            viewport={"width": SCREEN["width"], "height": SCREEN["height"]}, locale="zh-CN"
        )
        await context.route("**/*", stay_here)
        opened = await context.new_page()
        opened.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        yield opened
        await browser.close()
    assert complaints == []
