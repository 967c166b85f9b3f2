"""When both sides are quiet, and moving both clocks in step (静).

The simulator is quiet when no callback is under way, no call of the bot is being answered and the
bot has seen every frame sent to it. The bot says so itself at ``POST /-/time``. The control API
waits here after every say, press and step of the clock.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from simulator.clock import SimClock, iso, parse_moment
from simulator.world import Json

_POLL_S = 0.02
_ASK_TIMEOUT_S = 10.0


class NotQuiet(Exception):
    """Somebody was busy for too long; the text names who, ``answer`` is what was done before."""

    def __init__(self, why: str, answer: Json | None = None) -> None:
        super().__init__(why)
        self.answer = answer or {}


class Activity:
    """Counts what is under way inside the simulator."""

    def __init__(self) -> None:
        self.generation = 0
        self._busy: Counter[str] = Counter()

    @contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Not quiet as long as the block runs."""
        self.generation += 1
        self._busy[what] += 1
        try:
            yield
        finally:
            self.generation += 1
            self._busy[what] -= 1
            self._busy += Counter()

    def waiting_for(self) -> list[str]:
        """What is under way now."""
        return [f"simulator: {what}" for what in self._busy]


class BotTime:
    """The bot's ``/-/time``, or nobody when there is no bot URL.

    A bot may be several processes: ``beside`` are the addresses of the others.
    """

    def __init__(self, url: str | None) -> None:
        self.url = f"{url.rstrip('/')}/-/time" if url else None
        self.beside: tuple[str, ...] = ()
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, to: datetime | None = None) -> Json | None:
        """The bot's answer; None while one of it cannot be reached or answers nonsense."""
        urls = [str(self.url), *(f"{url.rstrip('/')}/-/time" for url in self.beside)]
        said = await asyncio.gather(*(self._ask(url, to) for url in urls))
        return _together([one for one in said if one]) if all(said) else None

    async def _ask(self, url: str, to: datetime | None) -> Json | None:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=_ASK_TIMEOUT_S)
            self._session = aiohttp.ClientSession(timeout=timeout)
        try:
            body = {"to": iso(to)} if to else {}
            async with self._session.post(url, json=body) as answer:
                said: Any = await answer.json() if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None
        return said if isinstance(said, dict) else None

    async def close(self) -> None:
        """Give the connections back."""
        if self._session:
            await self._session.close()


def _together(said: list[Json]) -> Json:
    """What several processes say as if it were one bot."""
    if len(said) == 1:
        return said[0]
    moments = [one["next"] for one in said if one.get("next")]
    seen: Counter[str] = Counter()
    for one in said:
        seen |= Counter(one.get("seen") or {})
    return {
        "now": max((one["now"] for one in said if one.get("now")), key=parse_moment, default=None),
        "quiet": all(one.get("quiet") for one in said),
        "next": min(moments, key=parse_moment, default=None),
        "waiting_for": [what for one in said for what in one.get("waiting_for") or ()],
        "seen": dict(seen),
    }


class Settler:
    """Waits for quiet and moves the clocks.

    ``frames_sent`` tells how many callback frames went over each robot's living connection.
    """

    def __init__(
        self,
        clock: SimClock,
        activity: Activity,
        bot: BotTime,
        frames_sent: Callable[[], dict[str, int]],
        limit_s: float,
    ) -> None:
        self._clock = clock
        self._activity = activity
        self._bot = bot
        self._frames_sent = frames_sent
        self._limit_s = limit_s
        self._moving = asyncio.Lock()

    async def settle(self) -> datetime | None:
        """Return when both are quiet; the moment of the bot's next timer, if any.

        Raises: NotQuiet, after the limit of real time.
        """
        deadline = time.monotonic() + self._limit_s
        while True:
            why, following = await self._look()
            if not why:
                return following
            if time.monotonic() > deadline:
                raise NotQuiet(", ".join(why))
            await asyncio.sleep(_POLL_S)

    async def _look(self) -> tuple[list[str], datetime | None]:
        before = self._activity.generation
        self._clock.run_due()
        why = self._activity.waiting_for()
        if why or self._bot.url is None:
            return why, None
        said = await self._bot.ask()
        if said is None:
            return ["bot: no answer at /-/time"], None
        self._keep_up_with(said)
        why = self._activity.waiting_for() + self._bot_busy(said)
        if not why and before != self._activity.generation:
            why = ["simulator: a call came in between"]
        following = said.get("next")
        return why, parse_moment(following) if following else None

    def _keep_up_with(self, said: Json) -> None:
        """Both sides live at the same moment: a bot that started later is not waited for."""
        if said.get("now"):
            self._clock.move_to(parse_moment(said["now"]))

    def _bot_busy(self, said: Json) -> list[str]:
        if not said.get("quiet"):
            return [f"bot: {said.get('waiting_for') or 'busy'}"]
        seen = said.get("seen")
        if seen is None:
            return []
        return [
            f"bot: frame {seen.get(robot, 0)} of {sent} seen by {robot}"
            for robot, sent in self._frames_sent().items()
            if seen.get(robot, 0) < sent
        ]

    async def advance(self, seconds: float) -> None:
        """Move both clocks by ``seconds``, stopping at every moment at which something is due.

        Raises: NotQuiet, when one of the waits took too long.
        """
        async with self._moving:
            await self.settle()
            target = self._clock.now() + timedelta(seconds=seconds)
            moved_at = time.monotonic()
            while True:
                bot_next = await self.settle()
                now = self._clock.now()
                if now >= target:
                    return
                if bot_next is None or bot_next > now:
                    moved_at = time.monotonic()
                elif time.monotonic() - moved_at > self._limit_s:
                    raise NotQuiet(f"bot: next stays in the past ({iso(bot_next)})")
                await self._move(self._stop_before(target, now, bot_next))

    async def jump(self, seconds: float) -> None:
        """Move the clock by ``seconds`` at once, whoever is away; nobody is waited for."""
        await self._move(self._clock.now() + timedelta(seconds=seconds))

    def _stop_before(self, target: datetime, now: datetime, bot_next: datetime | None) -> datetime:
        due = [one for one in (bot_next, self._clock.next_due()) if one is not None]
        return max(now + timedelta(milliseconds=1), min([target, *due]))

    async def _move(self, moment: datetime) -> None:
        self._clock.move_to(moment)
        if self._bot.url is not None:
            await self._bot.ask(moment)
        self._clock.run_due()
