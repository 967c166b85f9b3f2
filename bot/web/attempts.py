"""Tries that went wrong (试错): counted per address, over all processes where there is Redis.

What is right always goes through: behind a proxy a whole station has one address, and nobody must
be able to shut it out by guessing. Who guesses hears 429 with the seconds to wait. What may be
used once is spent here too. Called by the logins and the interface of tickets.
"""

import math

from aiohttp import web

from bot.lines import line_of
from bot.wecom.channel import Buckets

MOST = ((20, 60),)
_ONCE = ((1, 600),)


class Attempts:
    """Over the buckets that all processes share."""

    def __init__(self, buckets: Buckets) -> None:
        self._buckets = buckets

    async def failed(self, request: web.Request, door: str) -> None:
        """Count one that went wrong. Raises: 429 after ``MOST`` of them."""
        wait = await self._buckets.take(f"tried:{door}:{line_of(request.remote or '')}", MOST)
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise web.HTTPTooManyRequests(
                text=f"试得太多了，请等 {seconds} 秒再来，从企业微信里的卡片重新打开。",
                headers={"Retry-After": str(seconds)},
            )

    async def is_first(self, name: str) -> bool:
        """True for the first use of ``name``; it is remembered for ten minutes."""
        return await self._buckets.take(f"once:{name}", _ONCE) == 0
