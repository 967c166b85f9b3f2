"""The rehearsal desk (演练台) on the real simulator process, no bot behind it.

What the page shows and sends is judged here; what the bot makes of it belongs to the stories. A
test that needs a card sends it as the bot would: over the app's own API with the demo's secret.
"""

import asyncio
import contextlib
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.async_api import Locator, Page, expect

from tests.servers.process import free_port

ROOT = Path(__file__).parents[2]
SITE = ROOT / "config" / "site"
START_WITHIN_S = 20.0
expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong


@dataclass(frozen=True)
class Desk:
    """The open page and the simulator under it."""

    page: Page
    url: str

    def phone(self, number: int) -> Locator:
        """The ``number``-th phone from the left."""
        return self.page.locator(f'[data-phone="{number}"]')

    def box(self, number: int) -> Locator:
        """The place to write in that phone."""
        return self.phone(number).get_by_label("要说的话")

    async def hold(self, number: int, user: str, chat: str | None = None) -> None:
        """Give the phone to ``user`` and open ``chat`` (``private``: her 1:1 chats merged)."""
        await self.phone(number).get_by_label("这部手机是谁的").select_option(user)
        if chat:
            await self.phone(number).locator(f'[data-view="{chat}"]').click()

    async def say(self, chat: str, user: str, text: str) -> str:
        """Speak through the control API, past the page; the msgid."""
        body = {"chat": chat, "user": user, "text": text, "wait": False}
        answer = await self.page.request.post(f"{self.url}/sim/say", data=body)
        return str((await answer.json())["msgid"])

    async def messages(self, path: str) -> list[dict[str, Any]]:
        """What the simulator keeps of a chat or an inbox."""
        answer = await self.page.request.get(f"{self.url}/sim/{path}")
        found: list[dict[str, Any]] = (await answer.json())["messages"]
        return found

    async def app_card(self, user: str, card: dict[str, Any]) -> None:
        """Send ``card`` to ``user`` over the app's API, as the bot does."""
        demo = yaml.safe_load((SITE / "demo.yaml").read_text("utf-8"))
        query = {"corpid": demo["corp"]["id"], "corpsecret": demo["app"]["secret"]}
        token = await self.page.request.get(f"{self.url}/cgi-bin/gettoken", params=query)
        sent = await self.page.request.post(
            f"{self.url}/cgi-bin/message/send",
            params={"access_token": (await token.json())["access_token"]},
            data={
                "touser": user,
                "msgtype": "template_card",
                "agentid": demo["app"]["agentid"],
                "template_card": card,
            },
        )
        assert (await sent.json())["errcode"] == 0, await sent.text()


@pytest.fixture
async def simulator() -> AsyncIterator[str]:
    """Base URL of a simulator of its own for one test."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "simulator", "--world", str(SITE), "--port", str(port)],
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(START_WITHIN_S):
            while not await asyncio.to_thread(_answers, f"{url}/sim/world"):
                assert process.returncode is None, "the simulator ended while starting"
                await asyncio.sleep(0.05)
        yield url
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 our own loopback URL
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture
async def desk(page: Page, simulator: str) -> Desk:
    """The desk with its four phones, loaded and polling."""
    await page.goto(f"{simulator}/")
    await expect(page.locator("body.ready")).to_be_visible()
    return Desk(page, simulator)
