"""The control API, ``/sim/...``: what people and test scripts do with the simulator.

Documented in docs/simulator.md; stable, JSON in and out. ``say``, ``press`` and ``clock`` return
when bot and simulator are both quiet.
"""

import asyncio
import time

import aiohttp
from aiohttp import web

from simulator import app_callback, robot_callback
from simulator.answers import body_of, in_json
from simulator.clicks import Clicks
from simulator.clock import iso
from simulator.faults import BadFault
from simulator.lost import lost_by
from simulator.model import Message
from simulator.people import People, Wrong
from simulator.quiet import NotQuiet
from simulator.robot_socket import LINKS, Links, SocketLink
from simulator.sim import Sim
from simulator.world import Json, Robot

_LOGIN_CODE_S = 300


class Control:
    """All handlers of the control API."""

    def __init__(self, sim: Sim) -> None:
        self.sim = sim
        self.people = People(sim)
        self.clicks = Clicks(self.people)

    def routes(self) -> list[web.RouteDef]:
        """Where each handler lives."""
        return [
            web.get("/sim/world", self.world),
            web.post("/sim/say", self.say),
            web.post("/sim/press", self.press),
            web.post("/sim/enter", self.enter),
            web.get("/sim/chats/{chat}", self.chat),
            web.get("/sim/inbox/{user}", self.inbox),
            web.get("/sim/messages", self.messages),
            web.post("/sim/clock", self.clock),
            web.post("/sim/bots", self.bots),
            web.get("/sim/clock", self.now),
            web.post("/sim/faults", self.arm),
            web.get("/sim/faults", self.faults),
            web.delete("/sim/faults", self.clear_faults),
            web.delete("/sim/faults/{id}", self.clear_faults),
            web.get("/sim/errors", self.errors),
            web.get("/sim/calls", self.calls),
            web.get("/sim/lost", self.lost),
            web.post("/sim/reset", self.reset),
            web.post("/sim/login", self.login),
            web.post("/sim/verify", self.verify),
        ]

    # ------------------------------------------------------------- reading
    async def world(self, request: web.Request) -> web.Response:
        """Who exists, where, and the test secrets of every door."""
        world, app = self.sim.world, self.sim.world.app
        people = [
            {"id": one.id, "name": one.name, "role": one.role, "grid": one.grid}
            | {"grids": list(one.grids)}
            for one in world.people.values()
        ]
        chats = [*world.chats.values(), *self.sim.appchats.values()]
        doors: Json = {
            "app": {
                "callback": self._callback(app.callback),
                "token": app.token,
                "aes_key": app.aes_key,
                "corpid": app.corpid,
                "agentid": app.agentid,
                "secret": app.secret,
            }
        }
        for robot in world.robots.values():
            doors.setdefault(f"robot_{robot.mode}", self._robot_door(robot))
        shown = {"people": people, "chats": [one.as_json() for one in chats], "doors": doors}
        return in_json({**shown, "web": self.sim.web_url, "now": iso(self.sim.clock.now())})

    def _callback(self, path: str) -> str:
        return f"{self.sim.bot_url or ''}{path}"

    def _robot_door(self, robot: Robot) -> Json:
        if robot.mode == "socket":
            url = f"{self.sim.public_url.replace('http', 'ws', 1)}/ws"
            named: Json = {"bot_id": robot.id, "secret": robot.secret, "name": robot.name}
            return {"url": url, **named, "connected": self.sim.desks[robot.id].link is not None}
        return {
            "callback": self._callback(robot.callback),
            "token": robot.token,
            "aes_key": robot.aes_key,
            "bot_id": robot.id,
            "name": robot.name,
        }

    async def chat(self, request: web.Request) -> web.Response:
        """All messages of one chat; ``?viewer=`` shows cards as that person sees them."""
        chat_id = request.match_info["chat"]
        if chat_id not in self.sim.world.chats and chat_id not in self.sim.appchats:
            raise Wrong(404, f"no chat {chat_id}")
        single = chat_id.partition(":")[2] if ":" in chat_id else None
        viewer = request.query.get("viewer") or single
        return self._messages(self.sim.timeline.of_chat(chat_id), viewer)

    async def inbox(self, request: web.Request) -> web.Response:
        """All 1:1 chats of one person, merged by time."""
        user = request.match_info["user"]
        if user not in self.sim.world.people:
            raise Wrong(404, f"no person {user}")
        mine = {chat.id for chat in self.sim.world.singles_of(user)}
        found = [one for one in self.sim.timeline.messages if one.chat in mine and not one.recalled]
        return self._messages(found, user)

    async def messages(self, request: web.Request) -> web.Response:
        """All messages of all chats by time; ``?viewer=`` only those that this person sees."""
        viewer = request.query.get("viewer")
        chats = {**self.sim.world.chats, **self.sim.appchats}
        found = [
            one
            for one in self.sim.timeline.messages
            if not one.recalled and (viewer is None or viewer in chats[one.chat].members)
        ]
        return self._messages(found, viewer)

    @staticmethod
    def _messages(found: list[Message], viewer: str | None) -> web.Response:
        return in_json({"messages": [one.as_json(viewer) for one in found]})

    async def now(self, request: web.Request) -> web.Response:
        """The simulated moment."""
        return in_json({"now": iso(self.sim.clock.now())})

    async def errors(self, request: web.Request) -> web.Response:
        """Every rule that the bot broke."""
        return in_json(self.sim.books.errors)

    async def calls(self, request: web.Request) -> web.Response:
        """Every call and frame of the bot since a moment or a running number."""
        try:
            return in_json(self.sim.books.calls_since(request.query.get("since", "")))
        except ValueError as bad:
            raise Wrong(400, "since: a moment or a running number") from bad

    async def lost(self, request: web.Request) -> web.Response:
        """What was handed over and never taken."""
        return in_json(lost_by(self.sim))

    # ------------------------------------------------------------- doing
    async def say(self, request: web.Request) -> web.Response:
        """Say something as somebody."""
        body = await body_of(request)
        answer = await self.people.say(body)
        await self.settled(body, answer)
        return in_json(answer)

    async def press(self, request: web.Request) -> web.Response:
        """Press a button as somebody."""
        body = await body_of(request)
        answer = await self._pressed(body)
        return in_json(answer)

    async def _pressed(self, body: Json) -> Json:
        user = str(body.get("user"))
        cards = self.sim.timeline.cards_of(str(body.get("card")))
        before = sum(len(card.seen_by(user)) for card in cards)
        answer = await self.clicks.press(body)
        await self.settled(body, answer)
        answer["updated"] = sum(len(card.seen_by(user)) for card in cards) > before
        return answer

    async def enter(self, request: web.Request) -> web.Response:
        """Open a robot's 1:1 chat; only the first entry of a day is told to the robot."""
        body = await body_of(request)
        chat = self.sim.world.chats.get(str(body.get("chat")))
        if chat is None or body.get("user") not in chat.members:
            raise Wrong(404, "no such chat of this person")
        answer: Json = {"delivered": await self.people.enter(chat, str(body["user"]))}
        await self.settled(body, answer)
        return in_json(answer)

    async def settled(self, body: Json, answer: Json) -> None:
        """Return when both sides are quiet, unless the body says not to wait."""
        if body.get("wait", True) is not False:
            try:
                await self.sim.settler.settle()
            except NotQuiet as busy:
                raise NotQuiet(str(busy), answer) from busy

    async def clock(self, request: web.Request) -> web.Response:
        """Move both clocks forward; everything between fires at its own moment."""
        body = await body_of(request)
        seconds = body.get("advance_s", 0)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise Wrong(400, "advance_s: seconds, not negative")
        if body.get("wait", True):
            await self.sim.settler.advance(float(seconds))
        else:
            await self.sim.settler.jump(float(seconds))
        return in_json({"now": iso(self.sim.clock.now())})

    async def bots(self, request: web.Request) -> web.Response:
        """The bot is several processes from now on: their clocks move together."""
        urls = (await body_of(request)).get("urls", [])
        if not isinstance(urls, list) or not all(isinstance(url, str) for url in urls):
            raise Wrong(400, "urls: a list of addresses")
        self.sim.bot_time.beside = tuple(urls)
        return in_json({"bots": len(urls) + bool(self.sim.bot_url)})

    async def login(self, request: web.Request) -> web.Response:
        """A login code as the platform's login page would hand out for this person."""
        user = str((await body_of(request)).get("user"))
        if user not in self.sim.world.people:
            raise Wrong(404, f"no person {user}")
        code = f"login{self.sim.new_msgid()}"
        self.sim.login_codes[code] = (user, self.sim.clock.seconds() + _LOGIN_CODE_S)
        return in_json({"code": code})

    async def verify(self, request: web.Request) -> web.Response:
        """Let every callback URL prove itself, as the console does when it is saved."""
        if not self.sim.bot_url:
            raise Wrong(409, "started without --bot-url")
        shown = {"app": await self.people.postman.verify(app_callback.receiver(self.sim))}
        for robot in self.sim.world.robots.values():
            if robot.mode == "callback":
                to = robot_callback.receiver(self.sim, robot)
                shown[robot.name] = await self.people.postman.verify(to)
        return in_json(shown)

    # ------------------------------------------------------------- faults
    async def arm(self, request: web.Request) -> web.Response:
        """Arm a fault; cutting the socket without ``after`` acts at once."""
        body = await body_of(request)
        try:
            fault = self.sim.faults.arm(body)
        except BadFault as bad:
            raise Wrong(400, str(bad)) from bad
        if fault.on == "socket" and fault.do == "cut" and fault.after is None:
            fault.left = 0
            await asyncio.gather(*(link.cut(fault.code) for link in self._links(request)))
        return in_json({"id": fault.id})

    @staticmethod
    def _links(request: web.Request) -> list[SocketLink]:
        links: Links = request.app[LINKS]
        return list(links)

    async def faults(self, request: web.Request) -> web.Response:
        """All faults, spent ones with ``left`` 0."""
        return in_json(self.sim.faults.as_json())

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Forget one fault or all; silenced connections are cut so that life goes on."""
        cleared = self.sim.faults.clear(request.match_info.get("id"))
        await asyncio.gather(*(link.cut() for link in self._links(request) if link.silent))
        return in_json({"cleared": cleared})

    # ------------------------------------------------------------- reset
    async def reset(self, request: web.Request) -> web.Response:
        """Empty the simulator and, with a reset hook, stop, empty and restart the bot."""
        await asyncio.gather(*(link.cut() for link in self._links(request)))
        await self.sim.stop_work()
        self.sim.clear()
        if self.sim.reset_hook:
            await self._call_hook(self.sim.reset_hook)
            self.sim.clear(for_new_bot=True)
            await self._bot_is_back()
        bot = "restarted" if self.sim.reset_hook else "untouched"
        return in_json({"now": iso(self.sim.clock.now()), "bot": bot})

    async def _call_hook(self, url: str) -> None:
        timeout = aiohttp.ClientTimeout(total=self.sim.pace.quiet_limit_s)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as http, http.post(url) as answer:
                if answer.status >= 400:
                    raise Wrong(502, f"reset hook answered {answer.status}")
        except (aiohttp.ClientError, TimeoutError) as bad:
            raise Wrong(502, f"reset hook: {type(bad).__name__}") from bad

    async def _bot_is_back(self) -> None:
        deadline = time.monotonic() + self.sim.pace.quiet_limit_s
        while time.monotonic() < deadline:
            sockets = [one for one in self.sim.desks.values() if one.robot.mode == "socket"]
            linked = all(desk.link is not None for desk in sockets)
            if linked and (not self.sim.bot_url or await self.sim.bot_time.ask()):
                if self.sim.bot_url:
                    await self.sim.bot_time.ask(self.sim.clock.now())
                await self.sim.settler.settle()
                return
            await asyncio.sleep(0.05)
        raise NotQuiet("bot: not back after reset")
