"""The app's HTTP door, ``/cgi-bin/...``: tokens, faults and the book of calls around every call.

What each endpoint does stands in `app_messages.py`, `app_data.py` and `appchat.py`; this module
parses, judges the token, lets armed faults act and writes the call down.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.faults import Fault
from simulator.sim import Sim
from simulator.world import Json

DOOR = "app"
MOST_BODY_BYTES = 32 * 1024 * 1024


_UNTRUSTED = "not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info at doc"


class Broken(Exception):
    """The call breaks a rule; raised by endpoints, answered as WeCom does."""

    def __init__(self, rule_id: str, detail: str) -> None:
        super().__init__(rule_id)
        self.rule_id = rule_id
        self.detail = detail


@dataclass(frozen=True)
class Call:
    """One request of the bot: query, raw body, and the body as an object where it is JSON."""

    query: dict[str, str]
    raw: bytes
    content_type: str
    body: Json

    def text(self, key: str) -> str:
        """A text of the body, ``""`` when missing.

        Raises: Broken, when it is something else.
        """
        value = self.body.get(key, "")
        if not isinstance(value, str):
            raise Broken("parameter", f"{key} must be a string")
        return value


Endpoint = Callable[[Sim, Call], "Awaitable[Json | web.Response]"]


def targets(body: Json) -> tuple[set[str], set[str]]:
    """People and chats that a body names; armed faults are filtered by them."""
    users: set[str] = set()
    if isinstance(body.get("touser"), str):
        users.update(body["touser"].split("|"))
    if isinstance(body.get("userid"), str):
        users.add(body["userid"])
    if isinstance(body.get("userids"), list):
        users.update(str(one) for one in body["userids"])
    chats = {f"app:{user}" for user in users}
    if isinstance(body.get("chatid"), str):
        chats.add(body["chatid"])
    return users, chats


def parse(request: web.Request, raw: bytes) -> Call:
    """The request as a Call; a body that is no JSON object leaves ``body`` empty."""
    body: Any = None
    if raw and "multipart" not in request.content_type:
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
    return Call(
        dict(request.query),
        raw,
        request.headers.get("Content-Type", ""),
        body if isinstance(body, dict) else {},
    )


class AppDoor:
    """Serves ``/cgi-bin/{what}``; ``open_endpoints`` need no token."""

    def __init__(
        self, sim: Sim, endpoints: dict[str, Endpoint], open_endpoints: dict[str, Endpoint]
    ) -> None:
        self._sim = sim
        self._endpoints = endpoints
        self._open = open_endpoints

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        what = request.match_info["what"]
        with self._sim.activity.working(what):
            call = parse(request, await request.read())
            users, chats = targets({**call.query, **call.body})
            fault = self._sim.faults.take(what, users, chats)
            if fault:
                return await self._disturbed(request, what, call, fault)
            return self._respond(what, call, await self._answer(what, call))

    async def _answer(self, what: str, call: Call) -> Json | web.Response:
        try:
            if what in self._open:
                return await self._open[what](self._sim, call)
            token = call.query.get("access_token", "")
            if token in self._sim.tokens.revoked:
                return {"errcode": 40014, "errmsg": "invalid access_token"}  # by a fault: no blame
            bad_token = self._sim.tokens.judge(token)
            if bad_token:
                raise Broken(bad_token, what)
            endpoint = self._endpoints.get(what)
            if endpoint is None:
                raise Broken("endpoint_unknown", what)
            empty = call.raw.strip() in (b"", b"{}")
            if not empty and not call.body and "multipart" not in call.content_type:
                raise Broken("body_json", what)
            return await endpoint(self._sim, call)
        except Broken as bad:
            return self._sim.refuse(bad.rule_id, DOOR, f"{what}: {bad.detail}")

    def _respond(self, what: str, call: Call, answer: Json | web.Response) -> web.Response:
        if isinstance(answer, web.Response):
            self._note(what, call, 0)
            return answer
        self._note(what, call, answer["errcode"])
        return web.json_response(answer)

    def _note(self, what: str, call: Call, errcode: int | None) -> None:
        hidden = ("access_token", "corpsecret", "debug", "key")
        query = {key: value for key, value in call.query.items() if key not in hidden}
        self._sim.books.called(what, errcode, {**query, **call.body})

    async def _disturbed(
        self, request: web.Request, what: str, call: Call, fault: Fault
    ) -> web.StreamResponse:
        if fault.delay_s and fault.after is None:
            await asyncio.sleep(fault.delay_s)
        answer = await self._answer(what, call) if fault.processes else None
        if fault.delay_s and fault.after is not None:
            await asyncio.sleep(fault.delay_s)
        if fault.do == "error":
            if fault.code in (40014, 42001):
                self._sim.tokens.revoke()
            self._note(what, call, fault.code or -1)
            says = _UNTRUSTED if fault.code == 60020 else "injected fault"
            return web.json_response({"errcode": fault.code or -1, "errmsg": says})
        if fault.do == "http":
            self._note(what, call, None)
            return web.Response(status=fault.code or 503, text="injected fault")
        if fault.do in ("delay", "duplicate") and answer is not None:
            return self._respond(what, call, answer)
        self._note(what, call, None)
        return await self._no_answer(request, fault)

    async def _no_answer(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.do == "silent":
            await asyncio.sleep(fault.delay_s or 30)
        if request.transport:
            request.transport.abort()
        return web.Response(status=503)
