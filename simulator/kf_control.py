"""What WeChat customers and servicers do: ``/sim/kf/...`` of the control API.

A customer says something, taps a menu, scans a poster; a servicer takes, answers or ends her
session; a test sets one of the traps. All wait until both sides are quiet, as ``/sim/say`` does.
"""

import base64
from collections.abc import Awaitable, Callable

from aiohttp import web

from simulator import kf_push
from simulator.answers import body_of, in_json
from simulator.kf_desk import ENDED, HUMAN, NEW, POOL, Code, Session, chat_of
from simulator.limits import RULES
from simulator.model import Message
from simulator.people import Wrong
from simulator.sim import Sim
from simulator.world import Json

Wait = Callable[[Json, Json], Awaitable[None]]
_SOUND = b"#!AMR\nsimulated voice"


class KfControl:
    """The handlers; ``wait`` is the control API's own."""

    def __init__(self, sim: Sim, wait: Wait) -> None:
        self._sim = sim
        self._wait = wait

    def routes(self) -> list[web.RouteDef]:
        """Where each handler lives."""
        return [
            web.get("/sim/kf", self.show),
            web.post("/sim/kf/say", self.say),
            web.post("/sim/kf/enter", self.enter),
            web.post("/sim/kf/servicer", self.servicer),
            web.post("/sim/kf/trap", self.trap),
        ]

    async def show(self, _request: web.Request) -> web.Response:
        """Accounts, customers and how each session stands."""
        sessions = [
            {"account": one.account, "customer": one.customer, "sent": one.sent}
            | {"state": one.state, "servicer": one.servicer}
            for one in self._sim.kf.sessions.values()
        ]
        accounts = [
            {"id": one.id, "name": one.name, "customers": one.customers}
            for one in self._sim.kf.accounts.values()
        ]
        bodies = list(self._sim.kf.sent.values())
        return in_json({"accounts": accounts, "sessions": sessions, "sent": bodies})

    async def say(self, request: web.Request) -> web.Response:
        """A customer says something: text, menu tap, image, voice or location."""
        body = await body_of(request)
        session = self._session(body)
        row = self._said(session, body)
        if body.get("knock", True) is not False:
            kf_push.knock(self._sim, session.account)
        return await self._answer(body, {"msgid": row["msgid"], "delivered": True})

    def _said(self, session: Session, body: Json) -> Json:
        sim, now_s = self._sim, self._sim.clock.seconds()
        msgtype, inner, shown = self._content(body)
        session.heard_s, session.sent = now_s, 0
        if session.state == ENDED:
            session.state = NEW
        chat = chat_of(sim.kf.accounts[session.account], session.customer)
        sim.appchats.setdefault(chat.id, chat)
        message = Message(sim.new_msgid(), chat.id, session.customer, sim.clock.now(), shown)
        message.voice = msgtype == "voice"
        sim.timeline.add(message)
        more = {"external_userid": session.customer, msgtype: inner}
        return sim.kf.add(session.account, now_s, 3, msgtype, **more)

    def _content(self, body: Json) -> tuple[str, Json, str]:
        """msgtype, its object, and how the phone shows it."""
        if body.get("image"):
            raw = base64.b64decode(str(body["image"]).rpartition("base64,")[2])
            return "image", {"media_id": self._sim.keep_file("p.png", "image", raw)}, "[图片]"
        if body.get("voice"):
            return "voice", {"media_id": self._sim.keep_file("v.amr", "voice", _SOUND)}, ""
        if isinstance(body.get("location"), dict):
            place: Json = body["location"]
            return "location", place, f"[位置] {place.get('name', '')}"
        text = body.get("text")
        if not isinstance(text, str) or not text:
            raise Wrong(400, "text, image, voice or location is needed")
        tapped = self._tapped(body, text)
        return "text", {"content": text, **({"menu_id": tapped} if tapped else {})}, text

    def _tapped(self, body: Json, text: str) -> str:
        """The id of the choice with these words in a menu that was sent, when it is a tap."""
        if not body.get("tap"):
            return ""
        for sent in reversed(list(self._sim.kf.sent.values())):
            for item in (sent.get("msgmenu") or {}).get("list") or []:
                if sent.get("touser") == body.get("customer") and item["click"]["content"] == text:
                    return str(item["click"]["id"])
        raise Wrong(409, "no menu with these words")

    async def enter(self, request: web.Request) -> web.Response:
        """She opens the account, by a poster perhaps; a welcome code only where WeCom gives one."""
        body = await body_of(request)
        session, now_s = self._session(body), self._sim.clock.seconds()
        scene, param = str(body.get("scene", "")), str(body.get("param", ""))
        more: Json = {"scene": scene, "scene_param": param}
        quiet_s = RULES["kf_window"].number
        fresh = session.welcomed_s is None or now_s - session.welcomed_s > quiet_s
        if session.heard_s is None and fresh:
            until_s = now_s + RULES["kf_welcome"].number
            code = Code(session.account, session.customer, until_s)
            more["welcome_code"] = self._sim.kf.new_code(code)
        kf_push.happened(self._sim, session, "enter_session", **more)
        return await self._answer(body, {"welcome": "welcome_code" in more})

    async def servicer(self, request: web.Request) -> web.Response:
        """A human takes the session, says something in it, ends it; comes on duty or rests."""
        body = await body_of(request)
        session, user = self._session(body), str(body.get("user", ""))
        match body.get("do"):
            case "take":
                change = 1 if session.state == POOL else 2
                session.state, session.servicer = HUMAN, user
                named = {"new_servicer_userid": user}
                kf_push.happened(
                    self._sim, session, "session_status_change", change_type=change, **named
                )
            case "end":
                session.state, session.servicer = ENDED, ""
                kf_push.happened(self._sim, session, "session_status_change", change_type=3)
            case "rest":
                self._sim.kf.resting.add(user)
            case "work":
                self._sim.kf.resting.discard(user)
            case "say":
                self._human_says(session, user, str(body.get("text", "")))
            case _:
                raise Wrong(400, "do: take, end, say, rest or work")
        return await self._answer(body, {"state": session.state})

    def _human_says(self, session: Session, user: str, text: str) -> None:
        more = {"external_userid": session.customer, "servicer_userid": user}
        self._sim.kf.add(
            session.account, self._sim.clock.seconds(), 5, "text", text={"content": text}, **more
        )
        kf_push.knock(self._sim, session.account)

    async def trap(self, request: web.Request) -> web.Response:
        """Set a trap.

        ``empty_pages``: has_more=1 with nothing; ``fail_next``: errcode 0, then it fails;
        ``lose_cursors``: every cursor given so far is refused.
        """
        body = await body_of(request)
        self._sim.kf.epoch += bool(body.get("lose_cursors"))
        self._sim.kf.empty_pages = int(body.get("empty_pages", 0))
        self._sim.kf.fail_next = body.get("fail_next")
        return in_json({"empty_pages": self._sim.kf.empty_pages})

    def _session(self, body: Json) -> Session:
        customer = str(body.get("customer"))
        for account in self._sim.kf.accounts.values():
            if customer in account.customers and body.get("account", account.id) == account.id:
                return self._sim.kf.session(account.id, customer)
        raise Wrong(404, f"no customer {customer}")

    async def _answer(self, body: Json, answer: Json) -> web.Response:
        await self._wait(body, answer)
        return in_json(answer)
