"""The robot at a callback address (智能机器人, 回调): hears POSTs, answers by response_url.

A message is stored and answered with an empty 200 at once; what the bot says to it later goes
once, within an hour, to the response_url. A click or a greeting is sent once and can only be
answered in its own response, so the door waits for that event's Turn. This robot cannot push.
Called by ``bot.web.callbacks`` and, as lane ``robot``, by the sender.
Source: https://developer.work.weixin.qq.com/document/path/101031, 101033 and 101138.
"""

import json
import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp

from bot.events import Clicked, Event, Heard, Joined, Media, ReplyHandle
from bot.messages import Card, CardUpdate, Message, Outgoing, Receipt, Text
from bot.wecom import speech
from bot.wecom.channel import Buckets, Ears, Now
from bot.wecom.crypto import Envelope, Stamp, encrypted_of_json, read_json
from bot.wecom.doubts import Doubts
from bot.wecom.errors import Gone, NotAllowed, Refusal
from bot.wecom.frames import Kind, Room, event_of
from bot.wecom.gate import Gate
from bot.wecom.limits import take
from bot.wecom.media import MEDIA_LIMIT, download
from bot.wecom.places import RobotConfig
from bot.wecom.wire import outcome_known, payload_of, raise_for_errcode

_log = logging.getLogger(__name__)
_URL_LIFE = timedelta(hours=1)


class Robot:
    """One robot in URL mode, door and lane."""

    def __init__(
        self,
        config: RobotConfig,
        session: aiohttp.ClientSession,
        ears: Ears,
        buckets: Buckets,
        now: Now,
        *,
        name: str = "robot",
        machine: Now | None = None,
    ) -> None:
        self.name = name
        self._config = config
        self._session = session
        self._ears = ears
        self._buckets = buckets
        self._now = now
        self._room = Room(name, config.single_prefix)
        self._gate = Gate(Envelope(config.token, config.aes_key, ""), now, machine)
        self._doubts = Doubts()

    def verify(self, query: Mapping[str, str]) -> bytes:
        """The echo for the address check. Raises: BadSignature, BadBody."""
        return self._gate.verify(query)

    async def receive(self, query: Mapping[str, str], body: bytes) -> bytes:
        """The response to a POST; empty when there is nothing to say in it.

        It returns after the event is stored. Raises: BadSignature, BadBody, and OSError when it
        cannot be stored.
        """
        started = time.monotonic()
        stamp = Stamp.of(query)
        said = read_json(self._gate.open(stamp, encrypted_of_json(body)))
        if self._gate.knows(stamp):
            return b""
        event = self._event(said)
        answer = await self._answer(event, stamp, started) if event else b""
        self._gate.remember(stamp)
        return answer

    @property
    def limited_as(self) -> str:
        """Under which name WeCom's limits are counted."""
        return self._config.bot_id

    async def send(self, out: Outgoing) -> Receipt:
        """Say it through the response_url of the message that it answers.

        Raises: as ``Lane.send``; Gone without an unused response_url younger than an hour.
        """
        if not out.reply or out.reply.kind != "url" or out.reply.until <= self._now():
            raise Gone("a robot in URL mode cannot push")
        body = self._body(out.message)
        await take(self._buckets, self.limited_as, out.chat, out.danger)
        try:
            with self._doubts.watching(out.key):
                await self._post(out.reply.token, body)
        except (Refusal, NotAllowed) as fault:
            if not self._doubts.is_doubtful(out.key):
                raise Gone("the response_url is used up", fault.errcode) from fault
            self._doubts.forget(out.key)
            return Receipt(at=self._now(), note="arrived before")
        self._doubts.forget(out.key)
        return Receipt(at=self._now())

    async def fetch(self, medium: Media, limit_bytes: int = MEDIA_LIMIT) -> bytes:
        """The bytes of a picture or file, within five minutes of its message.

        Raises: Gone, Refusal, Unreachable.
        """
        key, wait_s = self._config.aes_key, self._config.timeout_s
        return await download(self._session, medium.url, key, limit_bytes, wait_s)

    def _event(self, body: dict[str, Any]) -> Event | None:
        def reply(kind: Kind) -> ReplyHandle | None:
            if kind != "message":
                until = self._now() + timedelta(seconds=self._config.answer_s)
                return ReplyHandle(kind="passive", token=f"aibot:{body['msgid']}", until=until)
            url = body.get("response_url")
            if not isinstance(url, str) or not url:
                return None
            return ReplyHandle(kind="url", token=url, until=self._now() + _URL_LIFE)

        return event_of(body, self._room, self._now(), reply)

    async def _answer(self, event: Event, stamp: Stamp, started: float) -> bytes:
        await self._ears.hear(event)
        if isinstance(event, Heard):
            return b""
        left_s = self._config.answer_s - (time.monotonic() - started)
        message = await self._ears.answer(event.key, max(left_s, 0.0))
        said = self._passive(event, message) if message else None
        if said is None:
            return b""
        text = json.dumps(said, ensure_ascii=False)
        sealed = self._gate.envelope.close(text, stamp.timestamp, stamp.nonce)
        return json.dumps(sealed).encode()

    def _passive(self, event: Event, message: Message) -> dict[str, Any] | None:
        match event, message:
            case Clicked(), CardUpdate():
                return speech.update(message, self._config.public_url)
            case Joined(), Text():
                return speech.welcome(message.text)
            case Joined(), Card():
                return speech.card(message, self._config.public_url)
            case _:
                _log.warning("no place for this answer in the response key=%s", event.key)
                return None

    def _body(self, message: Message) -> dict[str, Any]:
        match message:
            case Text():
                return speech.markdown(speech.text_parts(message.text)[0])
            case Card():
                return speech.card(message, self._config.public_url)
            case CardUpdate():
                raise Gone("a robot's card changes only in the answer to its click")
            case _:
                raise Refusal("a robot cannot say this")

    async def _post(self, url: str, body: dict[str, Any]) -> None:
        timeout = aiohttp.ClientTimeout(total=self._config.timeout_s)
        with outcome_known("response_url"):
            async with self._session.post(
                url, json=body, timeout=timeout, allow_redirects=False
            ) as answer:
                raise_for_errcode(await payload_of(answer))
