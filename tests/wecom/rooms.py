"""A running socket in front of a fake gateway, and what it told the operator."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from bot.wecom.aibot import Socket
from tests.wecom.fakes import Clock, ListeningEars, OpenBuckets, until
from tests.wecom.gateway import Gateway


class Room:
    """A running socket and what it told the operator."""

    def __init__(
        self,
        gateway: Gateway,
        session: aiohttp.ClientSession,
        ears: ListeningEars,
        buckets: OpenBuckets,
        clock: Clock,
    ) -> None:
        self.alarms: list[tuple[str, str]] = []
        self.yields = 0
        self._gateway = gateway
        self._parts = (session, ears, buckets, clock)
        self.socket: Socket

    @contextlib.asynccontextmanager
    async def open(self, **config: Any) -> AsyncIterator[Socket]:
        self.socket = Socket(
            self._gateway.config(**config),
            *self._parts,
            alarm=lambda what, detail: self.alarms.append((what, detail)),
            on_yield=self._yielded,
        )
        running = asyncio.create_task(self.socket.run())
        try:
            await until(lambda: self.socket.online)
            yield self.socket
        finally:
            await self.socket.stop()
            async with asyncio.timeout(5):
                await running

    def _yielded(self) -> None:
        self.yields += 1


def deque_of(*errcodes: int | None) -> Any:
    return deque(errcodes)
