"""What a robot may say, where and how often: the same judge for socket and callback mode.

A Turn is one message or click that the robot was given; replies name it by req_id (socket) or
response code (callback). Streams, cards, pushes, rate and contact rules are decided here; the two
doors only translate frames.
"""

import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from simulator.books import RateWindow
from simulator.cards import ROBOT, check_card
from simulator.limits import RULES
from simulator.model import Card, CardFace, Message
from simulator.uploads import Upload
from simulator.world import Chat, Json, Robot

if TYPE_CHECKING:
    from simulator.sim import Sim

OK: Json = {"errcode": 0, "errmsg": "ok"}
FILES = {"image": "[图片]", "file": "[文件]", "voice": "[语音]", "video": "[视频]"}


class Link(Protocol):
    """A living socket connection of a robot."""

    sent: int

    async def deliver(self, cmd: str, req_id: str, body: Json) -> bool:
        """Send a callback frame; False when the connection is gone."""
        ...


def _object(body: Json, key: str) -> Json:
    found = body.get(key)
    return found if isinstance(found, dict) else {}


@dataclass
class Stream:
    """One growing answer."""

    message: Message
    finished: bool = False


@dataclass
class Turn:
    """One message (``msg``), first entry (``enter_chat``) or click (``card``) given to a robot.

    It went over ``link``; ``named``: the robot answered it with anything, on whichever line.
    """

    handle: str
    kind: str
    chat: Chat
    user: str
    msgid: str
    at_s: float
    at_real: float
    card: Card | None = None
    link: Link | None = None
    named: bool = False
    answered: bool = False
    finished: bool = False
    url_used: bool = False
    streams: dict[str, Stream] = field(default_factory=dict)

    @property
    def conversation(self) -> str:
        """The id by which the robot names this place."""
        return self.user if self.chat.kind == "single" else self.chat.id


