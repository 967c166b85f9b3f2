"""A bell inside one process (铃): wakes a loop now instead of at its next poll.

Ringing twice before somebody listens is one ring; a ring before the wait is not lost.
"""

import asyncio


class Bell:
    """``ring`` wakes whoever waits; ``wait`` ends at a ring or after ``timeout_s``."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiter."""
        self._event.set()

    async def wait(self, timeout_s: float) -> bool:
        """True when it rang."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True
