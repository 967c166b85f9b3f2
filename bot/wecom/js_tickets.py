"""Signatures for pages in WeCom's client (JS-SDK 签名): two tickets, one formula.

``config`` proves the corp, ``agent`` the app; the client refuses a page whose address differs by a
letter. Tickets live two hours and are kept beside the access tokens, so that all processes share
them. Called by the sidebar page.
Source: https://developer.work.weixin.qq.com/document/path/90506, read 2026-11.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from bot.wecom.channel import Now, Tokens
from bot.wecom.client import Api

CONFIG, AGENT = "config", "agent"
_EARLY = timedelta(seconds=300)


@dataclass(frozen=True, slots=True)
class Signature:
    """What ``ww.register`` wants of a page's own server."""

    timestamp: int
    nonce: str
    signature: str


def sign(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """Lower-hex sha1 over the four values in WeCom's order; ``url`` without its fragment."""
    words = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()


class JsTickets:
    """Both tickets of one app."""

    def __init__(self, api: Api, tokens: Tokens, now: Now, name: str) -> None:
        self._api = api
        self._tokens = tokens
        self._now = now
        self._name = name

    async def signature(self, kind: str, url: str) -> Signature:
        """The signature of ``url``. Raises: as ``Api.ask``."""
        ticket, nonce = await self._ticket(kind), secrets.token_hex(8)
        timestamp = int(self._now().timestamp())
        return Signature(timestamp, nonce, sign(ticket, nonce, timestamp, url.partition("#")[0]))

    async def _ticket(self, kind: str) -> str:
        name = f"ticket:{kind}:{self._name}"
        known = await self._tokens.get(name)
        if known and known[1] - self._now() > _EARLY:
            return known[0]
        if kind == AGENT:
            answer = await self._api.ask("ticket/get", {"type": "agent_config"})
        else:
            answer = await self._api.ask("get_jsapi_ticket", {})
        until = self._now() + timedelta(seconds=int(answer["expires_in"]))
        await self._tokens.put(name, str(answer["ticket"]), until)
        return str(answer["ticket"])
