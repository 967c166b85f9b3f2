"""Who calls the open door (来者): API keys and rate limits, per client and per address.

A key comes in a header (``X-API-Key``, ``Authorization: Bearer`` or the user name of Basic) or as
the parameter ``api_key`` of the specification. Without a good one the answer is 403, too often 429.
Used by ``bot.web.open311``.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.lines import line_of
from bot.web.open311_wire import Fault
from bot.wecom.channel import Buckets
from config.partner_rules import Client, Partners
from storage.partner_keys import Keyring

STRANGERS = ((300, 60),)
BAD_KEYS = ((30, 60),)
OWN = ((6000, 60),)
Limits = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Callers:
    """Knows the clients of the site; ``partners`` gives the rules in force."""

    keys: Keyring
    buckets: Buckets
    partners: Callable[[], Partners]

    async def anybody(self, request: web.Request) -> None:
        """Pass while the rules name a client at all. Raises: Fault 404, as for no such address."""
        if not self.partners().clients:
            await self.stranger(request)
            raise Fault(404, "no such address")

    async def client(self, request: web.Request, given: Mapping[str, str]) -> Client:
        """Who calls; ``given`` are its parameters. Raises: Fault 403 or 429."""
        partners = self.partners()
        ids = [one.id for one in partners.clients]
        name, is_own = self.keys.client_of(key_in(request, given), ids)
        found = partners.client(name)
        if found is None:
            await self._take(f"bad:{_address(request)}", BAD_KEYS)
            raise Fault(403, "Missing or Invalid API Key")
        limits = OWN if is_own else ((found.per_minute, 60), (found.per_day, 86400))
        await self._take(f"own:{name}" if is_own else name, limits)
        return found

    async def stranger(self, request: web.Request) -> None:
        """Pass who asks for what anybody may read. Raises: Fault 429."""
        await self._take(f"any:{_address(request)}", STRANGERS)

    async def _take(self, name: str, limits: Limits) -> None:
        wait = await self.buckets.take(f"open311:{name}", limits)
        if wait > 0:
            raise Fault(429, "too many requests", wait)


def key_in(request: web.Request, given: Mapping[str, str]) -> str:
    """The key of a header, else the parameter ``api_key``; empty when there is none."""
    if named := request.headers.get("X-API-Key", ""):
        return named
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        return _user_of(value.strip())
    return given.get("api_key", "")


def _user_of(basic: str) -> str:
    """The user name inside Basic credentials; empty when they cannot be read."""
    try:
        return b64decode(basic, validate=True).decode().partition(":")[0]
    except ValueError:
        return ""


def _address(request: web.Request) -> str:
    return line_of(request.remote or "")
