"""Whether the long connection should stand now (在线不在线): stopped, wanted, invited back.

The lease says ``want``; a newer connection makes its owner wait until it is ``invited`` back; and
``stop`` ends everything. Kept apart from ``bot.wecom.aibot``, which connects.
"""

import asyncio
import contextlib


class Presence:
    """The three wishes of others, and waiting for them."""

    def __init__(self) -> None:
        self._stopping, self._invited = asyncio.Event(), asyncio.Event()
        self._wanted, self._dropped = asyncio.Event(), asyncio.Event()
        self._wanted.set()

    @property
    def is_stopping(self) -> bool:
        """Whether ``stop`` was said."""
        return self._stopping.is_set()

    @property
    def is_wanted(self) -> bool:
        """Whether the line is this process's to hold."""
        return self._wanted.is_set()

    def stop(self) -> None:
        """End for good."""
        self._stopping.set()

    def want(self, is_ours: bool) -> None:
        """The line is ours, or it is not; what waits for the other hears it."""
        now, before = (self._wanted, self._dropped) if is_ours else (self._dropped, self._wanted)
        before.clear()
        now.set()

    def invite(self) -> None:
        """Whoever was sent away may come back."""
        self._invited.set()

    async def over(self, life: asyncio.Task[None]) -> None:
        """Returns when we should leave. Raises: what ends ``life``, when that comes before."""
        await _first_of(self._stopping, self._dropped, life=life)
        if life.done():
            life.result()

    async def invited(self, after_s: float) -> None:
        """Returns at the first invitation from now on, not before ``after_s``; or as ``pause``."""
        self._invited.clear()
        await self.pause(after_s)
        await _first_of(self._invited, self._stopping, self._dropped)

    async def wanted(self) -> None:
        """Returns when the line is ours again, or when we stop."""
        await _first_of(self._wanted, self._stopping)

    async def pause(self, seconds: float) -> None:
        """Returns after ``seconds``, or as soon as we should leave."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await _first_of(self._stopping, self._dropped)


async def _first_of(*events: asyncio.Event, life: asyncio.Task[None] | None = None) -> None:
    """Returns when one of the events is set or ``life`` has ended."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        ends = {*waits, life} if life is not None else set(waits)
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
