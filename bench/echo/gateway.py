"""A fake WeCom for the long connection (假网关), as quick as Python can: it must not be measured.

One robot at a time subscribes; then ``measure`` keeps ``window`` messages on the wire and counts
the answers. Frames are WeCom's; of what comes in only command and ``req_id`` are read, by bytes.
Every frame goes out in a write of its own, as from a server whose messages are of many people.
Called by ``bench.echo.line``.
Source: https://developer.work.weixin.qq.com/document/path/101463.
"""

import asyncio
import base64
import hashlib
import json
import re
import time

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY = re.compile(rb"sec-websocket-key: *([^\r\n]+)", re.IGNORECASE)
_REQ_ID = re.compile(rb'"req_id": *"([^"]*)"')
_CHATS = 64
_WORDS = "@小警 3号楼2单元门口有人吵架，快来看看"
_OPCODE, _LENGTH, _CLOSE = 0x0F, 0x7F, 0x8


class Wire(asyncio.Protocol):
    """One robot's connection."""

    def __init__(self) -> None:
        self.subscribed = asyncio.Event()
        self.answered = 0
        self.strange = 0
        self._rest = b""
        self._shaken = False
        self._open: set[bytes] = set()
        self._number = 0
        self._is_sending = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody called."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 a TCP server's
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Every frame that came is read and acknowledged at once."""
        self._rest += data
        if not self._shaken and not self._shake():
            return
        while (frame := self._next_frame()) is not None:
            self._read(frame)

    async def measure(self, window: int, seconds: float) -> tuple[int, float]:
        """(answers, seconds) with so many messages always on their way."""
        self._is_sending = True
        for _ in range(window):
            self._say()
        before, began = self.answered, time.perf_counter()
        await asyncio.sleep(seconds)
        found = self.answered - before, time.perf_counter() - began
        self._is_sending = False
        return found

    async def quiet(self) -> None:
        """Returns when nothing is on its way any more."""
        while self._open:  # noqa: ASYNC110  the end of a measurement
            await asyncio.sleep(0.01)

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def _shake(self) -> bool:
        head, end, rest = self._rest.partition(b"\r\n\r\n")
        found = _KEY.search(head)
        if not end or found is None:
            return False
        made = base64.b64encode(hashlib.sha1(found[1].strip() + _GUID).digest())  # noqa: S324 RFC
        answer = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        self._transport.write(b"HTTP/1.1 101 Hello\r\n" + answer + made + b"\r\n\r\n")
        self._rest, self._shaken = rest, True
        return True

    def _next_frame(self) -> bytes | None:
        """The unmasked payload of the next whole frame."""
        data = self._rest
        if len(data) < 6:
            return None
        size, at = data[1] & _LENGTH, 2
        if size == 126:
            size, at = int.from_bytes(data[2:4], "big"), 4
        end = at + 4 + size
        if len(data) < end:
            return None
        self._rest = data[end:]
        if data[0] & _OPCODE == _CLOSE:
            self._transport.close()
            return None
        return _unmasked(data[at : at + 4], data[at + 4 : end])

    def _read(self, frame: bytes) -> None:
        found = _REQ_ID.search(frame)
        req_id = found[1] if found else b""
        ack = b'{"headers":{"req_id":"' + req_id + b'"},"errcode":0,"errmsg":"ok"}'
        self._transport.write(_framed(ack))
        if b'"aibot_respond_msg"' not in frame:
            if b'"aibot_subscribe"' in frame:
                self.subscribed.set()
            return
        if req_id not in self._open:
            self.strange += 1
            return
        self._open.remove(req_id)
        self.answered += 1
        if self._is_sending:
            self._say()

    def _say(self) -> None:
        self._number += 1
        req_id = f"REQ{id(self):x}{self._number:012d}"
        self._open.add(req_id.encode())
        self._transport.write(_framed(_TEMPLATE % (req_id, req_id, self._number % _CHATS)))


_TEMPLATE = json.dumps(
    {
        "cmd": "aibot_msg_callback",
        "headers": {"req_id": "%s"},
        "body": {
            "msgid": "%s",
            "aibotid": "aibBENCH",
            "chatid": "wrBENCH%d",
            "chattype": "group",
            "from": {"userid": "bench_resident"},
            "create_time": 1_772_600_000,
            "msgtype": "text",
            "text": {"content": _WORDS},
        },
    },
    ensure_ascii=False,
)


def _framed(text: bytes | str) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    small = len(data) < 126
    head = bytes([0x81, len(data)]) if small else b"\x81\x7e" + len(data).to_bytes(2, "big")
    return head + data


def _unmasked(mask: bytes, data: bytes) -> bytes:
    times, rest = divmod(len(data), 4)
    key = int.from_bytes(mask * times + mask[:rest], "big")
    return (int.from_bytes(data, "big") ^ key).to_bytes(len(data), "big")
