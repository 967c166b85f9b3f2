"""``/sim/archive/...``: how people's talk enters the archive, in groups that no robot hears.

``say``, ``recall``, ``switch`` and ``agree`` write sealed rows (`archive_rows.py`); a library with
the contract of Tencent's header (``archive_standin.c``) hands them to the bot's real adapter. The
bell rings at the app's address without AgentID, at most every 15 seconds. Needs ``--archive DIR``.
Source: https://developer.work.weixin.qq.com/document/path/91774, 95039.
"""

import base64
import binascii
import dataclasses
from dataclasses import dataclass

from aiohttp import web

from simulator import app_callback
from simulator.answers import body_of, in_json
from simulator.archive_api import office
from simulator.archive_rows import ArchiveRows
from simulator.callbacks import Parcel, Postman
from simulator.console import console_of
from simulator.limits import RULES
from simulator.people import Wrong
from simulator.sim import Sim
from simulator.world import Json

_OUTSIDE = ("wm", "wo", "wb")
_BODY_KEYS = {"docmsg": "doc", "markdown": "info", "news": "info"}
_STUMBLES = ("fail_page", "fail_media")


@dataclass
class Bell:
    """When the bell rang last, and whether another ring is on its way."""

    rung_s: float = -1e9
    waits: bool = False


