from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.simulator.bots import Bot
from tests.simulator.fakes import Wire, running


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with running() as wire:
        yield wire


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with Bot().run() as bot:
        yield bot


@pytest.fixture
async def both(bot: Bot) -> AsyncIterator[Wire]:
    async with running(bot_url=bot.url) as wire:
        yield wire
