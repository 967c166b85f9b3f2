"""What the engine's tests share: both databases, and houses that are closed behind each test."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from bot.engine import sender as sender_module
from config.load import load_rules
from config.people_rules import Chats
from config.rules import Rules
from tests.config.sites import SAMPLE
from tests.engine.house import House
from tests.storage.conftest import url

__all__ = ["url"]

Build = Callable[..., House]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Real back-offs and leases take real seconds: the engine belongs to the second part."""
    item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The sample site's rules; no group is public, so that each word goes out when it is said."""
    loaded = load_rules(SAMPLE)
    chats = (chat.model_copy(update={"public": False}) for chat in loaded.chats.chats)
    return replace(loaded, chats=Chats(chats=tuple(chats)))


@pytest.fixture
async def build(rules: Rules) -> AsyncIterator[Build]:
    """A function that makes a house at an address; whatever was opened is stopped afterwards."""
    made: list[House] = []

    def make(address: str, *lanes: str, **more: object) -> House:
        made.append(House(address, rules, lanes or ("socket", "app"), **more))  # type: ignore[arg-type]  # the test's own words
        return made[-1]

    yield make
    for house in made:
        await house.close()


@pytest.fixture
async def house(url: str, build: Build) -> House:
    """One running engine with a socket lane and an app lane, on either database."""
    made = build(url)
    await made.open()
    return made


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeat at once what could not be sent."""
    monkeypatch.setattr(sender_module, "BACKOFF_S", (0.01,))
    monkeypatch.setattr(sender_module, "POLL_S", 0.02)
