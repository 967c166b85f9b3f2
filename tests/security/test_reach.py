"""An address that somebody else wrote leads nowhere but where it may (SSRF)."""

import gzip
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.wecom.errors import Gone, Refusal, Unreachable
from bot.wecom.media import download
from bot.wecom.reach import (
    WECOM_MEDIA,
    Guarded,
    NotReachable,
    Reach,
    guarded_session,
    listed,
    media_reach,
)
from commands.doors import outer_session
from config.settings import Settings

KEY = "a" * 43
SEEN = web.AppKey("seen", list[str])
BOMB = gzip.compress(bytes(300_000_000), 1)
INSIDE = (
    "http://127.0.0.1:{port}/p",
    "http://localhost:{port}/p",
    "http://[::1]:{port}/p",
    "http://2130706433:{port}/p",
    "http://0x7f.1:{port}/p",
    "http://0:{port}/p",
    "https://127.0.0.1:{port}/p",
    "https://[::ffff:127.0.0.1]:{port}/p",
    "https://localhost:{port}/p",
    "https://2130706433:{port}/p",
    "https://１２７.0.0.1:{port}/p",
    "https://127.0.0.1.:{port}/p",
    "https://user:word@127.0.0.1:{port}/p",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://100.64.0.1/",
    "https://[fd00::1]/",
    "https://[64:ff9b::a00:1]/",
    "http://example.invalid/p",
)


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    """A server inside the house that counts who comes."""
    app = web.Application()
    app[SEEN] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        request.app[SEEN].append(request.path)
        if request.path == "/away":
            raise web.HTTPFound("/p")
        if request.path == "/bomb":
            return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"})
        return web.Response(body=b"p" * 64)

    app.router.add_get("/{name:.*}", answer)
    running = TestServer(app)
    async with running:
        yield running


@pytest.mark.parametrize("url", INSIDE)
async def test_a_picture_s_address_never_leads_inside(server: TestServer, url: str) -> None:
    async with guarded_session(media_reach("")) as session:
        with pytest.raises((Refusal, Unreachable)) as told:
            await download(session, url.format(port=server.port), KEY, 1000, 2.0)

    assert server.app[SEEN] == []
    assert "127.0.0.1" not in str(told.value)


async def test_wecom_s_own_base_may_lie_inside_and_a_redirect_is_not_followed(
    server: TestServer,
) -> None:
    base = str(server.make_url("")).rstrip("/")
    async with guarded_session(media_reach("", base)) as session:
        with pytest.raises(Refusal, match="key"):  # fetched; only then the key does not fit
            await download(session, f"{base}/p", KEY, 1000, 2.0)
        with pytest.raises(Gone):
            await download(session, f"{base}/away", KEY, 1000, 2.0)

    assert server.app[SEEN] == ["/p", "/away"]


async def test_a_body_that_unpacks_without_end_is_dropped_at_its_limit(server: TestServer) -> None:
    """The limit counts what came out of gzip, and nothing is read beyond it."""
    base = str(server.make_url("")).rstrip("/")
    async with guarded_session(media_reach("", base)) as session:
        with pytest.raises(Refusal, match="longer than"):
            await download(session, f"{base}/bomb", KEY, 1_000_000, 10.0)


@pytest.mark.parametrize(
    ("setting", "host", "may"),
    [
        ("", WECOM_MEDIA[0], True),
        ("", "new-store.example", True),
        (".qpic.cn", "p.qpic.cn", True),
        (".qpic.cn", WECOM_MEDIA[0], True),
        (".qpic.cn", "new-store.example", False),
        (".qpic.cn", "evilqpic.cn", False),
        (".qpic.cn", "p.qpic.cn.evil.example", False),
        ("Store.example:8443", "store.example", True),
        ("store.example", "STORE.example.", True),
    ],
)
def test_a_list_leaves_no_other_way(setting: str, host: str, may: bool) -> None:
    reach = media_reach(setting, "https://qyapi.weixin.qq.com")
    try:
        reach.look("https", host, 8443 if ":" in setting else 443)
    except NotReachable:
        assert not may
    else:
        assert may


async def test_the_house_s_own_session_lets_out_what_it_must_and_no_more(
    server: TestServer,
) -> None:
    """Built of settings as a house builds it: the socket's and the interface's base go."""
    base = str(server.make_url("")).rstrip("/")
    settings = Settings(_env_file=None, api_base=base, socket_url="ws://127.0.0.1:9")
    async with outer_session(settings) as session:
        async with session.get(f"{base}/p") as answer:
            assert answer.status == 200
        with pytest.raises(aiohttp.ClientConnectorError):  # called, and nobody there
            await session.ws_connect("ws://127.0.0.1:9")
        with pytest.raises(NotReachable):
            await session.get("http://127.0.0.1:10/")


class Names(AbstractResolver):
    """A resolver whose answer an attacker chose."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0)
            for one in self.addresses
        ]

    async def close(self) -> None:
        return None


async def test_a_name_that_leads_inside_is_refused_where_it_is_resolved() -> None:
    with pytest.raises(NotReachable, match="inside"):
        await Guarded(Reach(), Names("93.184.216.34", "10.0.0.1")).resolve("evil.example", 443)
    found = await Guarded(Reach(), Names("93.184.216.34")).resolve("good.example", 443)
    assert found[0]["host"] == "93.184.216.34"
    inner = Guarded(Reach(listed("inner.example")), Names("10.0.0.1"))
    assert (await inner.resolve("inner.example", 80))[0]["host"] == "10.0.0.1"


async def test_wecom_s_store_may_have_an_inside_address_as_in_its_own_cloud() -> None:
    guarded = Guarded(media_reach(""), Names("169.254.0.47"))

    assert await guarded.resolve(WECOM_MEDIA[0], 443)
    with pytest.raises(NotReachable):
        await guarded.resolve("other.cos.ap-guangzhou.myqcloud.com", 443)


async def test_the_proxy_of_the_environment_may_lie_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.inner:3128")
    guarded = Guarded(Reach(), Names("10.1.1.1"))

    assert await guarded.resolve("proxy.inner", 3128)
    with pytest.raises(NotReachable):
        await guarded.resolve("proxy.inner", 443)
