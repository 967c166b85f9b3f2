"""Waiting for a condition that another process brings about: looks often, gives up at a deadline.

The one form of sleeping that tests may use. Called by stories, crash and interop tests.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

POLL_S = 0.02
Found = TypeVar("Found")


async def until(
    look: Callable[[], Awaitable[Found | None]], what: str, *, within_s: float = 60.0
) -> Found:
    """The first truthy answer of ``look``.

    Raises: AssertionError naming ``what`` after ``within_s``.
    """
    deadline = time.monotonic() + within_s
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:.0f} s: {what}")
        await asyncio.sleep(POLL_S)
