"""The robot on the long connection (智能机器人, 长连接): hears frames, answers and pushes.

It comes back after every kind of close, except when a newer connection took over: then it waits
until whoever holds the lease says ``take_over``. Of several processes one holds the line; ``want``
says which, and who is no longer wanted hangs up before the next one calls. Hearing runs beside the
reader, so that a slow disk never costs a ping. The engine runs ``run``; the sender calls ``send``.
Source: https://developer.work.weixin.qq.com/document/path/101463.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import aiohttp

from bot.events import Event, Media, ReplyHandle
from bot.lines import partition_of
from bot.messages import Outgoing, Receipt
from bot.wecom.channel import Buckets, Ears, Now
from bot.wecom.errors import HalfDead, Limited, Unreachable, WeComFault
from bot.wecom.frames import Kind, Room, event_of
from bot.wecom.link import Dead, Frame, Link, req_id_of
from bot.wecom.media import MEDIA_LIMIT, download
from bot.wecom.mouth import Mouth
from bot.wecom.places import SocketConfig
from bot.wecom.presence import Presence
from bot.wecom.wire import jittered

_log = logging.getLogger(__name__)
_LINES = 8
_LINE_CAP = 1000
_HEAR_TRIES = 9
_REFUSALS = 5
_EVENT_WINDOW_S = 5.0
_REPLY_KINDS: dict[Kind, tuple[str, timedelta]] = {
    "message": ("req", timedelta(hours=24)),
    "click": ("update", timedelta(seconds=_EVENT_WINDOW_S)),
    "enter": ("welcome", timedelta(seconds=_EVENT_WINDOW_S)),
}

Alarm = Callable[[str, str], None]


class Socket:
    """One robot's connection and lane; one ``run`` per object (a new lease, a new object).

    ``seen`` counts the callback frames of the current connection whose events are committed;
    ``unheard`` those still on their way. ``alarm(what, detail)`` tells the operator;
    ``on_yield()`` tells that a newer connection took over.
    """

    def __init__(
        self,
        config: SocketConfig,
        session: aiohttp.ClientSession,
        ears: Ears,
        buckets: Buckets,
        now: Now,
        *,
        alarm: Alarm,
        on_yield: Callable[[], None] = lambda: None,
        name: str = "socket",
    ) -> None:
        self.name = name
        self.seen: dict[str, int] = {config.bot_id: 0}
        self.unheard = 0
        self.yielded = False
        self._config = config
        self._session = session
        self._ears = ears
        self._mouth = Mouth(config, buckets, now, self)
        self._now = now
        self._alarm = alarm
        self._on_yield = on_yield
        self._room = Room(name, config.single_prefix)
        self._link: Link | None = None
        self._life = 0
        self._fresh: dict[str, float] = {}
        self._lines: list[asyncio.Queue[tuple[int, Event]]] = [
            asyncio.Queue(_LINE_CAP) for _ in range(_LINES)
        ]
        self._presence = Presence()
        self._refusals = 0
        self._delay_s = config.backoff_first_s

    # ------------------------------------------------------------ staying connected

    @property
    def online(self) -> bool:
        """Whether a subscribed connection stands that no newer one has taken over."""
        return self._link is not None and not self.yielded

    @property
    def unacked(self) -> int:
        """Frames of ours that WeCom has not acknowledged yet."""
        return self._link.unacked if self._link else 0

    async def run(self) -> None:
        """Stays connected until ``stop``; then what was read is heard to its end (``drain_s``)."""
        async with asyncio.TaskGroup() as group:
            hearing = [group.create_task(self._hear(line)) for line in self._lines]
            try:
                while not self._presence.is_stopping:
                    if self._presence.is_wanted:
                        await self._one_life()
                    await self._wait_for_next()
                await self._drain()
            finally:
                for task in hearing:
                    task.cancel()

    async def stop(self) -> None:
        """Close the ears; ``run`` returns when what was read is stored."""
        self._presence.stop()

    def want(self, is_ours: bool) -> None:
        """Whether the line is this process's to hold; a change takes effect at once."""
        if is_ours != self._presence.is_wanted:
            self._presence.want(is_ours)

    def take_over(self) -> None:
        """Connect again after a newer connection took over, not earlier than 60 s after it did."""
        self._presence.invite()

    async def _one_life(self) -> None:
        self._life += 1
        self._fresh.clear()
        self.seen[self._config.bot_id] = 0
        try:
            async with asyncio.timeout(2 * self._config.ack_timeout_s):
                ws = await self._session.ws_connect(
                    self._config.url, timeout=aiohttp.ClientWSTimeout(ws_close=1.0)
                )
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as fault:
            _log.warning("socket %s cannot connect: %s", self._config.bot_id, type(fault).__name__)
            return
        link = Link(ws, self._config, partial(self._on_frame, self._life))
        life = asyncio.create_task(link.live())
        try:
            if self._presence.is_wanted:  # it may have become another's while we connected
                await self._subscribe(link)
                await self._presence.over(life)
        except Dead as end:
            _log.info("socket %s ended: %s", self._config.bot_id, end)
        except Unreachable as fault:
            _log.warning("socket %s did not subscribe: %s", self._config.bot_id, fault.detail)
        except WeComFault as fault:
            self._count_refusal(fault)
        finally:
            self._link = None
            self.seen[self._config.bot_id] = 0  # another process may hold the line next
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)
            await ws.close()

    async def _subscribe(self, link: Link) -> None:
        body = {"bot_id": self._config.bot_id, "secret": self._config.secret}
        await link.ask("aibot_subscribe", link.new_req_id("aibot_subscribe"), body)
        self._refusals = 0
        self._delay_s = self._config.backoff_first_s
        self._link = link
        _log.info("socket %s subscribed", self._config.bot_id)

    def _count_refusal(self, fault: WeComFault) -> None:
        self._refusals += 1
        _log.warning("socket %s refused errcode=%s", self._config.bot_id, fault.errcode)
        if self._refusals % _REFUSALS == 0 or isinstance(fault, Limited):
            self._delay_s = self._config.refused_pause_s
            self._alarm("socket_refused", f"{self._config.bot_id} errcode={fault.errcode}")

    async def _wait_for_next(self) -> None:
        here = self._presence
        if here.is_wanted and self.yielded:
            self._on_yield()
            await here.invited(self._config.yield_pause_s)
        elif here.is_wanted:
            await here.pause(jittered(self._delay_s))
            self._delay_s = min(2 * self._delay_s, self._config.backoff_last_s)
        if not here.is_wanted:
            await here.wanted()
            self._delay_s = self._config.backoff_first_s
        self.yielded = False

    # ------------------------------------------------------------ hearing

    async def _on_frame(self, life: int, frame: Frame) -> None:
        body = frame.get("body")
        if frame["cmd"] not in ("aibot_msg_callback", "aibot_event_callback"):
            _log.info("socket frame ignored cmd=%.40s", frame["cmd"])
            return
        body = body if isinstance(body, dict) else {}
        if _is_disconnected(body):
            self.yielded = True
            raise Dead("a newer connection took over")
        event = event_of(body, self._room, self._now(), partial(self._reply, req_id_of(frame)))
        if event is None:
            self._count_seen(life)
            return
        self.unheard += 1
        try:
            await self._lines[partition_of(event.line)].put((life, event))
        except asyncio.CancelledError:
            # The line was full until the connection ended; nobody repeats this frame.
            self.unheard -= 1
            _log.error("given up, WeCom will not repeat it key=%s", event.key)
            raise

    def _reply(self, req_id: str, kind: Kind) -> ReplyHandle | None:
        if not req_id:
            return None
        name, window = _REPLY_KINDS[kind]
        if kind != "message":
            self._fresh[req_id] = time.monotonic() + _EVENT_WINDOW_S
        return ReplyHandle(kind=name, token=req_id, until=self._now() + window)

    async def _hear(self, line: asyncio.Queue[tuple[int, Event]]) -> None:
        while True:
            life, event = await line.get()
            try:
                if await self._heard(event):
                    self._count_seen(life)
            finally:
                self.unheard -= 1
                line.task_done()

    async def _heard(self, event: Event) -> bool:
        for attempt in range(_HEAR_TRIES):
            try:
                await self._ears.hear(event)
            except OSError as fault:
                _log.warning("not stored key=%s: %s", event.key, type(fault).__name__)
                await asyncio.sleep(self._config.hear_backoff_s * 2**attempt)
            else:
                return True
        _log.error("given up, WeCom will not repeat it key=%s", event.key)
        self._alarm("event_lost", event.key)
        return False

    def _count_seen(self, life: int) -> None:
        if life == self._life:
            self.seen[self._config.bot_id] += 1

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(self._config.drain_s):
                await asyncio.gather(*(line.join() for line in self._lines))
        except TimeoutError:
            _log.error("stopped with %s events not stored", self.unheard)

    # ------------------------------------------------------------ speaking

    @property
    def limited_as(self) -> str:
        """Under which name WeCom's limits are counted."""
        return self._config.bot_id

    async def send(self, out: Outgoing) -> Receipt:
        """Answer by req_id where there is still a right to, else push.

        Raises: as ``Lane.send``; Gone for greetings and card updates after 5 s or on another
        connection.
        """
        return await self._mouth.send(out)

    async def ask(self, cmd: str, req_id: str, body: Frame) -> None:
        """Say one frame and wait until it is acknowledged. Raises: as ``Link.ask``."""
        link = self._link
        if link is None:
            raise Unreachable("the socket is not connected")
        try:
            await link.ask(cmd, req_id, body)
        except HalfDead:
            await link.close()
            raise

    async def fetch(self, medium: Media, limit_bytes: int = MEDIA_LIMIT) -> bytes:
        """The bytes of a picture or file, within five minutes of its message.

        Raises: Gone, Refusal, Unreachable.
        """
        wait_s = self._config.download_s
        return await download(self._session, medium.url, medium.aes_key, limit_bytes, wait_s)

    def is_fresh(self, req_id: str) -> bool:
        """Whether a click or greeting may still be answered: 5 s, on the same connection."""
        return self._fresh.get(req_id, 0.0) > time.monotonic()


def _is_disconnected(body: Frame) -> bool:
    event = body.get("event")
    return isinstance(event, dict) and event.get("eventtype") == "disconnected_event"
