"""The one way out of this machine (出口): HTTP proxy and certificate authorities of every client.

Many stations reach WeCom only through a proxy, or through a box that signs with an authority of
its own. aiohttp looks for ``HTTPS_PROXY`` with https alone: a websocket (wss) asks for a variable
that nobody sets and goes past the proxy. So the way is written into the process's environment once,
for all four schemes, where aiohttp and all else look for it; ``NO_PROXY`` works as everybody knows
it. Commands open their session here; ``bot.web.hookout`` takes its own with the same certificates.
"""

import os
import ssl
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from config.faults import StartupFault
from config.settings import Settings

_NEVER = "localhost,127.0.0.1,::1"
# Each scheme, and whose proxy it takes when it has none of its own.
_SCHEMES = {"https": "https", "http": "http", "wss": "https", "ws": "http"}


def open_session(settings: Settings, **more: Any) -> aiohttp.ClientSession:
    """A session that goes the way of ``settings``; the caller closes it.

    ``more`` is handed to aiohttp. Raises: StartupFault, as ``follow`` and ``trusted``.
    """
    follow(settings)
    connector = aiohttp.TCPConnector(ssl=trusted(settings))
    return aiohttp.ClientSession(trust_env=True, connector=connector, **more)


def follow(settings: Settings, environ: MutableMapping[str, str] = os.environ) -> None:
    """Make the environment of this process name the proxy, for websockets as well.

    Raises: StartupFault, when the proxy is no ``http://host:port``.
    """
    given = settings.http_proxy.get_secret_value()
    if given:
        _checked(given)
    found = getproxies()
    for scheme, like in _SCHEMES.items():
        proxy = given or found.get(scheme) or found.get(like)
        if proxy:
            environ[f"{scheme}_proxy"] = proxy
    beside = environ.get("no_proxy") or environ.get("NO_PROXY", "")
    named = [*beside.split(","), *settings.no_proxy.replace(" ", ",").split(","), _NEVER]
    environ["no_proxy"] = ",".join(dict.fromkeys(",".join(filter(None, named)).split(",")))


def trusted(settings: Settings) -> ssl.SSLContext:
    """What the system trusts, and the authorities of ``JINGGE_CA_FILE`` too.

    Read once for all clients of the process: parsing the system's list takes 80 ms.
    Raises: StartupFault, when the file is not there or holds no certificate.
    """
    return _trusting(settings.ca_file)


@cache
def _trusting(ca_file: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file != Path():
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError):
            raise StartupFault(
                f"JINGGE_CA_FILE 写的 {ca_file} 读不出证书：应当是 PEM 文件，"
                "以 -----BEGIN CERTIFICATE----- 开头，运行的账号要能读。"
            ) from None
    return context


def proxy_of(url: str) -> str:
    """The proxy on the way to ``url`` after ``follow``; empty when none stands on it."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return ""
    return getproxies().get(parts.scheme, "")


def apart(settings: Settings) -> tuple[str, str]:
    """The proxy as some libraries want it: address without account, and ``account:password``."""
    parts = urlsplit(settings.http_proxy.get_secret_value())
    account, _, address = parts.netloc.rpartition("@")
    return urlunsplit((parts.scheme, address, "", "", "")) if address else "", unquote(account)


def _checked(proxy: str) -> None:
    parts = urlsplit(proxy)
    try:
        is_good = parts.scheme == "http" and bool(parts.hostname) and parts.port is not None
    except ValueError:
        is_good = False
    if not is_good:
        raise StartupFault(
            "设置 JINGGE_HTTP_PROXY 不对：应当是 http://主机:端口，"
            "要账号的写 http://账号:密码@主机:端口。"
        )
