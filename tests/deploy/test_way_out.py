"""Out of the house through a proxy, past a box that signs by itself: calls, pictures, websocket.

A real proxy that speaks CONNECT, real TLS with an authority that nobody else trusts, and names that
only the proxy can resolve, as in a station whose machine has no way out of its own.
"""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot import way_out
from bot.web.hookout import Hookout
from bot.wecom.media import download
from bot.wecom.places import AppConfig, SocketConfig
from bot.wecom.probe import NoAnswer, Probe, Way, subscribe_once
from config.faults import StartupFault
from config.partner_rules import Hook
from config.settings import Settings
from tests.open311.test_hooks import out
from tests.servers.proxy import ConnectProxy, connect_proxy
from tests.servers.tls import Authority
from tests.wecom.gateway import Gateway

API, SOCKET, HOOK = "qyapi.wecom.test", "openws.wecom.test", "hook.partner.test"
APP = AppConfig(corpid="ww", agentid=1, secret="s", api_base=f"https://{API}")


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """Nothing of proxies in it meanwhile; put back afterwards."""
    bare = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    with mock.patch.dict(os.environ, bare, clear=True):
        yield


@dataclass
class Outside:
    """WeCom and a partner behind one TLS server, and the proxy that leads there."""

    gateway: Gateway
    proxy: ConnectProxy
    ca: Path
    port: int

    @property
    def socket(self) -> SocketConfig:
        """The robot's line."""
        return replace(self.gateway.config(), url=f"wss://{SOCKET}/ws")

    def settings(self, **more: Any) -> Settings:
        """The way of a station that must go through the proxy and trust the box."""
        given: dict[str, Any] = {
            "http_proxy": SecretStr(self.proxy.url),
            "ca_file": self.ca,
            **more,
        }
        return Settings(_env_file=None, **given)


@asynccontextmanager
async def outside(folder: Path, account: str = "") -> AsyncIterator[Outside]:
    gateway, authority = Gateway(), Authority()
    app = gateway.server.app
    app.router.add_get("/cgi-bin/gettoken", _token)
    app.router.add_post("/hook", _hooked)
    server = TestServer(app)
    await server.start_server(ssl=authority.server_context(API, SOCKET, HOOK, "127.0.0.1"))
    assert server.port is not None
    leads = {f"{host}:443": server.port for host in (API, SOCKET, HOOK)}
    async with connect_proxy(leads, account) as proxy:
        yield Outside(gateway, proxy, authority.file(folder), server.port)
    await server.close()


async def _token(_request: web.Request) -> web.Response:
    return web.json_response({"errcode": 0, "access_token": "T", "expires_in": 7200})


async def _hooked(_request: web.Request) -> web.Response:
    return web.Response()


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Outside]:
    async with outside(tmp_path) as made:
        yield made


async def test_call_and_websocket_go_through_the_proxy_and_trust_the_own_authority(
    there: Outside,
) -> None:
    socket = there.socket
    async with way_out.open_session(there.settings()) as session:
        assert await Probe(APP, session).token() == "T"
        await subscribe_once(socket, session)

    assert there.gateway.subscribed == 1
    assert there.proxy.asked == [f"CONNECT {API}:443", f"CONNECT {SOCKET}:443"]


async def test_websocket_follows_https_proxy_of_the_environment_too(there: Outside) -> None:
    os.environ["HTTPS_PROXY"] = there.proxy.url
    socket = there.socket

    async with way_out.open_session(there.settings(http_proxy=SecretStr(""))) as session:
        await subscribe_once(socket, session)

    assert there.proxy.asked == [f"CONNECT {SOCKET}:443"]


