"""One connection: what a broken one says about the frame that was to leave through it."""

from typing import Any

import aiohttp
import pytest

from bot.wecom.errors import Unreachable
from bot.wecom.link import Link
from tests.wecom.gateway import Gateway


async def ignore(frame: dict[str, Any]) -> None:
    """Nothing is expected on this connection."""


async def test_frame_for_a_closed_connection_has_certainly_not_left(
    gateway: Gateway, session: aiohttp.ClientSession
) -> None:
    config = gateway.config()
    ws = await session.ws_connect(config.url)
    await ws.close()

    with pytest.raises(Unreachable) as caught:
        await Link(ws, config, ignore).ask("ping", "p1")
    assert not caught.value.unknown


async def test_frame_for_a_connection_that_breaks_may_have_left(
    gateway: Gateway, session: aiohttp.ClientSession
) -> None:
    config = gateway.config()
    ws = await session.ws_connect(config.url)
    ws._writer.transport.abort()

    with pytest.raises(Unreachable) as caught:
        await Link(ws, config, ignore).ask("ping", "p1")
    assert caught.value.unknown
    await ws.close()
