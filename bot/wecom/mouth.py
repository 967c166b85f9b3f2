"""The robot's mouth on the long connection (智能机器人的口): which frame says an outgoing row.

An answer by req_id while there is a right to it, a push otherwise; never twice what may already
have arrived. Used by ``bot.wecom.aibot`` alone, which owns the connection.
Source: https://developer.work.weixin.qq.com/document/path/101463.
"""

from typing import Protocol

from bot.messages import Card, CardUpdate, Message, Outgoing, Receipt, Text
from bot.wecom import speech
from bot.wecom.channel import Buckets, Now
from bot.wecom.doubts import Doubts
from bot.wecom.errors import Duplicate, Gone, Refusal, StreamOver, Unreachable
from bot.wecom.limits import take
from bot.wecom.link import Frame
from bot.wecom.places import SocketConfig

Ask = tuple[str, str, Frame]  # cmd, req_id, body


class Line(Protocol):
    """The connection as the mouth needs it."""

    @property
    def online(self) -> bool:
        """Whether a subscribed connection stands."""

    def is_fresh(self, req_id: str) -> bool:
        """Whether a click or greeting may still be answered."""

    async def ask(self, cmd: str, req_id: str, body: Frame) -> None:
        """Say one frame and wait until it is acknowledged."""


class Mouth:
    """Says outgoing rows over ``line``."""

    def __init__(self, config: SocketConfig, buckets: Buckets, now: Now, line: Line) -> None:
        self._config = config
        self._buckets = buckets
        self._now = now
        self._line = line
        self._doubts = Doubts()

    async def send(self, out: Outgoing) -> Receipt:
        """Answer where there is still a right to, else push.

        A card that WeCom calls a duplicate is a receipt, as is a stream that closed after a try
        of unknown outcome. Raises: as ``Lane.send``.
        """
        if not self._line.online:
            raise Unreachable("the socket is not connected")
        asks = self._asks(out)
        try:
            with self._doubts.watching(out.key):
                await self._say(out, asks)
        except Duplicate:
            return self._receipt(out, "duplicate")
        except StreamOver:
            if self._doubts.is_doubtful(out.key):
                return self._receipt(out, "arrived before")
            return await self._push_instead(out)
        except Gone:
            return await self._push_instead(out)
        return self._receipt(out)

    async def _push_instead(self, out: Outgoing) -> Receipt:
        """A late answer to a message becomes a push; the right to greet or update is lost."""
        if not out.reply or out.reply.kind != "req":
            raise Gone("the right to answer is used up")
        with self._doubts.watching(out.key):
            await self._say(out, self._pushes(out))
        return self._receipt(out, "pushed")

    async def _say(self, out: Outgoing, asks: list[Ask]) -> None:
        for cmd, req_id, body in asks[self._doubts.parts_said(out.key) :]:
            await take(self._buckets, self._config.bot_id, out.chat, out.danger)
            await self._line.ask(cmd, req_id, body)
            if len(asks) > 1:
                self._doubts.part_said(out.key)

    def _receipt(self, out: Outgoing, note: str = "") -> Receipt:
        self._doubts.forget(out.key)
        return Receipt(at=self._now(), note=note)

    def _asks(self, out: Outgoing) -> list[Ask]:
        match out.reply.kind if out.reply else "":
            case "welcome" if not isinstance(out.message, CardUpdate):
                body = _welcome(out.message, self._config.public_url)
                return [("aibot_respond_welcome_msg", self._event_req_id(out), body)]
            case "update" if isinstance(out.message, CardUpdate):
                body = speech.update(out.message, self._config.public_url)
                return [("aibot_respond_update_msg", self._event_req_id(out), body)]
            case "req" if out.reply and out.reply.until > self._now():
                return self._answers(out, out.reply.token)
            case _:
                return self._pushes(out)

    def _event_req_id(self, out: Outgoing) -> str:
        req_id = out.reply.token if out.reply else ""
        if not self._line.is_fresh(req_id):
            raise Gone("the five seconds are over, or the connection is another")
        return req_id

    def _answers(self, out: Outgoing, req_id: str) -> list[Ask]:
        return [("aibot_respond_msg", req_id, body) for body in self._bodies(out, streams=True)]

    def _pushes(self, out: Outgoing) -> list[Ask]:
        receiver = speech.receiver_of(out.chat, self._config.single_prefix)
        name = f"aibot_send_msg_{speech.digest_of(out.key)}"
        return [
            ("aibot_send_msg", f"{name}_{number}", receiver | body)
            for number, body in enumerate(self._bodies(out, streams=False))
        ]

    def _bodies(self, out: Outgoing, *, streams: bool) -> list[Frame]:
        match out.message:
            case CardUpdate():
                raise Gone("a robot's card changes only in the answer to its click")
            case Card():
                return [speech.card(out.message, self._config.public_url)]
            case Text():
                name = speech.digest_of(out.key)
                parts = enumerate(speech.text_parts(out.message.text))
                return [
                    speech.stream(f"{name}_{n}", part) if streams else speech.markdown(part)
                    for n, part in parts
                ]
            case _:
                raise Refusal("a robot cannot say this")


def _welcome(message: Message, url: str) -> Frame:
    if isinstance(message, Text):
        return speech.welcome(message.text)
    if isinstance(message, Card):
        return speech.card(message, url)
    raise Refusal("a robot cannot greet with this")
