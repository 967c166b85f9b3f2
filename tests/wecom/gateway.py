"""WeCom's end of the long connection on a free port, with every way to break it."""

import asyncio
import json
from collections import deque
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.wecom.places import SocketConfig


class Gateway:
    """Acknowledges what it is asked; ``acks`` are played once each by cmd, None means silence."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.acks: dict[str, deque[Any]] = {}
        self.silent: set[str] = set()
        self.subscribed = 0
        self.is_down = False
        self.in_flight: dict[str, int] = {}
        self.most_in_flight = 0
        self.ack_delay_s = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        app = web.Application()
        app.router.add_get("/ws", self._serve)
        self.server = TestServer(app)

    def config(self, **more: Any) -> SocketConfig:
        quick: dict[str, Any] = {
            "ping_s": 30.0,
            "ack_timeout_s": 2.0,
            "backoff_first_s": 0.02,
            "backoff_last_s": 0.1,
            "refused_pause_s": 0.05,
            "yield_pause_s": 0.02,
            "hear_backoff_s": 0.005,
            "drain_s": 2.0,
            "url": self.url,
        }
        return SocketConfig(bot_id="aib7", secret="S", **(quick | more))

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.server.port}/ws"

    @property
    def ws(self) -> web.WebSocketResponse:
        return self.sockets[-1]

    def said(self, cmd: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["cmd"] == cmd]

    async def tell(self, body: dict[str, Any], req_id: str = "r1") -> None:
        cmd = "aibot_event_callback" if body.get("msgtype") == "event" else "aibot_msg_callback"
        await self.ws.send_json({"cmd": cmd, "headers": {"req_id": req_id}, "body": body})

    async def text(self, said: str, msgid: str = "M1", req_id: str = "r1", **more: Any) -> None:
        body = message("text", msgid, text={"content": said}) | more
        await self.tell(body, req_id)

    async def click(self, req_id: str = "e1", msgid: str = "E1") -> None:
        detail = {"event_key": "accept|1", "task_id": "t1"}
        event = {"eventtype": "template_card_event", "template_card_event": detail}
        await self.tell(message("event", msgid, event=event), req_id)

    def abort(self) -> None:
        """The TCP connection is gone without a word."""
        transport = self.ws._req.transport if self.ws._req else None
        assert transport is not None
        transport.abort()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return web.Response(status=503)
        ws = web.WebSocketResponse(timeout=0.1)
        await ws.prepare(request)
        self.sockets.append(ws)
        async for received in ws:
            if received.type is aiohttp.WSMsgType.TEXT:
                task = asyncio.create_task(self._take(ws, json.loads(received.data)))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return ws

    async def _take(self, ws: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        cmd, req_id = frame["cmd"], frame["headers"]["req_id"]
        self.in_flight[req_id] = self.in_flight.get(req_id, 0) + 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight[req_id])
        if self.ack_delay_s:
            await asyncio.sleep(self.ack_delay_s)
        self.in_flight[req_id] -= 1
        errcode = self.acks[cmd].popleft() if self.acks.get(cmd) else 0
        if cmd in self.silent or errcode is None:
            return
        if cmd == "aibot_subscribe" and not errcode:
            self.subscribed += 1
        await ws.send_json({"headers": {"req_id": req_id}, "errcode": errcode, "errmsg": "ok"})


def message(msgtype: str, msgid: str, **parts: Any) -> dict[str, Any]:
    return {
        "msgid": msgid,
        "aibotid": "aib7",
        "chatid": "wrGRID01",
        "chattype": "group",
        "from": {"userid": "wg_li"},
        "msgtype": msgtype,
        **parts,
    }
