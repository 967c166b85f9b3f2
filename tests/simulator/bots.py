"""Little fake bots that meet the simulator over the real wire."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Self

import aiohttp
from aiohttp import web

from simulator.crypto import Envelope
from tests.simulator.corp import (
    APP_KEY,
    APP_TOKEN,
    BOT_KEY,
    BOT_TOKEN,
    CORP,
    NOW,
    Json,
)


class Socket:
    """A robot's websocket client that a test drives by hand."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self.callbacks: asyncio.Queue[Json] = asyncio.Queue()
        self.seen = 0
        self.closed = asyncio.Event()
        self._acks: dict[str, asyncio.Queue[Json]] = {}
        self._numbers = itertools.count(1)
        self._reader = asyncio.get_running_loop().create_task(self._read())

    async def _read(self) -> None:
        async for message in self.ws:
            frame = json.loads(message.data)
            if "cmd" in frame:
                self.seen += 1
                self.callbacks.put_nowait(frame)
            else:
                self._queue(frame["headers"]["req_id"]).put_nowait(frame)
        self.closed.set()

    def _queue(self, req_id: str) -> asyncio.Queue[Json]:
        return self._acks.setdefault(req_id, asyncio.Queue())

    async def send(self, cmd: str, body: Json | None = None, req_id: str = "") -> Json:
        """Send a frame and wait for its ack."""
        req_id = req_id or f"{cmd}_{next(self._numbers)}"
        await self.post(cmd, body, req_id)
        return await asyncio.wait_for(self._queue(req_id).get(), 3)

    async def post(self, cmd: str, body: Json | None, req_id: str) -> None:
        """Send a frame and wait for nothing."""
        frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body or {}}
        await self.ws.send_str(json.dumps(frame))

    async def next(self) -> Json:
        """The next callback frame."""
        return await asyncio.wait_for(self.callbacks.get(), 3)

    async def markdown(self, chatid: str, text: str = "你好", chat_type: int = 2) -> int:
        """Push markdown; the errcode."""
        body = {"chatid": chatid, "chat_type": chat_type, "msgtype": "markdown"}
        ack = await self.send("aibot_send_msg", {**body, "markdown": {"content": text}})
        return int(ack["errcode"])

    async def stream(self, req_id: str, text: str, finish: bool = True, id: str = "s1") -> int:
        """Answer with a stream frame; the errcode."""
        body = {"msgtype": "stream", "stream": {"id": id, "finish": finish, "content": text}}
        return int((await self.send("aibot_respond_msg", body, req_id))["errcode"])

    async def card(self, chatid: str, card: Json, chat_type: int = 2) -> int:
        """Push a card; the errcode."""
        body = {"chatid": chatid, "chat_type": chat_type, "msgtype": "template_card"}
        ack = await self.send("aibot_send_msg", {**body, "template_card": card})
        return int(ack["errcode"])

    async def stop(self) -> None:
        """Hang up."""
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await self.ws.close()


class Bot:
    """An HTTP bot: records callbacks, answers what ``answer`` says, offers ``/-/time``."""

    def __init__(self) -> None:
        self.app_envelope = Envelope(APP_TOKEN, APP_KEY, CORP)
        self.robot_envelope = Envelope(BOT_TOKEN, BOT_KEY, "")
        self.got: list[tuple[str, str]] = []
        self.raw: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.replies: list[str] = []
        self.wait_s = 0.0
        self.echo_wait_s = 0.0
        self.time: Json | None = None
        self.moved: list[str] = []
        self.on_move: Callable[[str], Awaitable[None]] | None = None
        self.url = ""

    async def app(self, request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        encrypt = body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
        return await self._answer(request, "app", self.app_envelope, encrypt, body.encode())

    async def robot(self, request: web.Request) -> web.Response:
        body = await request.read()
        encrypt = json.loads(body)["encrypt"]
        return await self._answer(request, "robot", self.robot_envelope, encrypt, body)

    async def _answer(
        self, request: web.Request, door: str, envelope: Envelope, encrypt: str, raw: bytes
    ) -> web.Response:
        query = request.query
        stamp, nonce = query["timestamp"], query["nonce"]
        plain = envelope.open_signed(encrypt, query["msg_signature"], stamp, nonce)
        self.got.append((door, plain))
        self.raw.append((dict(query), raw))
        await asyncio.sleep(self.wait_s)
        status = self.statuses.pop(0) if self.statuses else 200
        if not self.replies or status != 200:
            return web.Response(status=status)
        return web.Response(text=self._sealed(door, envelope, self.replies.pop(0), stamp, nonce))

    @staticmethod
    def _sealed(door: str, envelope: Envelope, plain: str, stamp: str, nonce: str) -> str:
        encrypt = envelope.encrypt(plain)
        signed = envelope.sign(stamp, nonce, encrypt)
        if door == "robot":
            reply = {"encrypt": encrypt, "msgsignature": signed, "timestamp": int(stamp)}
            return json.dumps({**reply, "nonce": nonce})
        return (
            f"<xml><Encrypt>{encrypt}</Encrypt><MsgSignature>{signed}</MsgSignature>"
            f"<TimeStamp>{stamp}</TimeStamp><Nonce>{nonce}</Nonce></xml>"
        )

    async def verify(self, request: web.Request) -> web.Response:
        envelope = self.app_envelope if request.path.endswith("app") else self.robot_envelope
        query = request.query
        plain = envelope.open_signed(
            query["echostr"], query["msg_signature"], query["timestamp"], query["nonce"]
        )
        await asyncio.sleep(self.echo_wait_s)
        return web.Response(text=plain + ("\n" if self.replies else ""))

    async def time_now(self, request: web.Request) -> web.Response:
        to = (await request.json()).get("to")
        if to:
            self.moved.append(to)
            if self.on_move:
                await self.on_move(to)
        quiet: Json = {"now": NOW, "quiet": True, "next": None, "waiting_for": []}
        return web.json_response(quiet if self.time is None else self.time)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        server = web.Application()
        server.router.add_post("/cb/app", self.app)
        server.router.add_post("/cb/robot", self.robot)
        server.router.add_get("/cb/{door}", self.verify)
        server.router.add_post("/-/time", self.time_now)
        runner = web.AppRunner(server, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()
