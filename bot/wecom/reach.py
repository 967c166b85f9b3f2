"""Which addresses may be called that others wrote (能去哪些地址): pictures, answers, other systems.

An address in a message, an order or a rule file is somebody else's word. What the operator listed
is called as it stands; everything else only by https, at an address of the open internet, and a
name is looked at again where it is resolved. ``only_listed`` leaves no way but the list. Redirects
are followed nowhere (each caller says so). Behind a proxy of the environment the proxy resolves, so
there only scheme, list and bare addresses are looked at. Called by ``commands`` and ``bot.web``.
"""

import socket
import ssl
import urllib.request
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from config.partner_rules import is_public_address

# Where robots' pictures lie (developer.work.weixin.qq.com/document/path/100719). Machines of the
# same cloud see it at an inside address, so it is listed; the certificate says who it is.
WECOM_MEDIA = ("ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com",)


class NotReachable(aiohttp.ClientError, OSError):
    """An address that is not called; the words say why and never name it."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Hosts that may be called: ``hosts`` are names or ``name:port``, ``.name`` counts its own."""

    hosts: frozenset[str] = field(default_factory=frozenset)
    only_listed: bool = False

    def lists(self, host: str, port: int | None) -> bool:
        """True when the operator lets this host be called whatever it is."""
        name = host.lower().rstrip(".")
        if name in self.hosts or f"{name}:{port}" in self.hosts:
            return True
        return any(one.startswith(".") and name.endswith(one) for one in self.hosts)

    def look(self, scheme: str, host: str, port: int | None) -> None:
        """Pass for what may be called, before anything is. Raises: NotReachable."""
        if self.lists(host, port):
            return
        if self.only_listed:
            raise NotReachable("a host that is not listed")
        if scheme != "https":
            raise NotReachable("plain http to a host that is not listed")
        if _is_literal(host) and not is_public_address(host):
            raise NotReachable("an address inside the house")


class Guarded(AbstractResolver):
    """Names of listed hosts resolve to anything, all others to public addresses only."""

    def __init__(self, reach: Reach, inner: AbstractResolver | None = None) -> None:
        self._reach = reach
        self._inner = inner or aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses. Raises: NotReachable when one of them lies inside the house."""
        found = await self._inner.resolve(host, port, family)
        if self._reach.lists(host, port) or (host.lower(), port) in _proxies():
            return found
        if not all(is_public_address(one["host"]) for one in found):
            raise NotReachable("a name that leads inside the house")
        return found

    async def close(self) -> None:
        """Give the inner one back."""
        await self._inner.close()


def guarded_session(
    reach: Reach,
    *,
    proxied: bool = False,
    proxy: str = "",
    limit: int = 20,
    tls: ssl.SSLContext | None = None,
) -> aiohttp.ClientSession:
    """A session that calls nothing else; close it. ``proxied``: by the environment's proxy.

    ``proxy``: by this one; ``tls``: what is trusted, without it what the system trusts. Its calls
    raise what aiohttp raises, and NotReachable.
    """

    async def look(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        _look(reach, request.url)
        return await handler(request)

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            resolver=None if proxy else Guarded(reach), limit=limit, ssl=tls or True
        ),
        proxy=proxy or None,
        middlewares=(look,),
        trust_env=proxied,
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def listed(setting: str) -> frozenset[str]:
    """The hosts of a setting: names or addresses, with or without a port."""
    return frozenset(setting.replace(",", " ").lower().split())


def media_reach(setting: str, *own: str) -> Reach:
    """Where pictures may come from: WeCom's ``own`` bases, its store, what the setting lists.

    With a setting nothing but these; without one any https address of the open internet, since
    WeCom promises no name and a picture lives five minutes.
    """
    bases = (urlsplit(base) for base in own)
    hosts = {base.netloc.rpartition("@")[2].lower() for base in bases}
    return Reach(frozenset({*hosts, *WECOM_MEDIA, *listed(setting)}), only_listed=bool(setting))


def _look(reach: Reach, url: URL) -> None:
    reach.look(url.scheme, url.host or "", url.port)


def _proxies() -> set[tuple[str, int]]:
    found = (urlsplit(one) for one in urllib.request.getproxies().values() if "://" in one)
    return {(one.hostname or "", one.port or 80) for one in found}


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
