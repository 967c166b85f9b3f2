"""Looks at a real corp without disturbing it (体检): one token, single questions, one subscribe.

Nothing is repeated: a wrong secret that is asked again and again ends in a ban. Unlike
``bot.wecom.client`` it keeps what a person must know to mend the way: WeCom's own clock, and
whether name, certificate, proxy or time was at fault. Called by ``commands.doctor``.
Source: https://developer.work.weixin.qq.com/document/path/91039 and 101463.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

import aiohttp

from bot.wecom.errors import Unreachable, WeComFault
from bot.wecom.link import Frame, Link
from bot.wecom.places import AppConfig, SocketConfig
from bot.wecom.wire import payload_of, raise_for_errcode

_BODY_LIMIT = 64 * 1024


class Way(StrEnum):
    """Where on the way an HTTP exchange ended."""

    NAME = "name"
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    CONNECTION = "connection"
    TIME = "time"
    BROKEN = "broken"


class NoAnswer(Exception):
    """The wire failed at ``way``; the text names the host, never the whole address."""

    def __init__(self, way: Way, host: str) -> None:
        super().__init__(f"{way} {host}")
        self.way = way
        self.host = host


@dataclass(frozen=True, slots=True)
class Page:
    """What a GET brought: status, beginning of the body, seconds it took."""

    status: int
    body: bytes
    took_s: float


class Probe:
    """One secret's view of the server API; a fault of the token is remembered, not provoked again.

    ``session`` belongs to the caller. ``server_time`` is the Date of WeCom's last answer, None
    before the first.
    """

    def __init__(self, config: AppConfig, session: aiohttp.ClientSession) -> None:
        self._config = config
        self._session = session
        self._token: str | WeComFault | NoAnswer | None = None
        self._lock = asyncio.Lock()
        self.server_time: datetime | None = None

    async def token(self) -> str:
        """The access token. Raises: WeComFault, NoAnswer; the same ones at every call."""
        async with self._lock:
            if self._token is None:
                try:
                    self._token = await self._fetch_token()
                except (WeComFault, NoAnswer) as fault:
                    self._token = fault
        if isinstance(self._token, str):
            return self._token
        raise self._token

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """What WeCom answered to a GET; errcode is 0. Raises: WeComFault, NoAnswer."""
        return await self._ask("GET", path, {"access_token": await self.token(), **query})

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What WeCom answered to a POST; errcode is 0. Raises: WeComFault, NoAnswer."""
        return await self._ask("POST", path, {"access_token": await self.token()}, body)

    async def _fetch_token(self) -> str:
        query = {"corpid": self._config.corpid, "corpsecret": self._config.secret}
        return str((await self._ask("GET", "gettoken", query))["access_token"])

    async def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        url = f"{self._config.api_base.rstrip('/')}/cgi-bin/{path}"
        try:
            async with self._session.request(
                method,
                url,
                params=query,
                json=body,
                timeout=aiohttp.ClientTimeout(total=self._config.timeout_s),
                allow_redirects=False,
            ) as answer:
                self._note_time(answer.headers.get("Date", ""))
                return raise_for_errcode(await payload_of(answer))
        except (aiohttp.ClientError, OSError) as fault:
            raise _no_answer(fault, url) from None  # aiohttp's words hold the token

    def _note_time(self, date: str) -> None:
        try:
            self.server_time = parsedate_to_datetime(date)
        except ValueError:
            return


async def look_at(
    session: aiohttp.ClientSession, url: str, query: Mapping[str, str], timeout_s: float
) -> Page:
    """The page at ``url``, redirects not followed. Raises: NoAnswer."""
    started = asyncio.get_running_loop().time()
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    try:
        async with session.get(url, params=query, timeout=timeout, allow_redirects=False) as answer:
            body = await answer.content.read(_BODY_LIMIT)
            return Page(answer.status, body, asyncio.get_running_loop().time() - started)
    except (aiohttp.ClientError, OSError) as fault:
        raise _no_answer(fault, url) from None


async def subscribe_once(config: SocketConfig, session: aiohttp.ClientSession) -> None:
    """Return when the robot may subscribe; the connection is left at once.

    WeCom closes whatever connection the robot had before: ask only while nobody holds one.
    Raises: WeComFault, NoAnswer.
    """
    try:
        async with asyncio.timeout(2 * config.ack_timeout_s):
            ws = await session.ws_connect(config.url, timeout=aiohttp.ClientWSTimeout(ws_close=1.0))
    except (aiohttp.ClientError, OSError, ValueError) as fault:
        raise _no_answer(fault, config.url) from None
    link = Link(ws, config, _ignore)
    life = asyncio.create_task(link.live())
    try:
        body = {"bot_id": config.bot_id, "secret": config.secret}
        await link.ask("aibot_subscribe", link.new_req_id("aibot_subscribe"), body)
    except Unreachable:
        raise NoAnswer(Way.BROKEN, _host_of(config.url)) from None
    finally:
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
        await link.close()


async def _ignore(_frame: Frame) -> None:
    return


def _no_answer(fault: Exception, url: str) -> NoAnswer:
    match fault:
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            way = Way.PROXY
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            way = Way.CERTIFICATE
        case aiohttp.ClientConnectorDNSError():
            way = Way.NAME
        case TimeoutError():
            way = Way.TIME
        case aiohttp.ClientConnectorError():
            way = Way.CONNECTION
        case _:
            way = Way.BROKEN
    return NoAnswer(way, _host_of(url))


def _host_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2]
