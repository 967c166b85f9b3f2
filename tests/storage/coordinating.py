"""What both files of coordination tests need: a clock that stands still, an address, patience."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from storage.coordination_redis import OverRedis
from storage.sealed import Seal

SEAL = Seal({"k1": b"k" * 32}, "k1", b"h" * 32)
SITE = "demo"
SOON_S = 10.0  # an upper bound for what comes at once; no test waits for it unless it fails
SHORT_S = 0.05


class Clock:
    """Business time that moves only when told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Connect:
    """Makes processes that share the Redis at ``url``; ``close`` ends them all."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._made: list[OverRedis] = []

    def __call__(
        self,
        clock: Clock,
        *,
        site: str = SITE,
        seal: Seal = SEAL,
        share: float = 1.0,
        patience_s: float = 5.0,
        retry_s: float = 0.05,
    ) -> OverRedis:
        made = OverRedis(
            self._url,
            clock,
            site=site,
            seal=seal,
            share=share,
            patience_s=patience_s,
            retry_s=retry_s,
        )
        self._made.append(made)
        return made

    async def close(self) -> None:
        await asyncio.gather(*(made.close() for made in self._made))


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return once ``condition`` is true; fail after 10 s."""
    async with asyncio.timeout(SOON_S):
        while not await condition():  # noqa: ASYNC110 - what we poll lies in another process
            await asyncio.sleep(0.01)


def warnings_in(caplog: pytest.LogCaptureFixture, word: str) -> int:
    return sum(
        record.levelno == logging.WARNING and word in record.getMessage()
        for record in caplog.records
    )


async def said(caplog: pytest.LogCaptureFixture, words: str, times: int) -> bool:
    return sum(words in record.getMessage() for record in caplog.records) == times
