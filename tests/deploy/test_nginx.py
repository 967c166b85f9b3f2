"""The proxy's example by nginx itself: accepted, closed where it must be, open for SSE."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.docs.pages import ROOT
from tests.servers.needs import find_nginx, missing
from tests.servers.polling import until
from tests.servers.process import free_port
from tests.servers.tls import Authority

EXAMPLE = ROOT / "deploy" / "nginx" / "jingge.conf"
HOST = ROOT / "deploy" / "nginx" / "upstream-host.conf"
COMPOSE = ROOT / "deploy" / "nginx" / "upstream-compose.conf"
_WHOLE = """daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{upstream}
{server}
}}
"""


@pytest.fixture(scope="module")
def nginx() -> Path:
    """The program."""
    found = find_nginx()
    if found is None:
        missing("nginx", "nginx-light")
    return found


@dataclass
class Proxy:
    """The example, with ports and certificate of this test."""

    folder: Path
    port: int
    authority: Authority

    def write(self, upstream: str, backend: int) -> Path:
        """The whole configuration, as a file."""
        key, chain = self.authority.files_for("127.0.0.1", self.folder)
        server = (
            EXAMPLE.read_text("utf-8")
            .replace("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl;")
            .replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
            .replace("listen [::]:80;", "").replace("listen [::]:443 ssl;", "")
            .replace("/etc/nginx/tls/jingge.fullchain.pem", str(chain))
            .replace("/etc/nginx/tls/jingge.key", str(key))
            .replace("/var/log/nginx", str(self.folder))
        )  # fmt: skip
        for old in ("127.0.0.1:8081", "127.0.0.1:8082", "127.0.0.1:8083", "bot1:8080", "bot2:8080"):
            upstream = upstream.replace(old, f"127.0.0.1:{backend}")
        made = self.folder / "nginx.conf"
        made.write_text(_WHOLE.format(folder=self.folder, upstream=upstream, server=server))
        return made


@pytest.fixture
def proxy(tmp_path: Path) -> Proxy:
    return Proxy(tmp_path, free_port(), Authority())


@pytest.mark.parametrize("upstream", [HOST, COMPOSE], ids=lambda path: path.stem)
def test_nginx_accepts_the_example(nginx: Path, proxy: Proxy, upstream: Path) -> None:
    made = proxy.write(upstream.read_text("utf-8"), 9)

    done = subprocess.run(
        [nginx, "-t", "-p", str(proxy.folder), "-c", str(made)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr


@pytest.fixture
async def bot() -> AsyncIterator[TestServer]:
    """What stands behind: answers everything, streams ``/live`` and never ends it by itself."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path != "/live":
            return web.Response(text=f"{request.path} {request.headers['X-Forwarded-For']}")
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        await stream.write(b"retry: 3000\n\n")
        while not request.transport or not request.transport.is_closing():
            await until(_never, "the client leaves")
        return stream

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app)
    async with server:
        yield server


async def _never() -> bool:
    return False


@pytest.fixture
async def visit(
    nginx: Path, proxy: Proxy, bot: TestServer
) -> AsyncIterator[Callable[[str], aiohttp.client._RequestContextManager]]:
    """A function that asks nginx for a path."""
    assert bot.port is not None
    made = proxy.write(HOST.read_text("utf-8"), bot.port)
    command = [str(nginx), "-p", str(proxy.folder), "-c", str(made)]
    running = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    context: ssl.SSLContext = proxy.authority.trusted()
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(
        f"https://127.0.0.1:{proxy.port}", connector=connector
    ) as http:

        async def answers() -> bool:
            try:
                async with http.get("/") as found:
                    return found.status == 200
            except aiohttp.ClientConnectionError:
                return False

        await until(answers, "nginx answers")
        yield http.get
    running.terminate()
    await running.wait()


async def test_machines_addresses_are_closed_and_pages_and_callbacks_open(
    visit: Callable[[str], aiohttp.client._RequestContextManager],
) -> None:
    closed = {"/metrics": 404, "/healthz": 404, "/readyz": 404, "/-/time": 404}
    guarded = {"/api/tickets": 403, "/open311/v2/services.json": 403}
    opened = {"/": 200, "/wecom/app": 200, "/wecom/robot": 200, "/sidebar": 200, "/tickets": 200}
    found = {}
    for path in {**closed, **guarded, **opened}:
        async with visit(path) as answer:
            found[path] = answer.status

    assert found == {**closed, **guarded, **opened}


async def test_live_line_comes_through_at_once_though_the_stream_goes_on(
    visit: Callable[[str], aiohttp.client._RequestContextManager],
) -> None:
    async with visit("/live") as answer:
        assert await answer.content.readline() == b"retry: 3000\n"


async def test_log_has_no_arguments(
    visit: Callable[[str], aiohttp.client._RequestContextManager], proxy: Proxy
) -> None:
    async with visit("/login/back?code=onlyonce") as answer:
        assert answer.status == 200
    log = proxy.folder / "jingge.log"

    async def written() -> bool:
        return "/login/back" in log.read_text()

    await until(written, "the line is in the log")
    assert "onlyonce" not in log.read_text()
