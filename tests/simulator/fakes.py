"""A running simulator and an HTTP client for all its doors."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from simulator.clock import parse_moment
from simulator.server import serve
from simulator.sim import Pace, Sim
from tests.simulator.bots import Socket
from tests.simulator.corp import (
    AGENT,
    CORP,
    FAST,
    NOW,
    ROBOT,
    ROBOT_SECRET,
    SECRET,
    Json,
    made_up_world,
)


class Wire:
    """A running simulator and an HTTP client for all its doors."""

    def __init__(self, sim: Sim, url: str, http: aiohttp.ClientSession) -> None:
        self.sim = sim
        self.url = url
        self.http = http
        self._sockets: list[Socket] = []
        self._token = ""

    async def ask(self, method: str, path: str, body: Json | None = None) -> tuple[int, Any]:
        """Status and JSON of any call."""
        async with self.http.request(method, self.url + path, json=body) as answer:
            return answer.status, await answer.json(content_type=None)

    async def sim_post(self, path: str, **body: Any) -> Any:
        """A control call that must succeed."""
        status, data = await self.ask("POST", f"/sim/{path}", body)
        assert status == 200, data
        return data

    async def say(self, chat: str, user: str, text: str, **more: Any) -> Any:
        return await self.sim_post("say", chat=chat, user=user, text=text, **more)

    async def errors(self) -> list[str]:
        """The rules that were broken, in order."""
        return [row["rule"] for row in (await self.ask("GET", "/sim/errors"))[1]]

    async def messages(self, chat: str) -> list[Json]:
        found: list[Json] = (await self.ask("GET", f"/sim/chats/{chat}"))[1]["messages"]
        return found

    async def texts(self, chat: str) -> list[str]:
        return [one["text"] for one in await self.messages(chat)]

    async def token(self, secret: str = SECRET) -> str:
        path = f"/cgi-bin/gettoken?corpid={CORP}&corpsecret={secret}"
        token: str = (await self.ask("GET", path))[1]["access_token"]
        return token

    async def call(self, endpoint: str, body: Json | None = None, **query: str) -> Json:
        """A call of the app with a living token."""
        self._token = self._token or await self.token()
        url = f"{self.url}/cgi-bin/{endpoint}"
        async with self.http.request(
            "POST" if body is not None else "GET",
            url,
            params={"access_token": self._token, **query},
            json=body,
        ) as answer:
            data: Json = await answer.json()
            return data

    async def text(self, touser: str, content: str = "你好", **more: Any) -> Json:
        """message/send of a text."""
        body = {"touser": touser, "msgtype": "text", "agentid": AGENT, **more}
        return await self.call("message/send", {**body, "text": {"content": content}})

    async def app_card(self, touser: str, card: Json) -> Json:
        """message/send of a card."""
        body = {"touser": touser, "msgtype": "template_card", "agentid": AGENT}
        return await self.call("message/send", {**body, "template_card": card})

    async def connect(self) -> Socket:
        """An open websocket, not subscribed yet."""
        socket = Socket(await self.http.ws_connect(f"{self.url}/ws"))
        self._sockets.append(socket)
        return socket

    async def robot(self) -> Socket:
        """A subscribed robot."""
        socket = await self.connect()
        ack = await socket.send("aibot_subscribe", {"bot_id": ROBOT, "secret": ROBOT_SECRET})
        assert ack["errcode"] == 0
        return socket

    async def close(self) -> None:
        for socket in self._sockets:
            await socket.stop()


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for a real condition; fails after ``seconds``."""
    for _ in range(int(seconds / 0.01)):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came true")


@asynccontextmanager
async def running(
    *, bot_url: str | None = None, virgin: bool = False, pace: Pace = FAST, **more: Any
) -> AsyncIterator[Wire]:
    """A simulator on a free port, as long as the block runs."""
    sim = Sim(
        made_up_world(),
        bot_url=bot_url,
        now=parse_moment(NOW),
        virgin=virgin,
        pace=pace,
        **more,
    )
    async with serve(sim) as url, aiohttp.ClientSession() as http:
        wire = Wire(sim, url, http)
        try:
            yield wire
        finally:
            await wire.close()


async def heard(wire: Wire, robot: Socket, user: str = "res_a", chat: str = "wrONE") -> str:
    """One mention; the req_id that the robot got."""
    await wire.say(chat, user, "漏水", mention=True)
    frame = await robot.next()
    return str(frame["headers"]["req_id"])
