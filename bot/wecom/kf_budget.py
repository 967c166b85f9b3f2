"""What may be said to a WeChat customer, and when (微信客服的额度): five messages in 48 hours.

The last two of five are kept for the result and the question how it was; danger may take any that
is left. While a human holds the session the program is silent there. Pure: ``bot.wecom.kf`` asks,
the engine remembers (``KfBooks``).
Source: https://developer.work.weixin.qq.com/document/path/94677.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from bot.events import Event
from bot.messages import Weight

MOST = 5
RESERVE = 2
WINDOW = timedelta(hours=48)
NEW, BOT, POOL, HUMAN, ENDED = range(5)
OURS = (NEW, BOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One customer's session: her last words, what was said since, who holds it (0..4)."""

    heard_at: datetime | None = None
    said: int = 0
    state: int = NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One row of ``sync_msg``: the event in it, if any, and what it tells of the session."""

    chat: str
    at: datetime
    event: Event | None = None
    spoke: bool = False
    state: int | None = None
    shut: bool = False


class KfBooks(Protocol):
    """What is remembered over restarts and processes; every method may raise OSError."""

    async def cursor(self, account: str) -> str:
        """Where reading goes on; empty when it begins or was lost."""

    async def keep(self, account: str, found: Sequence[Found], cursor: str) -> None:
        """Store a page; the cursor moves with its last row, so that nothing is skipped."""

    async def learned(self, found: Found) -> None:
        """Store what the door found out by itself, with what it tells of the session."""

    async def standing(self, chat: str) -> Standing:
        """How that customer's session stands."""

    async def said(self, chat: str) -> None:
        """WeCom took one message."""

    async def shut(self, chat: str) -> None:
        """WeCom takes none until she speaks again."""

    async def stands(self, chat: str, state: int) -> None:
        """WeCom says who holds the session."""


class Verdict(Enum):
    """What becomes of words now."""

    SEND = "send"
    DROP = "drop"
    OTHER_WAY = "other way"


def left_of(standing: Standing, now: datetime) -> int:
    """How many messages WeCom still takes."""
    if standing.heard_at is None or now - standing.heard_at >= WINDOW:
        return 0
    return 0 if standing.state == ENDED else max(0, MOST - standing.said)


def verdict(standing: Standing, weight: Weight, danger: bool, now: datetime) -> Verdict:
    """Send, let fall, or find another way."""
    if standing.state in (POOL, HUMAN):
        falls = weight in (Weight.ANSWER, Weight.PROGRESS) and not danger
        return Verdict.DROP if falls else Verdict.OTHER_WAY
    kept = 0 if danger or weight is Weight.CLOSING else RESERVE
    if left_of(standing, now) > kept:
        return Verdict.SEND
    return Verdict.DROP if weight is Weight.PROGRESS and not danger else Verdict.OTHER_WAY
