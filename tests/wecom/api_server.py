"""A tiny WeCom server API on a free port: tokens, sends and updates, with faults on demand."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.wecom.places import AppConfig
from tests.wecom.fakes import KEY


class ApiServer:
    """``answers`` are played once each before the ordinary answer; a callable may do anything."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.token_calls = 0
        self.token_answers: deque[dict[str, Any]] = deque()
        self.answers: deque[Any] = deque()
        self.refuses_every_token = False
        self.same_token = False
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/cgi-bin/gettoken", self._gettoken)
        app.router.add_get("/cgi-bin/media/get", self._media)
        app.router.add_post("/cgi-bin/{path:.+}", self._call)
        app.router.add_get("/cgi-bin/{path:.+}", self._call)
        app.router.add_get("/file", self._file)
        self.server = TestServer(app)
        self.media: Callable[[], web.Response] = web.Response

    @property
    def config(self) -> AppConfig:
        return AppConfig(
            corpid="wwcorp1",
            agentid=7,
            secret="s3cret",
            token="tok",
            aes_key=KEY,
            api_base=f"http://127.0.0.1:{self.server.port}",
            timeout_s=2.0,
            backoff_s=0.01,
        )

    def bodies(self, path: str) -> list[dict[str, Any]]:
        return [body for called, body in self.calls if called == path]

    async def _gettoken(self, request: web.Request) -> web.Response:
        assert request.query["corpsecret"] == "s3cret"
        self.token_calls += 1
        await asyncio.sleep(0)
        if self.token_answers:
            return web.json_response(self.token_answers.popleft())
        token = "T" if self.same_token else f"T{self.token_calls}"
        return web.json_response({"errcode": 0, "access_token": token, "expires_in": 7200})

    async def _call(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        asked = request.method == "GET"
        body = dict(request.query) if asked else {} if "upload" in path else await request.json()
        self.calls.append((path, body))
        token = request.query.get("access_token", "")
        if self.refuses_every_token or token == "revoked":
            return web.json_response({"errcode": 40014, "errmsg": "invalid access_token"})
        if self.answers:
            answer = self.answers.popleft()
            return await answer(request) if callable(answer) else web.json_response(answer)
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": "m1", "media_id": "md1"})

    async def _media(self, request: web.Request) -> web.Response:
        if request.query["access_token"] == "revoked":
            return web.json_response({"errcode": 40014, "errmsg": "invalid access_token"})
        return self.media()

    async def _file(self, request: web.Request) -> web.Response:
        return self.media()


async def cut_off(request: web.Request) -> web.StreamResponse:
    """The connection is gone after the request was read: nobody knows whether it counted."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def dripping(request: web.Request) -> web.StreamResponse:
    """An answer that never ends."""
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.01)
    except ConnectionError:
        return response
