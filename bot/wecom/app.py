"""The self-built app (自建应用): hears members in private, sends texts and cards to them.

Its cards are the only ones that can be changed later: within 72 hours, once per code. Groups are
not delivered to apps. Called by ``bot.web.callbacks`` and, as lane ``app``, by the sender.
Source: https://developer.work.weixin.qq.com/document/path/90235 (in), 90236 (out), 94888 (update).
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.events import Media
from bot.messages import Attachment, Card, CardUpdate, Outgoing, Paper, Receipt, Text
from bot.wecom.cards import APP, greyed, template_card
from bot.wecom.channel import Buckets, Ears, Now
from bot.wecom.client import Api
from bot.wecom.crypto import Envelope, Stamp, encrypted_of_xml, read_xml
from bot.wecom.cuts import clean, no_tags, parts_of
from bot.wecom.doubts import Doubts
from bot.wecom.errors import BadParameter, Duplicate, Gone, Refusal, Unreachable
from bot.wecom.frames import Room
from bot.wecom.gate import Gate
from bot.wecom.letters import event_of
from bot.wecom.limits import take
from bot.wecom.media import MEDIA_LIMIT
from bot.wecom.papers import written
from bot.wecom.places import AppConfig

_log = logging.getLogger(__name__)
TEXT_BYTES = 2048
_MOST_PARTS = 3
_DOUBT_S = 1800
_CODES = 4096
_FETCH_TRIES = 4  # a picture that is being fetched is there within seconds
_BY_IMAGE = (b"\xff\xd8\xff", b"\x89PNG")  # other kinds go as a file


class App:
    """One app, door and lane."""

    def __init__(
        self,
        config: AppConfig,
        api: Api,
        ears: Ears,
        buckets: Buckets,
        now: Now,
        *,
        name: str = "app",
        machine: Now | None = None,
    ) -> None:
        self.name = name
        self._config = config
        self.api = api
        """The server API with this app's rights: login, page signatures, mass sends."""

        self._ears = ears
        self._buckets = buckets
        self._now = now
        self._room = Room(name, config.prefix)
        self._gate = Gate(Envelope(config.token, config.aes_key, config.corpid), now, machine)
        self._doubts = Doubts()
        self._used_codes: OrderedDict[str, None] = OrderedDict()
        self.hooks: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {}
        """Events of other doors at this address (they come without AgentID), by their name."""
        self.read_kept: Callable[[str], Awaitable[bytes]] | None = None
        """Opens what is kept under a name; without it no picture leaves."""

    # ------------------------------------------------------------ hearing

    def verify(self, query: Mapping[str, str]) -> bytes:
        """The echo for the address check. Raises: BadSignature, BadBody."""
        return self._gate.verify(query)

    async def receive(self, query: Mapping[str, str], body: bytes) -> bytes:
        """The (always empty) response to a POST, after its event is stored.

        Raises: BadSignature, BadBody, and OSError when it cannot be stored.
        """
        stamp = Stamp.of(query)
        letter = read_xml(self._gate.open(stamp, encrypted_of_xml(body)))
        if self._gate.knows(stamp):
            return b""
        hook = self.hooks.get(str(letter.get("Event", "")))
        if hook is not None:
            await hook(letter)
        elif event := event_of(letter, self._room, self._now()):
            await self._ears.hear(event)
        self._gate.remember(stamp)
        return b""

    async def fetch(self, medium: Media, limit_bytes: int = MEDIA_LIMIT) -> bytes:
        """The bytes of a medium, within three days. Raises: as ``Api.fetch``."""
        return await self.api.fetch(medium.media_id, limit_bytes)

    # ------------------------------------------------------------ speaking

    async def send(self, out: Outgoing) -> Receipt:
        """Say it to one member; the receipt of a card with buttons has the code to change it.

        Raises: as ``Lane.send``; Gone when an update's code is used or too old; Refusal when
        WeCom names the member as invalid.
        """
        user = out.chat.removeprefix(f"{self._config.prefix}:")
        if user == out.chat or not user:
            raise Refusal("this conversation belongs to another door")
        with self._doubts.watching(out.key):
            match out.message:
                case Text():
                    answer = await self._say(out, user, out.message.text)
                case Card():
                    answer = await self._show(out, user, out.message)
                case CardUpdate():
                    answer = await self._change(out, user, out.message)
                case Paper():
                    answer = await self._hand(out, user, out.message)
                case Attachment():
                    answer = await self._give(out, user, out.message)
                case _:
                    raise Refusal("the app cannot say this")
        self._doubts.forget(out.key)
        return Receipt(
            at=self._now(),
            msgid=str(answer.get("msgid", "")),
            code=str(answer.get("response_code", "")),
            note=str(answer.get("note", "")),
        )

    async def _say(self, out: Outgoing, user: str, text: str) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        parts = parts_of(no_tags(clean(text)) or "…", TEXT_BYTES, _MOST_PARTS)
        for part in parts[self._doubts.parts_said(out.key) :]:
            body: dict[str, Any] = {"msgtype": "text", "text": {"content": part}}
            if self._doubts.is_doubtful(out.key):
                # Only now: the check also drops an equal reminder that is meant.
                body |= {"enable_duplicate_check": 1, "duplicate_check_interval": _DOUBT_S}
            answer = await self._send_message(out, user, body)
            self._doubts.part_said(out.key)
        return answer

    async def _show(self, out: Outgoing, user: str, card: Card) -> dict[str, Any]:
        shown = template_card(card, APP, self._config.public_url)
        body = {"msgtype": "template_card", "template_card": shown}
        try:
            return await self._send_message(out, user, body)
        except Duplicate:
            return {"note": "duplicate"}

    async def _hand(self, out: Outgoing, user: str, paper: Paper) -> dict[str, Any]:
        """A document is made, uploaded and sent as a file; a picture that is lost is left out."""
        found = [await self._kept(out, name, may_lack=True) for name in paper.pictures]
        data = await asyncio.to_thread(written, paper, [one for one in found if one])
        return await self._upload(out, user, "file", paper.name, data)

    async def _give(self, out: Outgoing, user: str, given: Attachment) -> dict[str, Any]:
        """A kept picture or file."""
        data = await self._kept(out, given.kept, may_lack=False)
        kind = "image" if given.kind == "image" and data.startswith(_BY_IMAGE) else "file"
        return await self._upload(out, user, kind, given.name, data)

    async def _kept(self, out: Outgoing, name: str, *, may_lack: bool) -> bytes:
        """What is kept under ``name``; it may still be on its way.

        Raises: Unreachable for a few tries, then Refusal unless it ``may_lack``.
        """
        if self.read_kept is None:
            raise Refusal("this door keeps no files")
        try:
            return await self.read_kept(name)
        except OSError as fault:
            if out.tries < _FETCH_TRIES:
                raise Unreachable("the file is not here yet") from fault
            if may_lack:
                return b""
            raise Refusal("the file is not kept") from fault

    async def _upload(
        self, out: Outgoing, user: str, kind: str, name: str, data: bytes
    ) -> dict[str, Any]:
        media_id = await self.api.upload(kind, name, data)
        return await self._send_message(out, user, {"msgtype": kind, kind: {"media_id": media_id}})

    @property
    def limited_as(self) -> str:
        """Under which name WeCom's limits are counted."""
        return f"{self._config.corpid}:{self._config.agentid}"

    async def _send_message(self, out: Outgoing, user: str, body: dict[str, Any]) -> dict[str, Any]:
        await take(self._buckets, self.limited_as, out.chat, out.danger)
        head = {"touser": user, "agentid": self._config.agentid}
        answer = await self.api.call("message/send", head | body)
        _raise_for_invalid(answer, user)
        return answer

    async def _change(self, out: Outgoing, user: str, update: CardUpdate) -> dict[str, Any]:
        code = self._code(out)
        body = {
            "userids": [user],
            "agentid": self._config.agentid,
            "response_code": code,
            "template_card": self._replacement(update),
        }
        try:
            answer = await self.api.call("message/update_template_card", body)
        except BadParameter as fault:
            # Each code stands in one row alone: who used it was an earlier try of this one.
            if not (out.inherited or self._doubts.is_doubtful(out.key)):
                raise Gone("the code is used up or too old", fault.errcode) from fault
            answer = {"note": "arrived before"}
        self._used(code)
        _raise_for_invalid(answer, user)
        return answer

    def _code(self, out: Outgoing) -> str:
        reply = out.reply
        if not reply or reply.kind != "code" or reply.until <= self._now():
            raise Gone("no valid code to change this card")
        if reply.token in self._used_codes:
            raise Gone("this code was used before")
        return reply.token

    def _used(self, code: str) -> None:
        self._used_codes[code] = None
        if len(self._used_codes) > _CODES:
            self._used_codes.popitem(last=False)

    def _replacement(self, update: CardUpdate) -> dict[str, Any]:
        """Buttons stay and are greyed under ``replace_text``; without buttons words stand in."""
        if not update.card.buttons:
            return template_card(greyed(update), APP, self._config.public_url)
        shown = template_card(update.card, APP, self._config.public_url)
        return shown | ({"replace_text": update.replace_text} if update.replace_text else {})


def _raise_for_invalid(answer: dict[str, Any], user: str) -> None:
    """WeCom says errcode 0 and names whom it did not reach, in lower case."""
    for name in ("invaliduser", "unlicenseduser"):
        named = answer.get(name) or ""
        users = named if isinstance(named, list) else str(named).split("|")
        if user.lower() in {str(one).lower() for one in users}:
            raise Refusal(f"{name} names the receiver")
