"""A wire that can be cut (可剪断的线): a small TCP proxy between a process and its server.

``stall`` leaves connections open and moves nothing, as a firewall that forgot them does; ``flow``
lets them go on; ``cut`` ends all of them hard. Called by the tests of networks that fail.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_PIECE = 65536


class Proxy:
    """Relays to ``host:port`` as long as it may."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.accepted = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen on a free port of this machine."""
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)

    def stall(self) -> None:
        """Move nothing more, in either direction; new connections hang too."""
        self._flows.clear()

    def flow(self) -> None:
        """Move everything again."""
        self._flows.set()

    def cut(self) -> None:
        """End every connection at once, without a word."""
        for writer in self._writers:
            writer.transport.abort()

    async def close(self) -> None:
        """Cut all, listen no more."""
        assert self._server is not None
        self._server.close()
        self.flow()
        self.cut()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._to)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(far_writer)
        both = (self._pass(reader, far_writer), self._pass(far_reader, writer))
        await asyncio.gather(*both)
        self._writers -= {writer, far_writer}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                await self._flows.wait()
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()


@asynccontextmanager
async def proxy_to(host: str, port: int) -> AsyncIterator[Proxy]:
    """A proxy in this test's loop."""
    proxy = Proxy(host, port)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.close()
