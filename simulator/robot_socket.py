"""A robot on the websocket: subscribe, ping, replies, pushes and uploads at ``/ws``.

One living connection per robot; a second subscribe takes over. Faults cut, silence or delay the
link. What may be said is judged by `robots.py`; this module reads and writes frames.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from simulator.faults import Fault
from simulator.limits import RULES
from simulator.robots import OK, RobotDesk, Turn
from simulator.sim import Sim
from simulator.uploads import UPLOADS
from simulator.world import Chat, Json

_LINK_KEEPING = ("ping", "aibot_subscribe")
_LINK_FAULTS = ("delay", "drop_request", "drop_answer", "duplicate", "silent", "cut", "error")

Command = Callable[[Sim, RobotDesk, "SocketLink", str, Json], Json]


class SocketLink:
    """One websocket connection; ``robot`` is set by a good subscribe."""

    def __init__(self, sim: Sim, request: web.Request, ws: web.WebSocketResponse) -> None:
        self.sim = sim
        self.ws = ws
        self.robot: str | None = None
        self.sent = 0
        self.silent = False
        self._request = request

    # ------------------------------------------------------------- to the bot
    async def deliver(self, cmd: str, req_id: str, body: Json) -> bool:
        """Send one callback frame; False when it could not leave."""
        user, chat = str((body.get("from") or {}).get("userid", "")), str(body.get("chatid", ""))
        fault = self._fault(cmd, {user}, {chat, user}, ("deliver", None))
        if fault and fault.do == "silent":
            self.silent = True
        if self.silent or (fault and fault.do in ("drop_request", "error", "refuse")):
            return False
        if fault and fault.do == "cut" and fault.after is None:
            await self.cut(fault.code)
            return False
        if fault and fault.do == "delay":
            await asyncio.sleep(fault.delay_s)
        frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}
        for _ in range(2 if fault and fault.do == "duplicate" else 1):
            self.sent += 1
            if not await self._write(frame):
                return False
        if fault and fault.do == "cut":
            await self.cut(fault.code)
        return True

    def _fault(
        self, cmd: str, users: set[str], chats: set[str], after: tuple[str | None, ...]
    ) -> Fault | None:
        faults = self.sim.faults
        found = faults.take(cmd, users, chats)
        if found or cmd in _LINK_KEEPING:
            return found
        return faults.take("socket", users, chats, do=_LINK_FAULTS, after=after)

    async def _write(self, frame: Json) -> bool:
        try:
            await self.ws.send_str(json.dumps(frame, ensure_ascii=False))
        except ConnectionError:
            return False
        return True

    async def cut(self, code: int = 0) -> None:
        """End the connection: cleanly with a close code, or like a pulled cable."""
        self.leave()
        if code:
            await self.ws.close(code=code)
        elif self._request.transport:
            self._request.transport.abort()

    def leave(self) -> None:
        """Forget that this is the robot's living connection; its open clicks are lost."""
        desk = self.sim.desks.get(self.robot or "")
        if desk is None or desk.link is not self:
            return
        desk.link = None
        for turn in desk.turns.values():
            if turn.kind != "msg":
                turn.answered = True

    # ------------------------------------------------------------- from the bot
    async def listen(self) -> None:
        """Answer frames until the connection ends."""
        async for message in self.ws:
            if message.type is WSMsgType.TEXT and not self.silent:
                await self._frame(message.data)

    async def _frame(self, text: str) -> None:
        try:
            frame: Any = json.loads(text)
            cmd, req_id = str(frame["cmd"]), str(frame["headers"]["req_id"])
            body = frame.get("body") or {}
        except (ValueError, KeyError, TypeError):
            self.sim.broke("frame", "robot_socket", f"{len(text)} characters")
            return
        if not isinstance(body, dict):
            self.sim.broke("frame", "robot_socket", f"{cmd}: body is not an object")
            return
        with self.sim.activity.working(cmd):
            await self._answer(cmd, req_id, body)

    async def _answer(self, cmd: str, req_id: str, body: Json) -> None:
        users, chats = self._concerns(req_id, body)
        fault = self._fault(cmd, users, chats, ("accept", None))
        if fault and fault.do == "silent":
            self.silent = True
        if fault and fault.do == "delay":
            await asyncio.sleep(fault.delay_s)
        answer: Json | None = None
        if fault is None or fault.processes:
            answer = self._run(cmd, req_id, body)
        if fault and fault.do in ("error", "http"):
            answer = {"errcode": fault.code or -1, "errmsg": "injected fault"}
        if fault and fault.do == "cut":
            await self.cut(fault.code)
        lost = fault is not None and fault.do not in ("delay", "duplicate", "error", "http")
        self._note(cmd, None if lost or not answer else answer["errcode"], body)
        if not lost and answer is not None:
            for _ in range(2 if fault and fault.do == "duplicate" else 1):
                await self._write({"headers": {"req_id": req_id}, **answer})

    def _note(self, cmd: str, errcode: int | None, body: Json) -> None:
        shown = {key: value for key, value in body.items() if key not in ("secret", "base64_data")}
        self.sim.books.called(cmd, errcode, shown)

    def _concerns(self, req_id: str, body: Json) -> tuple[set[str], set[str]]:
        desk = self.sim.desks.get(self.robot or "")
        turn = desk.turns.get(req_id) if desk else None
        target = str(body.get("chatid", ""))
        if turn:
            return {turn.user}, {turn.chat.id, turn.conversation}
        single = f"{desk.robot.single}:{target}" if desk else ""
        return {target}, {target, single}

    def _run(self, cmd: str, req_id: str, body: Json) -> Json:
        if cmd == "aibot_subscribe":
            return self._subscribe(body)
        desk = self.sim.desks.get(self.robot or "")
        if desk is None:
            return self.sim.refuse("not_subscribed", "robot_socket", cmd)
        upload = UPLOADS.get(cmd)
        if upload:
            return upload(self.sim, desk, body)
        run = COMMANDS.get(cmd)
        if run is None:
            return desk.refuse("command_unknown", cmd)
        return run(self.sim, desk, self, req_id, body)

    def _subscribe(self, body: Json) -> Json:
        desk = self.sim.desks.get(str(body.get("bot_id")))
        if desk is None or desk.robot.mode != "socket" or body.get("secret") != desk.robot.secret:
            return self.sim.refuse("subscribe_secret", "robot_socket", str(body.get("bot_id")))
        if self.robot is not None:
            return desk.refuse("subscribe_again", desk.robot.id)
        now_s, most = self.sim.clock.seconds(), RULES["subscribe_minute"].number
        if desk.subscribes.over(desk.robot.id, now_s, most, most * 60):
            return desk.refuse("subscribe_minute", desk.robot.id)
        desk.subscribes.hit(desk.robot.id, now_s)
        older = desk.link
        self.robot = desk.robot.id
        desk.link = self
        if isinstance(older, SocketLink):
            self.sim.spawn("take-over", older.taken_over(desk.robot.id))
        return OK

    async def taken_over(self, robot_id: str) -> None:
        """Tell this connection that a newer one has taken its place, and close it."""
        body = {
            "msgid": self.sim.new_msgid(),
            "create_time": int(self.sim.clock.seconds()),
            "aibotid": robot_id,
            "msgtype": "event",
            "event": {"eventtype": "disconnected_event"},
        }
        req_id = f"event_{body['msgid']}"
        cmd = "aibot_event_callback"
        await self._write({"cmd": cmd, "headers": {"req_id": req_id}, "body": body})
        self.robot = None
        await self.ws.close(code=1000)


