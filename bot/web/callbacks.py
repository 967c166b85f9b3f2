"""Where WeCom knocks (回调地址): HTTP routes in front of the callback doors.

GET proves that the address is ours, POST brings one event. Only 200 counts as delivered: a wrong
signature is 403, garbage 400, too much 413, too slow 408, and when nothing can be stored 503, so
that WeCom repeats it. Bodies never reach the log. The web server calls ``add_callbacks``.
Source: https://developer.work.weixin.qq.com/document/path/90238.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from aiohttp import web

from bot.wecom.crypto import BadBody, BadSignature

_log = logging.getLogger(__name__)
BODY_LIMIT = 1024 * 1024
BODY_S = 5.0


class Door(Protocol):
    """A callback door as the web server needs it."""

    def verify(self, query: Mapping[str, str]) -> bytes:
        """The echo for the address check. Raises: BadSignature, BadBody."""

    async def receive(self, query: Mapping[str, str], body: bytes) -> bytes:
        """The response to a POST. Raises: BadSignature, BadBody, OSError."""


class TooLong(Exception):
    """The body has more than 1 MB."""


def add_callbacks(
    app: web.Application,
    doors: Mapping[str, Door],
    answered: Callable[[float], None] = lambda _seconds: None,
) -> None:
    """Routes for every door at its path, for example ``/wecom/app``.

    ``answered`` hears how long each POST took to its answer.
    """
    for path, door in doors.items():
        callback = Callback(path, door, answered)
        app.router.add_get(path, callback.get, allow_head=False)
        app.router.add_post(path, callback.post)


class Callback:
    """One address."""

    def __init__(self, path: str, door: Door, answered: Callable[[float], None]) -> None:
        self._path = path
        self._door = door
        self._answered = answered

    async def get(self, request: web.Request) -> web.Response:
        """The plain echo: no quotes, no newline."""
        try:
            return web.Response(body=self._door.verify(request.query), content_type="text/plain")
        except BadSignature as fault:
            return self._refused(403, fault, "签名不对：请核对 Token 与 EncodingAESKey。")
        except BadBody as fault:
            return self._refused(400, fault, "内容无法识别。")

    async def post(self, request: web.Request) -> web.Response:
        """An empty or encrypted 200 once the event is stored."""
        began = time.perf_counter()
        try:
            return await self._posted(request)
        finally:
            self._answered(time.perf_counter() - began)

    async def _posted(self, request: web.Request) -> web.Response:
        try:
            body = await _read(request)
        except TooLong as fault:
            return self._refused(413, fault, "内容超过 1 MB，未接收。")
        except TimeoutError as fault:
            return self._refused(408, fault, "内容传得太慢，请重发。")
        try:
            return web.Response(body=await self._door.receive(request.query, body))
        except BadSignature as fault:
            return self._refused(403, fault, "签名不对：请核对 Token 与 EncodingAESKey。")
        except BadBody as fault:
            return self._refused(400, fault, "内容无法识别。")
        except OSError as fault:
            return self._refused(503, fault, "暂时存不下，请稍后重发。")

    def _refused(self, status: int, fault: Exception, sentence: str) -> web.Response:
        why = str(fault) if isinstance(fault, BadSignature | BadBody) else type(fault).__name__
        _log.warning("callback refused path=%s status=%s why=%s", self._path, status, why)
        return web.Response(status=status, text=sentence)


async def _read(request: web.Request) -> bytes:
    body = bytearray()
    async with asyncio.timeout(BODY_S):
        async for piece in request.content.iter_chunked(65536):
            body += piece
            if len(body) > BODY_LIMIT:
                raise TooLong
    return bytes(body)
