"""Signed messages to other systems (对外推送的发送): one lane for each hook of partners.yaml.

``POST`` with the JSON body, ``X-Jingge-Timestamp`` and ``X-Jingge-Signature: v1=`` + HMAC-SHA256 of
``timestamp.body``. Any 2xx is a receipt; everything else is tried again in order by the sender,
at most ``tries`` times, then the row is parked. Nothing inside the house can be reached by it:
only https to public addresses, or hosts that the operator has listed. Where a proxy stands on the
way, names are resolved there, and what they lead to is the proxy's to guard.
"""

import hashlib
import hmac
import json
import socket
import ssl
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot import way_out
from bot.messages import Outgoing, Receipt, Text
from bot.wecom.errors import Refusal, Unreachable
from config.partner_rules import Hook, is_public_address

AGENT = "jingge-hook/1"
_OK, _GONE = range(200, 300), 410


class Hookout:
    """The lane of one hook. Close it at the end."""

    def __init__(
        self,
        hook: Hook,
        secret: str,
        hosts: frozenset[str],
        now: Callable[[], datetime],
        timeout_s: float,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.name = hook.lane
        self._hook = hook
        self._secret = secret
        self._hosts = hosts
        self._now = now
        self._tls = tls
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, out: Outgoing) -> Receipt:
        """Send it once. Raises: Unreachable, or Refusal after the last try."""
        assert isinstance(out.message, Text)  # handlers.hooks makes nothing else  # noqa: S101
        body = out.message.text
        try:
            status = await self._post(body)
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise self._failed(out, type(fault).__name__) from fault
        if status in _OK:
            return Receipt(at=self._now(), note=str(status))
        if status == _GONE:
            raise Refusal("410", status)
        raise self._failed(out, str(status))

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: str) -> int:
        self._refuse_inside()
        headers = headers_of(self._secret, int(self._now().timestamp()), body)
        async with self._open().post(
            self._hook.url, data=body.encode(), headers=headers, allow_redirects=False
        ) as response:
            return response.status

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            proxy = self._proxy()
            guard = None if proxy else Guarded(self._hosts)
            tls = self._tls if self._tls is not None else True
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=guard, limit=2, ssl=tls),
                proxy=proxy or None,
                timeout=self._timeout,
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _proxy(self) -> str:
        """The one on the way, as ``way_out.follow`` left it; listed hosts are called directly."""
        is_inside = is_listed(self._hook.host, urlsplit(self._hook.url).port, self._hosts)
        return "" if is_inside else way_out.proxy_of(self._hook.url)

    def _refuse_inside(self) -> None:
        """Pass for a listed host, and for https to a name or a public address."""
        parts = urlsplit(self._hook.url)
        if is_listed(self._hook.host, parts.port, self._hosts):
            return
        if parts.scheme != "https":
            raise OSError("plain http to a host that is not listed")
        if _is_literal(self._hook.host) and not is_public_address(self._hook.host):
            raise OSError("an address inside the house")

    def _failed(self, out: Outgoing, why: str) -> Exception:
        if out.tries + 1 >= self._hook.tries:
            return Refusal(f"gave up after {out.tries + 1} tries: {why}")
        return Unreachable(why, unknown=True)


class Guarded(AbstractResolver):
    """Names of listed hosts resolve to anything, all others to public addresses only."""

    def __init__(self, hosts: frozenset[str], inner: AbstractResolver | None = None) -> None:
        self._hosts = hosts
        self._inner = inner or aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses. Raises: OSError when one of them lies inside the house."""
        found = await self._inner.resolve(host, port, family)
        if is_listed(host.lower(), port, self._hosts):
            return found
        if not all(is_public_address(one["host"]) for one in found):
            raise OSError("a name that leads inside the house")
        return found

    async def close(self) -> None:
        """Give the inner one back."""
        await self._inner.close()


def headers_of(secret: str, timestamp: int, body: str) -> dict[str, str]:
    """What is sent along: when, the signature over both, and the id of this change."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": AGENT,
        "X-Jingge-Delivery": _id_of(body),
        "X-Jingge-Timestamp": str(timestamp),
        "X-Jingge-Signature": f"v1={signature(secret, timestamp, body)}",
    }


def signature(secret: str, timestamp: int, body: str) -> str:
    """HMAC-SHA256 in hex over ``timestamp.body``."""
    message = f"{timestamp}.{body}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def listed(setting: str) -> frozenset[str]:
    """The hosts of ``JINGGE_HOOK_HOSTS``: names or addresses, with or without a port."""
    return frozenset(setting.replace(",", " ").lower().split())


def is_listed(host: str, port: int | None, hosts: frozenset[str]) -> bool:
    """True when the operator lets this host be called whatever it is."""
    return host in hosts or f"{host}:{port}" in hosts


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _id_of(body: str) -> str:
    found: Any = json.loads(body)
    return str(found["id"])
