"""What people say on their phones, and to whom it goes.

Decides who hears it: a robot in a group only when mentioned, the app only in its own chat, nobody
while a user has three unfinished turns. Called by the control API.
"""

import base64
import binascii
from typing import Any

from simulator import app_callback, robot_callback
from simulator.callbacks import Postman
from simulator.crypto import key_of
from simulator.limits import RULES
from simulator.model import Message
from simulator.robots import RobotDesk, Turn
from simulator.sim import Sim
from simulator.world import Chat, Json, Robot

_SOUND = b"#!AMR\nsimulated voice"


class Wrong(Exception):
    """The script asked for something impossible; ``status`` is the HTTP status."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class People:
    """Carries out ``/sim/say`` and ``/sim/enter``; hands clicks over for `clicks.py`."""

    def __init__(self, sim: Sim) -> None:
        self.sim = sim
        self.postman = Postman(sim)

    # ------------------------------------------------------------- say
    async def say(self, body: Json) -> Json:
        """Put the line into the chat and let those hear it who can.

        Raises: Wrong, for unknown chat, person, quote or a broken image.
        """
        chat = self._chat(body)
        user = self._member(chat, body)
        text, image = body.get("text") or "", self._image(body)
        voice = bool(body.get("voice"))
        if not isinstance(text, str) or not (text or image or voice):
            raise Wrong(400, "text, image or voice is needed")
        robots = self._mentioned(chat, body.get("mention"))
        for robot in reversed(robots if chat.kind != "single" else []):
            if f"@{robot.name}" not in text:
                text = f"@{robot.name} {text}".rstrip()
        quote = self._quote(chat, body.get("quote"))
        message = self.sim.person_says(chat.id, user, text, image)
        message.quote = body.get("quote") or None
        message.voice = voice
        if chat.id.startswith("app:"):
            reason = self._to_app(chat, message)
        else:
            reason = await self._to_robots(chat, message, robots, quote)
        answer: Json = {"msgid": message.msgid, "delivered": reason is None}
        return answer if reason is None else {**answer, "reason": reason}

    def _chat(self, body: Json) -> Chat:
        chat_id = str(body.get("chat"))
        chat = self.sim.world.chats.get(chat_id) or self.sim.appchats.get(chat_id)
        if chat is None:
            raise Wrong(404, f"no chat {chat_id}")
        return chat

    def _member(self, chat: Chat, body: Json) -> str:
        user = str(body.get("user"))
        if user not in self.sim.world.people:
            raise Wrong(404, f"no person {user}")
        if user not in chat.members:
            raise Wrong(403, f"{user} is not in {chat.id}")
        return user

    def _image(self, body: Json) -> str | None:
        if not body.get("image"):
            return None
        try:
            raw = base64.b64decode(str(body["image"]).rpartition("base64,")[2], validate=True)
        except (binascii.Error, ValueError) as bad:
            raise Wrong(400, "image is not base64") from bad
        return self.sim.keep_file("photo.png", "image", raw)

    def _quote(self, chat: Chat, msgid: Any) -> Json | None:
        if not msgid:
            return None
        quoted = self.sim.timeline.find(str(msgid))
        if quoted is None or quoted.chat != chat.id:
            raise Wrong(404, f"no message {msgid} in {chat.id}")
        if quoted.image and not quoted.text:
            return {"msgtype": "image", "image": {"media": quoted.image}}
        return {"msgtype": "text", "text": {"content": quoted.as_json(quoted.sender)["text"]}}

    def _mentioned(self, chat: Chat, mention: Any) -> list[Robot]:
        world = self.sim.world
        if chat.kind == "single":
            robot = world.single_robot(chat.id)
            return [robot] if robot else []
        wanted = mention if isinstance(mention, list) else [mention] if mention else []
        names = [chat.robots[0] if one is True and chat.robots else one for one in wanted]
        found = [world.robot_named(str(name)) for name in names]
        return [robot for robot in found if robot and robot.name in chat.robots]

    def _to_app(self, chat: Chat, message: Message) -> str | None:
        if not self.sim.bot_url:
            return "no bot url"
        if message.voice:
            self._post_app(message, chat, self._voice_letter(message))
            return None
        if message.text:
            self._post_app(message, chat, {"MsgType": "text", "Content": message.text})
        if message.image:
            url = f"{self.sim.public_url}/media/{message.image}"
            fields = {"MsgType": "image", "PicUrl": url, "MediaId": message.image}
            self._post_app(message, chat, fields)
        return None

    def _voice_letter(self, message: Message) -> Json:
        """A voice to the app: the sound, and its words only where somebody wrote them down."""
        media_id = self.sim.keep_file("voice.amr", "voice", _SOUND)
        words = {"Recognition": message.text} if message.text else {}
        return {"MsgType": "voice", "MediaId": media_id, "Format": "amr", **words}

    def _post_app(self, message: Message, chat: Chat, fields: Json) -> None:
        full = {**fields, "MsgId": self.sim.new_number()}
        work = app_callback.deliver(self.sim, self.postman, chat, full, msgid=message.msgid)
        self.sim.spawn("callback app", work)

    async def _to_robots(
        self, chat: Chat, message: Message, robots: list[Robot], quote: Json | None
    ) -> str | None:
        if not robots:
            return "not mentioned"
        if (message.voice or not message.text) and chat.kind != "single":
            return "not mentioned"
        reasons = [
            await self._to_robot(self.sim.desks[robot.id], chat, message, quote) for robot in robots
        ]
        return None if None in reasons else reasons[0]

    async def _to_robot(
        self, desk: RobotDesk, chat: Chat, message: Message, quote: Json | None
    ) -> str | None:
        most = RULES["unfinished"].number
        if desk.unfinished(message.sender) >= most:
            desk.refuse("unfinished", f"{message.sender} in {chat.id}, {message.msgid} is lost")
            return "unfinished"
        if self.sim.virgin and chat.kind == "single":
            await self.enter(chat, message.sender)
        turn = desk.open_turn("msg", chat, message.sender, message.msgid)
        body = self.robot_body(desk, turn) | self._content(desk, message)
        if quote:
            body["quote"] = self._sealed_quote(desk, quote)
        return await self.hand_over(desk, turn, "aibot_msg_callback", body)

    def robot_body(self, desk: RobotDesk, turn: Turn) -> Json:
        """The head that all messages and events of a robot share."""
        body: Json = {
            "msgid": turn.msgid,
            "aibotid": desk.robot.id,
            "chattype": "single" if turn.chat.kind == "single" else "group",
            "from": {"userid": self.sim.spelled.get(turn.user, turn.user)},
            "create_time": int(self.sim.clock.seconds()),
        }
        if turn.chat.kind != "single":
            body["chatid"] = turn.chat.id
        return body

    def _content(self, desk: RobotDesk, message: Message) -> Json:
        if message.voice:
            return {"msgtype": "voice", "voice": {"content": message.text}}
        text = {"msgtype": "text", "text": {"content": message.text}}
        if not message.image:
            return text
        image = {"msgtype": "image", "image": self._sealed_image(desk, message.image)}
        if not message.text:
            return image
        return {"msgtype": "mixed", "mixed": {"msg_item": [text, image]}}

    def _sealed_image(self, desk: RobotDesk, media_id: str) -> Json:
        stored = self.sim.media.files[media_id]
        if desk.robot.mode == "callback":
            key = key_of(desk.robot.aes_key)
            return {"url": self.sim.sealed_file(stored.name, stored.raw, key)[0]}
        key = self.sim.new_key()
        url, shown = self.sim.sealed_file(stored.name, stored.raw, key)
        return {"url": url, "aeskey": shown}

    def _sealed_quote(self, desk: RobotDesk, quote: Json) -> Json:
        if quote["msgtype"] != "image":
            return quote
        return {**quote, "image": self._sealed_image(desk, quote["image"]["media"])}

    async def hand_over(self, desk: RobotDesk, turn: Turn, cmd: str, body: Json) -> str | None:
        """Give a turn to the robot's door; None when it left, else why it did not."""
        if desk.robot.mode == "callback":
            if not self.sim.bot_url:
                return "no bot url"
            work = robot_callback.deliver(self.sim, self.postman, desk, turn, body)
            self.sim.spawn("callback robot", work)
            return None
        if desk.link is None:
            turn.finished = True
            return "no connection"
        turn.link = desk.link
        with self.sim.activity.working(cmd):
            left = await desk.link.deliver(cmd, turn.handle, body)
        turn.finished = turn.finished or not left
        return None if left else "lost on the wire"

    # ------------------------------------------------------------- enter
    async def enter(self, chat: Chat, user: str) -> bool:
        """The first entry of the day into a robot's 1:1 chat; False on later ones."""
        robot = self.sim.world.single_robot(chat.id)
        if robot is None:
            raise Wrong(400, f"{chat.id} is no chat with a robot")
        desk = self.sim.desks[robot.id]
        today = (user, self.sim.clock.now().date().isoformat())
        if today in desk.entered:
            return False
        desk.entered.add(today)
        had_contact = user in desk.contacts
        turn = desk.open_turn("enter_chat", chat, user, self.sim.new_msgid())
        if not had_contact:
            desk.contacts.discard(user)
        event = {"msgtype": "event", "event": {"eventtype": "enter_chat"}}
        body = self.robot_body(desk, turn) | event
        return await self.hand_over(desk, turn, "aibot_event_callback", body) is None
