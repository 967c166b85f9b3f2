"""Coordination (协同): bells, rate buckets and a small cache, in this process.

One process needs no Redis; several share one through ``storage.coordination_redis.OverRedis``,
which has the same methods and falls back to the parts below. Nothing here is the truth: a lost
bell costs one poll, a lost cache entry one fetch. Bells wait in transport time (the loop's own
clock); buckets and the cache live in business time, given by ``now``. Called by ``bot.engine``,
which hands the same object to the doors as their ``Tokens`` and ``Buckets``. Not for threads.
"""

import asyncio
from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

Now = Callable[[], datetime]
Limits = tuple[tuple[int, int], ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BELLS_KEPT = 4096
_CACHE_KEPT = 4096


class Coordination(Protocol):
    """What both forms do."""

    async def start(self) -> None:
        """Begin to hear the bells of other processes; a second call does nothing."""

    async def ring(self, bell: str) -> None:
        """Wake who waits for ``bell`` in any process; if nobody does, who waits next."""

    def mark(self) -> int:
        """A mark for ``wait(since=…)``: take it before looking, then wait since it."""

    async def wait(self, bell: str, timeout_s: float, since: int | None = None) -> bool:
        """True as soon as ``bell`` rang, False after ``timeout_s`` of transport time.

        With ``since`` every ring after that mark counts, so several who look and wait on one bell
        never miss any. Without it a ring counts that nobody has woken to yet.
        """

    async def take(self, name: str, limits: Limits, reserve: int = 0) -> float:
        """0.0 when a token of bucket ``name`` was taken, else business seconds to wait.

        ``limits`` are sliding windows (count, seconds), the same at each call for a bucket;
        ``reserve`` tokens of each are kept back for those who pass 0.

        Raises: ValueError, if a window is not positive or the reserve leaves nothing of it.
        """

    async def get(self, name: str) -> tuple[str, datetime] | None:
        """The value kept under ``name`` and the business time it ends, or None."""

    async def put(self, name: str, token: str, until: datetime) -> None:
        """Keep ``token`` (or any short text) until then, or until memory is short."""

    async def drop(self, name: str) -> None:
        """Forget it."""

    async def close(self) -> None:
        """Give connections back; the object is not used afterwards."""


class InProcess:
    """Coordination of one process with itself."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._board = BellBoard()
        self._taken = TakenTokens()
        self._cache = SmallCache()

    async def start(self) -> None:
        """Nothing to begin."""

    async def ring(self, bell: str) -> None:
        """Wake who waits for ``bell``; if nobody does, who waits next."""
        self._board.ring(bell)

    def mark(self) -> int:
        """A mark of this moment for ``wait(since=…)``."""
        return self._board.mark()

    async def wait(self, bell: str, timeout_s: float, since: int | None = None) -> bool:
        """True as soon as ``bell`` rang, False after ``timeout_s``."""
        return await self._board.wait(bell, timeout_s, since)

    async def take(self, name: str, limits: Limits, reserve: int = 0) -> float:
        """0.0 when a token was taken, else business seconds to wait."""
        windows, at = windows_of(limits, reserve), microseconds(self._now())
        wait = self._taken.wait_us(name, windows, at)
        if wait == 0:
            self._taken.add(name, windows, at)
        return wait / 1e6

    def remember(self, name: str, limits: Limits, at: datetime) -> None:
        """A token was taken then, by a life of this program that has ended."""
        self._taken.add(name, windows_of(limits, 0), microseconds(at))

    async def get(self, name: str) -> tuple[str, datetime] | None:
        """The value kept under ``name`` and its end, or None."""
        return self._cache.get(name, self._now())

    async def put(self, name: str, token: str, until: datetime) -> None:
        """Keep ``token`` until then."""
        self._cache.put(name, token, until)

    async def drop(self, name: str) -> None:
        """Forget it."""
        self._cache.drop(name)

    async def close(self) -> None:
        """Nothing to give back."""


@dataclass
class _Bell:
    rung: int = 0  # number of its last ring
    answered: int = 0  # somebody without a mark has woken to the rings up to this one
    waiting: set[asyncio.Future[None]] = field(default_factory=set)


class BellBoard:
    """Bells of one process; rings carry one running number, so that a ring is never lost.

    Remembers some thousand bells and then forgets the longest unused: its cost is one poll.
    """

    def __init__(self) -> None:
        self._count = 0
        self._bells: OrderedDict[str, _Bell] = OrderedDict()

    def mark(self) -> int:
        """Number of the last ring of any bell."""
        return self._count

    def ring(self, name: str) -> None:
        """Wake everybody who waits for ``name``."""
        self._count += 1
        self._sound(self._bell(name))

    def ring_all(self) -> None:
        """Wake everybody, also who waits next: rings from elsewhere may have been missed."""
        self._count += 1
        for bell in self._bells.values():
            self._sound(bell)

    async def wait(self, name: str, timeout_s: float, since: int | None) -> bool:
        """True as soon as ``name`` rang (see ``Coordination.wait``), False after ``timeout_s``."""
        bell = self._bell(name)
        if bell.rung > (bell.answered if since is None else since):
            # Let the others who began to wait in this same tick see the ring, too.
            await asyncio.sleep(0)
        elif not await _sounds(bell, timeout_s):
            return False
        if since is None:
            bell.answered = bell.rung
        return True

    def _sound(self, bell: _Bell) -> None:
        bell.rung = self._count
        for waiter in bell.waiting:
            if not waiter.done():
                waiter.set_result(None)

    def _bell(self, name: str) -> _Bell:
        bell = self._bells.setdefault(name, _Bell())
        self._bells.move_to_end(name)
        while len(self._bells) > _BELLS_KEPT:
            oldest, idle = next(iter(self._bells.items()))
            if idle.waiting:
                self._bells.move_to_end(oldest)
                break
            del self._bells[oldest]
        return bell


async def _sounds(bell: _Bell, timeout_s: float) -> bool:
    waiter = asyncio.get_running_loop().create_future()
    bell.waiting.add(waiter)
    try:
        await asyncio.wait([waiter], timeout=timeout_s)
    finally:
        bell.waiting.discard(waiter)
    return waiter.done()


@dataclass(frozen=True)
class Window:
    """At most ``free`` tokens in any span of ``span_us`` microseconds, for this caller."""

    free: int
    span_us: int


def windows_of(limits: Limits, reserve: int) -> tuple[Window, ...]:
    """The windows that a caller sees who leaves ``reserve`` tokens to others.

    Raises: ValueError, if a window is not positive or the reserve leaves nothing of it.
    """
    if reserve < 0 or any(count <= reserve or seconds <= 0 for count, seconds in limits):
        raise ValueError(f"limits {limits} leave nothing beside a reserve of {reserve}")
    return tuple(Window(count - reserve, seconds * 1_000_000) for count, seconds in limits)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970; exact, which floats of seconds are not."""
    return (moment - _EPOCH) // _MICROSECOND


class TakenTokens:
    """When tokens of each bucket were taken, kept as long as its longest window looks back."""

    def __init__(self) -> None:
        self._taken: OrderedDict[str, tuple[list[int], int]] = OrderedDict()

    def wait_us(self, name: str, windows: Sequence[Window], at: int) -> int:
        """0 if every window has a token free at ``at``, else microseconds until each has."""
        moments, _ = self._taken.get(name, ([], 0))
        full = [window for window in windows if len(moments) >= window.free]
        return max([0, *(moments[-window.free] + window.span_us - at for window in full)])

    def add(self, name: str, windows: Sequence[Window], at: int) -> None:
        """Note a token taken at ``at``."""
        span = max((window.span_us for window in windows), default=0)
        moments, _ = self._taken.setdefault(name, ([], span))
        del moments[: bisect_right(moments, at - span)]
        insort(moments, at)
        self._taken.move_to_end(name)
        self._forget_idle(at)

    def _forget_idle(self, at: int) -> None:
        oldest, (moments, span) = next(iter(self._taken.items()))
        if moments[-1] <= at - span:
            del self._taken[oldest]


class SmallCache:
    """Some thousand values with an end in business time; the oldest go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    def get(self, name: str, now: datetime) -> tuple[str, datetime] | None:
        """Value and end, or None if there is none or ``now`` is its end or later."""
        kept = self._kept.get(name)
        return kept if kept is not None and now < kept[1] else None

    def put(self, name: str, value: str, until: datetime) -> None:
        """Keep ``value``."""
        self._kept[name] = (value, until)
        self._kept.move_to_end(name)
        if len(self._kept) > _CACHE_KEPT:
            self._kept.popitem(last=False)

    def drop(self, name: str) -> None:
        """Forget it."""
        self._kept.pop(name, None)
