"""A wire that can be cut or held (线): a TCP proxy between one process and its database.

Held, connections stay open and nothing passes, in either direction, as behind a firewall that has
forgotten them; what was written meanwhile passes when it flows again. Cut, they are gone.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

_CHUNK = 65536


class Wire:
    """Between a client and ``host``:``port``; flows from the start."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._flows = asyncio.Event()
        self._flows.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._is_cut = False

    def hold(self) -> None:
        """Nothing passes, everything stays open."""
        self._flows.clear()

    def cut(self) -> None:
        """Every connection is gone, and new ones are closed at once."""
        self._is_cut = True
        for end in self._ends:
            end.transport.abort()

    def flow(self) -> None:
        """As before."""
        self._is_cut = False
        self._flows.set()

    async def serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        self._ends.add(back)
        try:
            await self._flows.wait()
            if not self._is_cut:
                far, forth = await asyncio.open_connection(*self._there)
                self._ends.add(forth)
                await asyncio.gather(self._carry(near, forth), self._carry(far, back))
        finally:
            back.close()
            self._ends.discard(back)

    async def _carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(_CHUNK):
                await self._flows.wait()
                to.write(data)
                await to.drain()
        to.close()
        self._ends.discard(to)


@asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to the server of ``url``, and the address that leads through it."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    wire = Wire(parts.hostname, parts.port)
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    place = parts.netloc.rpartition("@")[0] + f"@127.0.0.1:{port}"
    try:
        yield wire, urlunsplit(parts._replace(netloc=place))
    finally:
        wire.flow()
        wire.cut()
        server.close()
