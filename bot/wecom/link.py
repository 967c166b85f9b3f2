"""One life of the robot's long connection (长连接): ask, be acknowledged, read, keep awake.

A ``Link`` lives from a successful ``ws_connect`` to its first failure and is then thrown away;
``bot.wecom.aibot`` makes the next one. Frames that make no sense are skipped, whatever they are:
an SDK that dies on one odd frame leaves a station deaf.
Source: https://developer.work.weixin.qq.com/document/path/101463.
"""

import asyncio
import itertools
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from bot.wecom.errors import HalfDead, Limited, Unreachable, WeComFault, fault_of
from bot.wecom.places import SocketConfig

_log = logging.getLogger(__name__)
_QUEUE_CAP = 500
_MISSED_PONGS = 2

Frame = dict[str, Any]
_text_of = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
OnFrame = Callable[[Frame], Awaitable[None]]


class Dead(Exception):
    """The connection is over; the reason stands in the text."""


class Link:
    """One connection; ``on_frame`` gets every callback frame, in order."""

    def __init__(
        self, ws: aiohttp.ClientWebSocketResponse, config: SocketConfig, on_frame: OnFrame
    ) -> None:
        self._ws = ws
        self._config = config
        self._on_frame = on_frame
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._turns: dict[str, tuple[asyncio.Lock, list[None]]] = {}
        self._numbers = itertools.count(1)

    @property
    def unacked(self) -> int:
        """Questions and answers of ours that WeCom has not acknowledged, pings left out."""
        return sum(not req_id.startswith("ping_") for req_id in self._waiting)

    async def live(self) -> None:
        """Reads and pings until the connection ends.

        Raises: Dead, always in the end.
        """
        pinging = asyncio.create_task(self._keep_awake())
        reading = asyncio.create_task(self._read())
        try:
            done, _ = await asyncio.wait({pinging, reading}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (pinging, reading):
                task.cancel()
            await asyncio.gather(pinging, reading, return_exceptions=True)
            self._give_up_waiting()

    async def ask(self, cmd: str, req_id: str, body: Frame | None = None) -> Frame:
        """The acknowledging frame; frames of one req_id go one after the other.

        Raises: Unreachable (``unknown`` when the frame had left), Limited when 500 wait for
        this req_id already, and the class of the errcode that came back.
        """
        lock, queue = self._turns.setdefault(req_id, (asyncio.Lock(), []))
        if len(queue) >= _QUEUE_CAP:
            raise Limited("500 answers wait for this req_id", retry_after_s=1.0)
        queue.append(None)
        try:
            async with lock:
                return await self._ask_now(cmd, req_id, body)
        finally:
            queue.pop()
            if not queue:
                self._turns.pop(req_id, None)

    async def close(self) -> None:
        """End it from our side."""
        await self._ws.close()

    def new_req_id(self, cmd: str) -> str:
        """A req_id never used on this connection."""
        return f"{cmd}_{id(self):x}_{next(self._numbers)}"

    async def _ask_now(self, cmd: str, req_id: str, body: Frame | None) -> Frame:
        frame: Frame = {"cmd": cmd, "headers": {"req_id": req_id}}
        if body is not None:
            frame["body"] = body
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[req_id] = answer
        try:
            async with asyncio.timeout(self._config.ack_timeout_s):
                await self._send(frame)
                ack = await answer
        except TimeoutError as fault:
            raise Unreachable(f"{cmd}: no acknowledgement", unknown=True) from fault
        finally:
            self._waiting.pop(req_id, None)
        return _checked(ack)

    async def _send(self, frame: Frame) -> None:
        if self._ws.closed:
            raise Unreachable("the socket is closed")
        try:
            await self._ws.send_str(_text_of(frame))
        except (ConnectionError, aiohttp.ClientError, RuntimeError) as fault:
            raise Unreachable("the socket broke while sending", unknown=True) from fault

    async def _read(self) -> None:
        async for message in self._ws:
            frame = _frame_of(message)
            if frame is None:
                _log.warning("socket frame ignored type=%s", message.type.name)
            elif frame.get("cmd"):
                await self._on_frame(frame)
            else:
                self._acknowledge(frame)
        raise Dead(f"closed code={self._ws.close_code}")

    def _acknowledge(self, frame: Frame) -> None:
        answer = self._waiting.get(req_id_of(frame))
        if answer is None:
            _log.info("acknowledgement without a question errcode=%s", frame.get("errcode"))
        elif not answer.done():
            answer.set_result(frame)

    async def _keep_awake(self) -> None:
        while True:
            await asyncio.sleep(self._config.ping_s)
            await self._ping()

    async def _ping(self) -> None:
        for _ in range(_MISSED_PONGS):
            try:
                await self.ask("ping", self.new_req_id("ping"))
            except HalfDead as fault:
                raise Dead("WeCom calls this connection half dead") from fault
            except Unreachable:
                _log.info("a ping was not answered")
            except WeComFault:
                return  # a refusal is an answer too
            else:
                return
        raise Dead("two pings were not answered")

    def _give_up_waiting(self) -> None:
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Unreachable("the connection ended", unknown=True))


def req_id_of(frame: Frame) -> str:
    """The frame's req_id, or an empty string."""
    headers = frame.get("headers")
    req_id = headers.get("req_id") if isinstance(headers, dict) else None
    return req_id if isinstance(req_id, str) else ""


def _frame_of(message: aiohttp.WSMessage) -> Frame | None:
    if message.type is not aiohttp.WSMsgType.TEXT:
        return None
    try:
        frame = json.loads(message.data)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None


def _checked(ack: Frame) -> Frame:
    errcode = ack.get("errcode", 0)
    if not isinstance(errcode, int):
        raise Unreachable("errcode is not a number", unknown=True)
    if errcode:
        raise fault_of(errcode, str(ack.get("errmsg", "")))
    return ack