class ArchiveControl:
    """The control calls of the archive."""

    def __init__(self, sim: Sim, postman: Postman) -> None:
        self._sim = sim
        self._postman = postman

    def routes(self) -> list[web.RouteDef]:
        """Where each handler lives."""
        return [
            web.post("/sim/archive/say", self.say),
            web.post("/sim/archive/recall", self.recall),
            web.post("/sim/archive/switch", self.switch),
            web.post("/sim/archive/agree", self.agree),
            web.post("/sim/archive/stumble", self.stumble),
        ]

    def _rows(self) -> ArchiveRows:
        if self._sim.archive is None:
            raise Wrong(409, "started without --archive")
        return self._sim.archive

    # ------------------------------------------------------------- talk
    async def say(self, request: web.Request) -> web.Response:
        """``{room?, who, to?, text | msgtype, body, file?}``: one message; its msgid and seq.

        ``archived: false``: nobody there has a licence, so WeCom keeps nothing.
        """
        body, rows = await body_of(request), self._rows()
        who, room = str(body.get("who")), str(body.get("room", ""))
        others = self._others(room, who, body)
        kind, said = self._content(rows, body)
        words = str(said.get("content", "")) if kind == "text" else f"[{kind}]"
        if room:
            message = self._sim.person_says(room, who, words)
        msgid = message.msgid if room else self._sim.new_msgid()
        outside = any(self._is_outside(one) for one in (who, *others))
        row = {
            "msgid": f"{msgid}_external" if outside else msgid,
            "action": "send",
            "from": who,
            "tolist": others,
            **({"roomid": room} if room else {}),
            "msgtime": self._now_ms(),
            "msgtype": kind,
            _BODY_KEYS.get(kind, kind): said,
        }
        return in_json(self._kept(rows, row, {who, *others}))

    def _others(self, room: str, who: str, body: Json) -> list[str]:
        world = self._sim.world
        if not self._is_outside(who) and who not in world.people:
            raise Wrong(404, f"no person {who}")
        if not room:
            to = [str(one) for one in body.get("to", ())]
            if len(to) != 1:
                raise Wrong(400, "room, or to: one person")
            return to
        chat = world.chats.get(room)
        if chat is None or chat.kind == "single":
            raise Wrong(404, f"no group {room}")
        if who not in chat.members and not self._is_outside(who):
            raise Wrong(403, f"{who} is not in {room}")
        return [one for one in chat.members if one != who]

    def _is_outside(self, who: str) -> bool:
        """A WeChat person, somebody of another corp, or a robot: no member of this corp."""
        person = self._sim.world.people.get(who)
        return person.role == "resident" if person else who.startswith(_OUTSIDE)

    def _content(self, rows: ArchiveRows, body: Json) -> tuple[str, Json]:
        kind, said = str(body.get("msgtype", "text")), body.get("body")
        if kind == "text" and said is None:
            said = {"content": str(body.get("text", ""))}
        if not isinstance(said, dict):
            raise Wrong(400, "text, or msgtype and body")
        if body.get("file"):
            try:
                raw = base64.b64decode(str(body["file"]), validate=True)
            except (binascii.Error, ValueError) as bad:
                raise Wrong(400, "file: base64") from bad
            file_id = f"file{self._sim.new_number():x}"
            rows.keep_file(file_id, raw)
            said = {**said, "sdkfileid": file_id, "filesize": len(raw)}
        return kind, said

    async def recall(self, request: web.Request) -> web.Response:
        """``{msgid, who}``: the words are gone for everybody; a row tells of it."""
        body, rows = await body_of(request), self._rows()
        asked, who = str(body.get("msgid")), str(body.get("who"))
        message = self._sim.timeline.find(asked.removesuffix("_external"))
        if message is None:
            raise Wrong(404, f"no message {asked}")
        if message.sender != who:
            raise Wrong(403, f"{asked} is somebody else's")
        message.recalled = True
        members = self._sim.world.chats[message.chat].members
        row = {
            "msgid": f"{self._sim.new_msgid()}_external",
            "action": "recall",
            "from": who,
            "tolist": [one for one in members if one != who],
            "roomid": message.chat,
            "msgtime": self._now_ms(),
            "msgtype": "revoke",
            "revoke": {"pre_msgid": asked},
        }
        return in_json(self._kept(rows, row, {who, *members}))

    async def switch(self, request: web.Request) -> web.Response:
        """``{user}``: a member changed corp; a row of another shape, without from and tolist."""
        body, rows = await body_of(request), self._rows()
        user = str(body.get("user"))
        row = {"msgid": self._sim.new_msgid(), "action": "switch", "time": self._now_ms()}
        return in_json(self._kept(rows, {**row, "user": user}, {user}))

    async def agree(self, request: web.Request) -> web.Response:
        """``{room, who, agreed}``: she lets herself be archived, or not."""
        body, rows = await body_of(request), self._rows()
        room, who, agreed = str(body.get("room")), str(body.get("who")), body.get("agreed")
        if not isinstance(agreed, bool) or room not in self._sim.world.chats:
            raise Wrong(400, "room, who, agreed: true or false")
        kind, at = ("agree" if agreed else "disagree"), self._now_ms()
        state = ("Agree" if agreed else "Disagree", at // 1000)
        office(self._sim).rooms.setdefault(room, {})[who] = state
        members = self._sim.world.chats[room].members
        row = {
            "msgid": f"{self._sim.new_msgid()}_external",
            "action": "send",
            "from": who,
            "tolist": [one for one in members if one != who],
            "roomid": room,
            "msgtime": at,
            "msgtype": kind,
            kind: {"userid": who, f"{kind}_time": at},
        }
        return in_json(self._kept(rows, row, {who, *members}))

    async def stumble(self, request: web.Request) -> web.Response:
        """``{fail_page | fail_media: code}``: the library's next such call answers that code."""
        body, rows = await body_of(request), self._rows()
        for name in _STUMBLES:
            if name in body:
                rows.stumble(name, int(body[name]))
        return in_json({"armed": [name for name in _STUMBLES if name in body]})

    # ------------------------------------------------------------- rows and bell
    def _now_ms(self) -> int:
        return round(self._sim.clock.seconds() * 1000)

    def _kept(self, rows: ArchiveRows, row: Json, there: set[str]) -> Json:
        licensed = set(console_of(self._sim).archived)
        if licensed and not licensed & there:
            return {"msgid": row["msgid"], "archived": False}
        seq = rows.archives(row, str(row["msgid"]))
        self._ring()
        return {"msgid": row["msgid"], "archived": True, "seq": seq}

    def _ring(self) -> None:
        """Ring now, or once when the 15 seconds since the last ring are over."""
        bell = self._sim.desk_of("archive bell", Bell)
        assert isinstance(bell, Bell)  # noqa: S101
        if not self._sim.bot_url or bell.waits:
            return
        wait_s = bell.rung_s + RULES["archive_bell_s"].number - self._sim.clock.seconds()
        bell.waits = True
        if wait_s > 0:
            self._sim.clock.later(wait_s, lambda: self._rung(bell))
        else:
            self._rung(bell)

    def _rung(self, bell: Bell) -> None:
        bell.waits, bell.rung_s = False, self._sim.clock.seconds()
        self._sim.spawn("callback archive", self._deliver())

    async def _deliver(self) -> None:
        corpid = self._sim.world.app.corpid
        letter = {
            "ToUserName": corpid,
            "FromUserName": "sys",
            "CreateTime": int(self._sim.clock.seconds()),
            "MsgType": "event",
            "Event": "msgaudit_notify",
        }
        to = dataclasses.replace(
            app_callback.receiver(self._sim),
            wrap=lambda sealed: app_callback.to_xml({"ToUserName": corpid, "Encrypt": sealed}),
        )
        tries = 1 + RULES["callback_retries"].number
        await self._postman.deliver(to, Parcel(app_callback.to_xml(letter), tries, "", "archive"))