async def test_proxy_with_an_account_lets_us_through(tmp_path: Path) -> None:
    async with outside(tmp_path, "station:pass") as there:
        async with way_out.open_session(there.settings()) as session:
            assert await Probe(APP, session).token() == "T"
            await subscribe_once(there.socket, session)

        bare = SecretStr(there.proxy.url.replace("station:pass@", ""))
        async with way_out.open_session(there.settings(http_proxy=bare)) as session:
            with pytest.raises(NoAnswer) as refused:
                await Probe(APP, session).token()
        assert refused.value.way is Way.PROXY


async def test_without_the_own_authority_the_certificate_is_refused(there: Outside) -> None:
    async with way_out.open_session(there.settings(ca_file=Path())) as session:
        with pytest.raises(NoAnswer) as refused:
            await Probe(APP, session).token()

    assert refused.value.way is Way.CERTIFICATE


async def test_hosts_that_are_named_go_past_the_proxy(there: Outside) -> None:
    beside = AppConfig(
        corpid="ww", agentid=1, secret="s", api_base=f"https://127.0.0.1:{there.port}"
    )
    async with way_out.open_session(there.settings(no_proxy=f"{API}, 10.0.0.1")) as session:
        assert await Probe(beside, session).token() == "T"  # this machine: never by proxy
        with pytest.raises(NoAnswer) as unknown:
            await Probe(APP, session).token()

    assert unknown.value.way is Way.NAME  # nobody but the proxy knows the name
    assert there.proxy.asked == []


async def test_hook_of_a_partner_goes_through_the_proxy(there: Outside) -> None:
    settings, url = there.settings(), f"https://{HOOK}/hook"
    way_out.follow(settings)
    hook = Hook.model_validate({"id": "one", "url": url})
    lane = Hookout(
        hook, "secret", frozenset(), lambda: datetime.now(UTC), 5.0, way_out.trusted(settings)
    )
    try:
        receipt = await lane.send(out())
    finally:
        await lane.close()

    assert receipt.note == "200"
    assert there.proxy.asked == [f"CONNECT {HOOK}:443"]


async def test_picture_comes_through_the_proxy(there: Outside) -> None:
    async with way_out.open_session(there.settings()) as session:
        with pytest.raises(Exception, match="HTTP 404"):
            await download(session, f"https://{API}/nothing.jpg", "k", 100, 5.0)

    assert there.proxy.asked == [f"CONNECT {API}:443"]


@pytest.mark.parametrize(
    "proxy", ["10.0.0.1:8080", "socks5://10.0.0.1:1", "http://host", "http://"]
)
def test_proxy_that_is_none_is_said_at_start(proxy: str) -> None:
    with pytest.raises(StartupFault) as fault:
        way_out.follow(Settings(_env_file=None, http_proxy=SecretStr(proxy)))

    assert "JINGGE_HTTP_PROXY" in str(fault.value)
    assert "10.0.0.1" not in str(fault.value)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_authority_that_cannot_be_read_is_said_at_start(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)

    with pytest.raises(StartupFault, match="JINGGE_CA_FILE"):
        way_out.trusted(Settings(_env_file=None, ca_file=path))


def test_archive_gets_address_and_account_apart() -> None:
    given = Settings(_env_file=None, http_proxy=SecretStr("http://u:p%40s@10.0.0.1:8080"))

    assert way_out.apart(given) == ("http://10.0.0.1:8080", "u:p@s")
    assert way_out.apart(Settings(_env_file=None)) == ("", "")


async def test_sessions_of_the_commands_are_all_opened_here() -> None:
    """Calls to the bot itself, to a siren inside, and the demo's stay in the house."""
    root = Path(__file__).parents[2]
    own = {
        "outside.py",
        "import12345.py",
        "demo.py",
        "demo_processes.py",
        "reach.py",
        "way_out.py",
    }
    folders = ("bot", "commands", "handlers", "storage")
    found = {
        path.name
        for folder in folders
        for path in (root / folder).rglob("*.py")
        if f"{aiohttp.__name__}.ClientSession(" in path.read_text("utf-8")
    }

    assert {"way_out.py", "reach.py"} <= found <= own
