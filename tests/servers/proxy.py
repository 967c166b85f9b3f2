"""A small HTTP proxy that only speaks CONNECT (RFC 9110, 9.3.6), as a station's gateway does.

It alone knows where names lead, may ask for an account, and remembers whom it was asked for. Called
by tests of the way out.
"""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_REFUSED = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
_UNKNOWN = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
_OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


@dataclass
class ConnectProxy:
    """``leads`` says where ``host:port`` goes; ``asked`` is whom clients wanted."""

    leads: dict[str, int]
    account: str = ""
    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What stands in ``JINGGE_HTTP_PROXY``."""
        return f"http://{self.account}{'@' if self.account else ''}127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with contextlib.suppress(
            ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError
        ):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, target = head.split(" ")[:2]
            self.asked.append(f"{method} {target}")
            writer.write(answer := self._answer(method, target, head))
            if answer == _OPEN:
                await _joined(reader, writer, self.leads[target])
        writer.close()

    def _answer(self, method: str, target: str, head: str) -> bytes:
        given = f"Proxy-Authorization: Basic {base64.b64encode(self.account.encode()).decode()}"
        if self.account and given not in head:
            return _REFUSED
        return _OPEN if method == "CONNECT" and target in self.leads else _UNKNOWN


async def _joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    there, back = await asyncio.open_connection("127.0.0.1", port)
    both = [asyncio.create_task(_pump(reader, back)), asyncio.create_task(_pump(there, writer))]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in both:
            one.cancel()
        back.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65536):
        writer.write(piece)
        await writer.drain()


@asynccontextmanager
async def connect_proxy(leads: dict[str, int], account: str = "") -> AsyncIterator[ConnectProxy]:
    """A running one."""
    proxy = ConnectProxy(leads, account)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    async with server:
        yield proxy