class RobotDesk:
    """All state of one robot. ``link`` is its socket, if it has one."""

    def __init__(self, sim: "Sim", robot: Robot) -> None:
        self.sim = sim
        self.robot = robot
        self.contacts: set[str] = set()
        self.turns: dict[str, Turn] = {}
        self._heard: dict[str, list[Turn]] = {}
        self.link: Link | None = None
        self.rate = RateWindow()
        self.uploads = RateWindow()
        self.subscribes = RateWindow()
        self.sessions: dict[str, Upload] = {}
        self.entered: set[tuple[str, str]] = set()
        self._numbers = itertools.count(1)

    def refuse(self, rule_id: str, detail: str) -> Json:
        """Write down a broken rule of this door; the platform's answer."""
        return self.sim.refuse(rule_id, self.robot.door, detail)

    def open_turn(
        self, kind: str, chat: Chat, user: str, msgid: str, card: Card | None = None
    ) -> Turn:
        """Give the robot something to answer; speaking opens the conversation for pushes."""
        handle = f"{kind}{next(self._numbers)}_{msgid}"
        turn = Turn(
            handle, kind, chat, user, msgid, self.sim.clock.seconds(), time.monotonic(), card
        )
        self.turns[handle] = turn
        if kind == "msg":
            self._heard.setdefault(user, []).append(turn)
        self.contacts.add(turn.conversation)
        return turn

    def unfinished(self, user: str) -> int:
        """How many messages of ``user`` this robot has not finished answering."""
        oldest = self.sim.clock.seconds() - RULES["stream_s"].number
        still = [
            turn for turn in self._heard.get(user, []) if not turn.finished and turn.at_s > oldest
        ]
        self._heard[user] = still
        return len(still)

    # ------------------------------------------------------------- replies to a turn
    def reply(self, turn: Turn, body: Json) -> Json:
        """Answer a message: stream, template_card, stream_with_template_card or a file."""
        if self.sim.clock.seconds() > turn.at_s + RULES["reply_window_s"].number:
            return self.refuse("reply_window_s", turn.handle)
        match body.get("msgtype"):
            case "stream":
                return self.stream(turn, body.get("stream"))
            case "template_card":
                return self._finishing(turn, self.show(turn.chat, body.get("template_card")))
            case "stream_with_template_card":
                answer = self.stream(turn, body.get("stream"))
                if answer["errcode"] == 0 and body.get("template_card") and not turn.answered:
                    answer = self.show(turn.chat, body["template_card"])
                    turn.answered = True
                return answer
            case "markdown":
                return self._finishing(turn, self.write(turn.chat, "markdown", body))
            case kind if kind in FILES:
                return self._finishing(turn, self.send_file(turn.chat, str(kind), body))
        return self.refuse("robot_msgtype", f"reply msgtype={body.get('msgtype')!r}")

    @staticmethod
    def _finishing(turn: Turn, answer: Json) -> Json:
        turn.finished = turn.finished or answer["errcode"] == 0
        return answer

    def stream(self, turn: Turn, stream: Any) -> Json:
        """Begin, grow or finish a stream; the text is the whole text so far."""
        if not isinstance(stream, dict) or not isinstance(stream.get("id"), str):
            return self.refuse("stream_shape", turn.handle)
        content = stream.get("content", "")
        finish = bool(stream.get("finish"))
        if not isinstance(content, str) or (not content and not finish):
            return self.refuse("stream_shape", f"{turn.handle}: content")
        size = len(content.encode())
        if size > RULES["robot_bytes"].number:
            return self.refuse("robot_bytes", f"{turn.handle}: {size} bytes")
        known = turn.streams.get(stream["id"])
        return (
            self._grow(turn, known, content, finish)
            if known
            else self._begin(turn, stream["id"], content, finish)
        )

    def _begin(self, turn: Turn, stream_id: str, content: str, finish: bool) -> Json:
        if not finish and self._too_old(turn):
            return self.refuse("stream_s", turn.handle)
        over = self.over_rate(turn.conversation)
        if over:
            return over
        message = self._put(turn.chat, "stream", content)
        turn.streams[stream_id] = Stream(message, finish)
        if finish:
            turn.finished = True
        else:
            rest = turn.at_s + RULES["stream_s"].number - self.sim.clock.seconds()
            self.sim.clock.later(max(rest, 0), lambda: self._freeze(turn, stream_id))
        return OK

    def _grow(self, turn: Turn, known: Stream, content: str, finish: bool) -> Json:
        if known.finished:
            same = finish and content == known.message.text
            return OK if same else self.refuse("stream_after_finish", turn.handle)
        if self._too_old(turn):
            return self.refuse("stream_s", turn.handle)
        known.message.text = content or known.message.text
        known.finished = finish
        turn.finished = turn.finished or finish
        return OK

    def _too_old(self, turn: Turn) -> bool:
        return self.sim.clock.seconds() > turn.at_s + RULES["stream_s"].number

    def _freeze(self, turn: Turn, stream_id: str) -> None:
        stream = turn.streams[stream_id]
        if not stream.finished:
            self.sim.broke("stream_not_finished", self.robot.door, turn.handle)

    # ------------------------------------------------------------- events
    def answer_event(self, turn: Turn, kind: str) -> Json | None:
        """What forbids answering this event now, or None; an event is answered once, in 5 s."""
        if turn.kind != kind:
            return self.refuse("req_id", f"{turn.handle} is not {kind}")
        if time.monotonic() > turn.at_real + self.sim.pace.event_window_s:
            return self.refuse("event_late", turn.handle)
        if turn.answered:
            return self.refuse("event_twice", turn.handle)
        return None

    def welcome(self, turn: Turn, body: Json) -> Json:
        """Greet somebody who entered: text or template_card."""
        forbidden = self.answer_event(turn, "enter_chat")
        if forbidden:
            return forbidden
        if body.get("msgtype") == "text":
            answer = self.write(turn.chat, "text", body)
        elif body.get("msgtype") == "template_card":
            answer = self.show(turn.chat, body.get("template_card"))
        else:
            return self.refuse("robot_msgtype", f"welcome msgtype={body.get('msgtype')!r}")
        turn.answered = answer["errcode"] == 0
        return answer

    def update(self, turn: Turn, body: Json) -> Json:
        """Replace the card that was clicked, for ``userids`` or for everybody."""
        forbidden = self.answer_event(turn, "card")
        if forbidden:
            return forbidden
        raw = body.get("template_card")
        if body.get("response_type") != "update_template_card" or not isinstance(raw, dict):
            return self.refuse("parameter", "response_type or template_card")
        bad = check_card(raw, ROBOT)
        if bad:
            return self.refuse(*bad)
        if turn.card is None or raw.get("task_id") != turn.card.task_id:
            return self.refuse("card_update_task", f"{raw.get('task_id')!r}")
        userids = body.get("userids")
        if userids is not None and not isinstance(userids, list):
            return self.refuse("update_userids", "userids")
        for user in userids or [None]:
            turn.card.replace(CardFace(raw), user)
        turn.answered = True
        return OK

    # ------------------------------------------------------------- speaking into a chat
    def over_rate(self, conversation: str) -> Json | None:
        """The refusal when this conversation had enough, else None and one more is counted."""
        minute, hour = RULES["conversation_minute"].number, RULES["conversation_hour"].number
        over = self.rate.over(conversation, self.sim.clock.seconds(), minute, hour)
        if over:
            return self.refuse(f"conversation_{over}", conversation)
        self.rate.hit(conversation, self.sim.clock.seconds())
        return None

    def _conversation(self, chat: Chat) -> str:
        return chat.members[0] if chat.kind == "single" else chat.id

    def _put(self, chat: Chat, kind: str, text: str) -> Message:
        return self.sim.bot_says(chat.id, self.robot.door, kind, text)

    def write(self, chat: Chat, kind: str, body: Json) -> Json:
        """Post text or markdown."""
        content = _object(body, kind).get("content")
        if not isinstance(content, str) or not content:
            return self.refuse("parameter", f"{kind}.content")
        if len(content.encode()) > RULES["robot_bytes"].number:
            return self.refuse("robot_bytes", f"{len(content.encode())} bytes")
        over = self.over_rate(self._conversation(chat))
        if over:
            return over
        self._put(chat, kind, content)
        return OK

    def show(self, chat: Chat, raw: Any) -> Json:
        """Post a card."""
        bad = check_card(raw, ROBOT)
        if bad:
            return self.refuse(*bad)
        used = self.sim.task_id_used(raw, self.robot.id, self.robot.door)
        if used:
            return used
        over = self.over_rate(self._conversation(chat))
        if over:
            return over
        self.sim.bot_shows(chat.id, self.robot.door, self.robot.id, raw)
        return OK

    def send_file(self, chat: Chat, kind: str, body: Json) -> Json:
        """Post an uploaded file."""
        stored = self.sim.media.files.get(str(_object(body, kind).get("media_id")))
        life_s = RULES["media_id"].number
        if stored is None or self.sim.clock.seconds() > stored.at_s + life_s:
            return self.refuse("media_id", kind)
        over = self.over_rate(self._conversation(chat))
        if over:
            return over
        self._put(chat, kind, f"{FILES[kind]} {stored.name}")
        return OK
