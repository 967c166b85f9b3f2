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
import ssl
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot import way_out
from bot.messages import Outgoing, Receipt, Text
from bot.wecom.errors import Refusal, Unreachable
from bot.wecom.reach import Reach, guarded_session
from config.partner_rules import Hook

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
        headers = headers_of(self._secret, int(self._now().timestamp()), body)
        async with self._open().post(
            self._hook.url,
            data=body.encode(),
            headers=headers,
            allow_redirects=False,
            timeout=self._timeout,
        ) as response:
            return response.status

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            reach = Reach(self._hosts)
            url = urlsplit(self._hook.url)
            is_inside = reach.lists(self._hook.host, url.port)
            proxy = "" if is_inside else way_out.proxy_of(self._hook.url)
            self._session = guarded_session(reach, limit=2, proxy=proxy, tls=self._tls)
        return self._session

    def _failed(self, out: Outgoing, why: str) -> Exception:
        if out.tries + 1 >= self._hook.tries:
            return Refusal(f"gave up after {out.tries + 1} tries: {why}")
        return Unreachable(why, unknown=True)


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


def _id_of(body: str) -> str:
    found: Any = json.loads(body)
    return str(found["id"])
