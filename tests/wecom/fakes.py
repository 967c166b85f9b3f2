"""Small stand-ins for the machine behind the doors: ears, buckets, tokens, a clock that stands."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.events import Event, ReplyHandle
from bot.messages import Message, Outgoing

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"


class Clock:
    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment

    def pass_s(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class ListeningEars:
    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.faults: deque[OSError] = deque()
        self.replies: dict[str, Message] = {}

    async def hear(self, event: Event) -> bool:
        if self.faults:
            raise self.faults.popleft()
        is_new = event.key not in {known.key for known in self.heard}
        if is_new:
            self.heard.append(event)
        return is_new

    async def answer(self, key: str, within_s: float) -> Message | None:
        assert 0 <= within_s <= 4.0
        return self.replies.get(key)


class OpenBuckets:
    def __init__(self) -> None:
        self.taken: list[tuple[str, int]] = []
        self.wait_s = 0.0

    async def take(self, name: str, limits: tuple[tuple[int, int], ...], reserve: int = 0) -> float:
        assert limits == ((30, 70), (1000, 3610))
        self.taken.append((name, reserve))
        return self.wait_s


class DictTokens:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, datetime]] = {}

    async def get(self, name: str) -> tuple[str, datetime] | None:
        return self.kept.get(name)

    async def put(self, name: str, token: str, until: datetime) -> None:
        self.kept[name] = (token, until)

    async def drop(self, name: str) -> None:
        self.kept.pop(name, None)


def row(
    message: Message,
    chat: str,
    reply: ReplyHandle | None = None,
    *,
    key: str = "row-1",
    danger: bool = False,
    inherited: bool = False,
) -> Outgoing:
    return Outgoing(
        id=1, key=key, lane="", chat=chat, message=message, reply=reply, danger=danger,
        inherited=inherited,
    )  # fmt: skip


async def until(true: Callable[[], bool], within_s: float = 5.0) -> None:
    """Polls a real condition; fails when it does not come true in time."""
    async with asyncio.timeout(within_s):
        while True:
            if true():
                return
            await asyncio.sleep(0.005)
