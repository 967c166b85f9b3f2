"""The load (压力): whole requests over connections that stay open, as many as are asked for.

Closed loop: each connection sends its next request when it has its answer. Open loop: one request
every so often whatever the answers do, its time counted from the moment it was due. Little is done
for each answer, so that the load is never what is slow.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: seconds of the whole, of each request, and how many of each kind."""

    seconds: float
    waits: Sequence[float]
    kinds: Counter[str]

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.waits) / self.seconds

    def p(self, share: float) -> float:
        """That share of all waits was no longer, in milliseconds."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class _Tap(asyncio.Protocol):
    """One connection; ``told`` hears each answer's status and whether it had a body."""

    def __init__(self, mill: "_Mill") -> None:
        self._mill = mill
        self._seen = b""
        self.since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the wire."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  TCP has one
        self.wire = transport

    def data_received(self, data: bytes) -> None:
        """Count an answer as soon as it is whole."""
        self._seen += data
        head = self._seen.find(_END)
        if head < 0:
            return
        length = _length(self._seen[:head])
        if len(self._seen) >= head + len(_END) + length:
            kind = self._seen[9:12].decode() + ("+" if length else "")
            self._seen = b""
            self._mill.answered(self, kind)

    def connection_lost(self, fault: Exception | None) -> None:
        """A wire that ends before the load does is a fault of the bench."""
        self._mill.broken(fault)

    def say(self, request: bytes, since: float) -> None:
        """Send it; its time counts from ``since``."""
        self.since = since
        self.wire.write(request)


class _Mill:
    """Hands requests to whichever connection is free."""

    def __init__(self, requests: Iterator[bytes], rate: float) -> None:
        self._requests = requests
        self._rate = rate
        self._free: deque[_Tap] = deque()
        self._late: deque[tuple[bytes, float]] = deque()
        self._open = 0
        self.waits: list[float] = []
        self.kinds: Counter[str] = Counter()
        self.done = asyncio.get_running_loop().create_future()

    def answered(self, tap: _Tap, kind: str) -> None:
        """Note it and give the connection something new to say."""
        now = time.perf_counter()
        self.waits.append(now - tap.since)
        self.kinds[kind] += 1
        self._open -= 1
        if self._rate:
            self._next_late(tap)
        else:
            self.next(tap, now)

    def next(self, tap: _Tap, now: float) -> None:
        """The next request at once; the end when there is none and nothing is on its way."""
        request = next(self._requests, None)
        if request is not None:
            self._open += 1
            tap.say(request, now)
        elif not self._open and not self.done.done():
            self.done.set_result(None)

    def broken(self, fault: Exception | None) -> None:
        """Nobody waits for answers that cannot come."""
        if not self.done.done():
            self.done.set_exception(fault or ConnectionError("the server hung up"))

    async def pace(self, taps: Sequence[_Tap]) -> None:
        """The open loop, until the last answer is there."""
        self._free.extend(taps)
        began = time.perf_counter()
        for number, request in enumerate(self._requests):
            due = began + number / self._rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self._open += 1
            self._late.append((request, due))
            if self._free:
                self._next_late(self._free.popleft())
        while self._open:  # noqa: ASYNC110  the end of a bench
            await asyncio.sleep(0.01)

    def _next_late(self, tap: _Tap) -> None:
        if self._late:
            tap.say(*self._late.popleft())
        else:
            self._free.append(tap)


async def _loaded(url: str, requests: Sequence[bytes], connections: int, rate: float) -> Answered:
    host, port = urlsplit(url).netloc.split(":")
    mill = _Mill(iter(requests), rate)
    loop = asyncio.get_running_loop()
    taps = [
        (await loop.create_connection(lambda: _Tap(mill), host, int(port)))[1]
        for _ in range(connections)
    ]
    began = time.perf_counter()
    if rate:
        await mill.pace(taps)
    else:
        for tap in taps:
            mill.next(tap, began)
        await mill.done
    seconds = time.perf_counter() - began
    if not mill.done.done():
        mill.done.set_result(None)
    for tap in taps:
        tap.wire.close()
    return Answered(seconds, mill.waits, mill.kinds)


def closed(url: str, requests: Sequence[bytes], connections: int = 32) -> Answered:
    """All of them, each connection waiting for its answer before it goes on."""
    return asyncio.run(_loaded(url, requests, connections, 0.0))


def steady(url: str, requests: Sequence[bytes], rate: float, connections: int = 64) -> Answered:
    """``rate`` requests a second, whatever the answers do."""
    return asyncio.run(_loaded(url, requests, connections, rate))


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(_LENGTH):
            return int(line[len(_LENGTH) :])
    return 0
