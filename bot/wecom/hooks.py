"""Group webhooks (群机器人): one-way words into a team's own group, and the only way to call by @.

The key in the address is the credential: it stands in no log and no sentence. 20 messages a minute
go through; after WeCom's 45009 the hook rests a whole minute. A hook that was removed (93000) is
left alone until the program starts again, the operator is told, and the words take another way.
Lane ``hook``; a conversation is ``hook:<chat id>``.
Source: https://developer.work.weixin.qq.com/document/path/99110, read 2026-11.
"""

import base64
import hashlib
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.door_events import Alarmed
from bot.lines import line_of
from bot.messages import Attachment, Outgoing, Post, Receipt, Text
from bot.wecom.channel import Buckets, Ears, Now
from bot.wecom.cuts import clean, cut_bytes, no_tags, parts_of, plain
from bot.wecom.doubts import Doubts
from bot.wecom.errors import HookGone, Limited, Refusal, Unreachable
from bot.wecom.media import UPLOAD_LIMITS
from bot.wecom.wire import outcome_known, payload_of, raise_for_errcode

TEXT_BYTES, MARKDOWN_BYTES, IMAGE_BYTES = 2048, 4096, 2 * 1024 * 1024
WINDOWS = ((20, 60),)
RESERVE = 3
_PENALTY = timedelta(seconds=60)
_MOST_PARTS = 3
_EMPTY_FILE = 44001  # how an upload sounds when the key is wrong
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook: the name that settings and chats.yaml call it, and its key."""

    name: str
    key: str = field(repr=False)


class Hooks:
    """All webhooks of a site, by the chat they post into."""

    name = "hook"

    def __init__(
        self,
        hooks: Mapping[str, Hook],
        api_base: str,
        session: aiohttp.ClientSession,
        ears: Ears,
        buckets: Buckets,
        now: Now,
        read: Callable[[str], Awaitable[bytes]],
        timeout_s: float = 10.0,
    ) -> None:
        self._hooks = hooks
        self._base = f"{api_base.rstrip('/')}/cgi-bin/webhook"
        self._session = session
        self._ears = ears
        self._buckets = buckets
        self._now = now
        self._read = read
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._doubts = Doubts()
        self._gone: set[str] = set()
        self._rests_until: dict[str, datetime] = {}

    async def send(self, out: Outgoing) -> Receipt:
        """Say it in the group behind ``hook:<chat id>``.

        Raises: as ``Lane.send``; Refusal when the hook is gone or its file is no good.
        """
        hook = self._hooks.get(out.chat.removeprefix("hook:"))
        if hook is None or hook.name in self._gone:
            raise Refusal("no living webhook for this group")
        try:
            with self._doubts.watching(out.key):
                await self._say(hook, out)
        except HookGone as fault:
            await self._bury(hook, fault)
            raise
        self._doubts.forget(out.key)
        return Receipt(at=self._now())

    async def _say(self, hook: Hook, out: Outgoing) -> None:
        bodies = await self._bodies(hook, out)
        for body in bodies[self._doubts.parts_said(out.key) :]:
            await self._take(hook, out.danger)
            await self._post(hook, "send", {}, {"json": body})
            self._doubts.part_said(out.key)

    async def _bodies(self, hook: Hook, out: Outgoing) -> list[dict[str, Any]]:
        match out.message:
            case Post(table=table) if table:
                shown = {"content": table_of(out.message)}
                return [{"msgtype": "markdown_v2", "markdown_v2": shown}]
            case Post() | Text():
                return texts(out.message)
            case Attachment():
                return [await self._file(hook, out.message, await self._kept(out.message))]
            case _:
                raise Refusal("a webhook cannot say this")

    async def _kept(self, message: Attachment) -> bytes:
        try:
            return await self._read(message.kept)
        except OSError as fault:
            raise Refusal("the file is not kept any more") from fault

    async def _file(self, hook: Hook, message: Attachment, data: bytes) -> dict[str, Any]:
        """A small picture goes in the message itself, anything else is uploaded for this hook."""
        if message.kind == "image" and data.startswith(_PICTURES) and len(data) <= IMAGE_BYTES:
            md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
            inner = {"base64": base64.b64encode(data).decode(), "md5": md5}
            return {"msgtype": "image", "image": inner}
        if not 5 < len(data) <= UPLOAD_LIMITS["file"]:
            raise Refusal(f"a file of {len(data)} bytes")
        form = aiohttp.FormData(quote_fields=False)  # a Chinese name stays readable
        form.add_field("media", io.BytesIO(data), filename=message.name)
        try:
            answer = await self._post(hook, "upload_media", {"type": "file"}, {"data": form})
        except Refusal as fault:
            if fault.errcode == _EMPTY_FILE:
                raise HookGone(fault.detail, fault.errcode) from fault
            raise
        return {"msgtype": "file", "file": {"media_id": str(answer.get("media_id", ""))}}

    async def _take(self, hook: Hook, danger: bool) -> None:
        """One of the 20 of this minute; the last three are for danger. Raises: Limited."""
        left = self._rests_until.get(hook.name, self._now()) - self._now()
        wait_s = left.total_seconds()
        if wait_s <= 0:
            name = f"hook:{line_of(hook.key)}"
            wait_s = await self._buckets.take(name, WINDOWS, 0 if danger else RESERVE)
        if wait_s > 0:
            raise Limited("this webhook rests", retry_after_s=wait_s)

    async def _post(
        self, hook: Hook, path: str, query: dict[str, str], content: dict[str, Any]
    ) -> dict[str, Any]:
        params = {"key": hook.key, **query}
        try:
            with outcome_known("webhook"):
                async with self._session.post(
                    f"{self._base}/{path}",
                    params=params,
                    timeout=self._timeout,
                    allow_redirects=False,
                    **content,
                ) as answer:
                    return raise_for_errcode(await payload_of(answer))
        except Limited as limit:
            self._rests_until[hook.name] = self._now() + _PENALTY
            raise Limited(limit.detail, limit.errcode, _PENALTY.total_seconds()) from limit

    async def _bury(self, hook: Hook, fault: HookGone) -> None:
        self._gone.add(hook.name)
        event = Alarmed(
            key=f"hook:{line_of(hook.key)}:{self._now():%Y%m%d%H%M%S}",
            at=self._now(),
            door="hook",
            text="operator_hook",
            values={"why": hook.name},
        )
        try:
            await self._ears.hear(event)
        except OSError:
            self._gone.discard(hook.name)  # the next try tells it
            raise Unreachable("the inbox cannot keep that a webhook is gone") from fault


def texts(message: Post | Text) -> list[dict[str, Any]]:
    """Bodies of a text in parts of 2048 bytes; who is called by @ is called with the first."""
    parts = parts_of(no_tags(clean(message.text)) or "…", TEXT_BYTES, _MOST_PARTS)
    bodies: list[dict[str, Any]] = [
        {"msgtype": "text", "text": {"content": part}} for part in parts
    ]
    if isinstance(message, Post) and message.mentions:
        bodies[0]["text"]["mentioned_list"] = list(message.mentions)
    return bodies


def table_of(message: Post) -> str:
    """Words and table as markdown_v2; whole lines are left out where 4096 bytes are not enough."""
    head, *rows = message.table
    lines = [plain(clean(message.text)), "", _row(head), _row(("---",) * len(head))]
    lines += [_row(row) for row in rows]
    text = "\n".join(lines)
    if len(text.encode()) <= MARKDOWN_BYTES:
        return text
    room = MARKDOWN_BYTES - len("\n…".encode())
    while len(lines) > 1 and len("\n".join(lines).encode()) > room:
        lines.pop()
    return cut_bytes("\n".join(lines), room) + "\n…"


def _row(cells: tuple[str, ...]) -> str:
    safe = (plain(clean(cell)).replace("|", "｜").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(safe)} |"
