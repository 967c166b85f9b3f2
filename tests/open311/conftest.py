"""``station``: the sample station with an open door; ``property``, ``hotline``: two callers."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from storage import partner_keys
from tests.open311.station import SEAL, Client, Station, Subscriber, site_with


@pytest.fixture
async def subscriber() -> AsyncIterator[Subscriber]:
    opened = Subscriber(secret=partner_keys.hook_secret(SEAL, "guihua_hook", 1))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def address(
    request: pytest.FixtureRequest, tmp_path: Path, new_sqlite: Callable[[Path], str]
) -> str:
    """SQLite; tests that ask for ``postgres`` by parameter get a database of their own."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return new_sqlite(tmp_path / "bot.db")
    return str(request.getfixturevalue("migrated_postgres_url"))


@pytest.fixture
async def station(tmp_path: Path, subscriber: Subscriber, address: str) -> AsyncIterator[Station]:
    hook = {"id": "guihua_hook", "url": subscriber.url, "client": "guihua_property", "tries": 3}
    site = site_with(tmp_path / "site", [hook])
    opened = Station(tmp_path, site, frozenset({"127.0.0.1"}), address)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def guihua(session: aiohttp.ClientSession, station: Station) -> Client:
    return Client(session, station, "guihua_property")


@pytest.fixture
def hotline(session: aiohttp.ClientSession, station: Station) -> Client:
    return Client(session, station, "hotline_12345")


@pytest.fixture
def town(session: aiohttp.ClientSession, station: Station) -> Client:
    return Client(session, station, "smart_town")
