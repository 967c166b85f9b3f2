"""Fixtures of the doors' tests: one HTTP session and one fake of each seam per test."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.wecom.app import App
from bot.wecom.client import Api
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import Clock, DictTokens, ListeningEars, OpenBuckets
from tests.wecom.gateway import Gateway
from tests.wecom.rooms import Room


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ears() -> ListeningEars:
    return ListeningEars()


@pytest.fixture
def buckets() -> OpenBuckets:
    return OpenBuckets()


@pytest.fixture
def tokens() -> DictTokens:
    return DictTokens()


@pytest.fixture
async def server() -> AsyncIterator[ApiServer]:
    fake = ApiServer()
    async with fake.server:
        yield fake


@pytest.fixture
def app(
    server: ApiServer,
    session: aiohttp.ClientSession,
    ears: ListeningEars,
    buckets: OpenBuckets,
    tokens: DictTokens,
    clock: Clock,
) -> App:
    return App(server.config, Api(server.config, session, tokens, clock), ears, buckets, clock)


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    fake = Gateway()
    async with fake.server:
        yield fake


@pytest.fixture
def room(
    gateway: Gateway,
    session: aiohttp.ClientSession,
    ears: ListeningEars,
    buckets: OpenBuckets,
    clock: Clock,
) -> Room:
    return Room(gateway, session, ears, buckets, clock)