class Links(set[SocketLink]):
    """All open connections, subscribed or not."""


# ----------------------------------------------------------------- commands
def _ping(_sim: Sim, _desk: RobotDesk, _link: SocketLink, _req_id: str, _body: Json) -> Json:
    return OK


def _turn(desk: RobotDesk, req_id: str, kind: str) -> Turn | Json:
    turn = desk.turns.get(req_id)
    if turn is None or turn.kind != kind:
        return desk.refuse("req_id", f"{req_id} for {kind}")
    turn.named = True
    return turn


def _respond(_sim: Sim, desk: RobotDesk, _link: SocketLink, req_id: str, body: Json) -> Json:
    turn = _turn(desk, req_id, "msg")
    return desk.reply(turn, body) if isinstance(turn, Turn) else turn


def _welcome(_sim: Sim, desk: RobotDesk, _link: SocketLink, req_id: str, body: Json) -> Json:
    turn = _turn(desk, req_id, "enter_chat")
    return desk.welcome(turn, body) if isinstance(turn, Turn) else turn


def _update(_sim: Sim, desk: RobotDesk, _link: SocketLink, req_id: str, body: Json) -> Json:
    turn = _turn(desk, req_id, "card")
    return desk.update(turn, body) if isinstance(turn, Turn) else turn


def _push(sim: Sim, desk: RobotDesk, _link: SocketLink, _req_id: str, body: Json) -> Json:
    chat = _target(sim, desk, body)
    if not isinstance(chat, Chat):
        return chat
    conversation = chat.members[0] if chat.kind == "single" else chat.id
    if conversation not in desk.contacts:
        return desk.refuse("push_before_contact", conversation)
    match body.get("msgtype"):
        case "markdown":
            return desk.write(chat, "markdown", body)
        case "template_card":
            return desk.show(chat, body.get("template_card"))
        case "image" | "file" | "voice" | "video" as kind:
            return desk.send_file(chat, kind, body)
    return desk.refuse("robot_msgtype", f"push msgtype={body.get('msgtype')!r}")


def _target(sim: Sim, desk: RobotDesk, body: Json) -> Chat | Json:
    chatid, chat_type = str(body.get("chatid", "")), body.get("chat_type") or 0
    group = sim.world.chats.get(chatid) if chat_type in (0, 2) else None
    if group is not None and group.kind != "single":
        if desk.robot.name not in group.robots:
            return desk.refuse("robot_not_in_group", chatid)
        return group
    person = sim.world.people.get(chatid) if chat_type in (0, 1) else None
    if person is None:
        return desk.refuse("chat_unknown", f"{chatid!r} chat_type={chat_type!r}")
    return sim.world.chats[f"{desk.robot.single}:{person.id}"]


COMMANDS: dict[str, Command] = {
    "ping": _ping,
    "aibot_respond_msg": _respond,
    "aibot_respond_welcome_msg": _welcome,
    "aibot_respond_update_msg": _update,
    "aibot_send_msg": _push,
}


async def websocket(request: web.Request) -> web.StreamResponse:
    """Accept one connection of the bot and serve it to its end."""
    sim: Sim = request.app[SIM]
    if sim.faults.take("socket", do=("refuse",)):
        raise web.HTTPServiceUnavailable(text="refused by an injected fault")
    ws = web.WebSocketResponse(max_msg_size=4 * 1024 * 1024)
    await ws.prepare(request)
    link = SocketLink(sim, request, ws)
    request.app[LINKS].add(link)
    try:
        await link.listen()
    finally:
        link.leave()
        request.app[LINKS].discard(link)
    return ws


SIM = web.AppKey("sim", Sim)
LINKS = web.AppKey("links", Links)
