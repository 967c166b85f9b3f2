"""Business time and what falls due (钟): real time plus an offset, timers and cron hours.

``Clock`` is the one source of ``now`` for everything people wait for; transport time-outs use the
loop's own monotonic clock. ``Ticker`` turns due timer rows and cron hours into events with
deterministic keys. Only the demo and the tests may push the clock.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.bells import Bell
from bot.engine.listener import Listener
from bot.events import Due, Scheduled
from storage import timers
from storage.database import Database
from storage.session import Db
from storage.timers import Timer

log = logging.getLogger(__name__)
ZONE = ZoneInfo("Asia/Shanghai")
AT_ONCE = 64  # timers of one commit: others wait for the writer no longer than that takes
LONGEST_NAP_S = 1.0
LEAP = timedelta(seconds=30)


def wall_time() -> datetime:
    """What the machine's clock shows; somebody may set it."""
    return datetime.now(UTC)


def passed_time() -> float:
    """Seconds that have passed since some moment, sleep of the machine included; nobody sets it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Clock:
    """Aware UTC now, moved by an offset; it flows at the real rate and never goes back.

    It shows what the machine's clock shows. Where that jumps by more than ``LEAP``, an hour of
    limits would be over at once, or none for an hour: then this clock goes there slowly, twice as
    fast as time (half as fast where the machine's went back), until both agree again.
    """

    def __init__(
        self,
        start: datetime | None = None,
        wall: Callable[[], datetime] = wall_time,
        passed: Callable[[], float] = passed_time,
    ) -> None:
        self._wall, self._passed = wall, passed
        self._offset = (start - wall()) if start else timedelta(0)
        self._lock = threading.Lock()
        self._shown, self._at = wall(), passed()
        self._strays = timedelta(0)

    def now(self) -> datetime:
        """Business now."""
        with self._lock:
            self._follow()
            return self._shown + self._offset

    def machine(self) -> datetime:
        """Business now by the machine's clock alone, as if every jump were followed at once."""
        return self._wall() + self._offset

    def strays(self) -> timedelta:
        """How far the machine's clock is ahead after a jump; zero once it has been followed."""
        self.now()
        return self._strays

    def push_to(self, moment: datetime) -> None:
        """Go forward to ``moment``; never back."""
        ahead = moment - self.now()
        if ahead > timedelta(0):
            self._offset += ahead

    def _follow(self) -> None:
        wall, at = self._wall(), self._passed()
        span = timedelta(seconds=max(0.0, at - self._at))
        ahead = wall - (self._shown + span)
        was_straying, is_leap = bool(self._strays), abs(ahead) > LEAP
        if is_leap and not was_straying:
            log.warning("the machine's clock jumped by %+.0f s", ahead.total_seconds())
        step = min(max(ahead, -span / 2), span) if is_leap or ahead < timedelta(0) else ahead
        self._shown, self._at = self._shown + span + step, at
        self._strays = ahead - step if is_leap else timedelta(0)


class Ticker:
    """Posts what falls due; one process holds it."""

    def __init__(
        self,
        database: Database,
        db_of: Callable[..., Db],
        clock: Clock,
        listener: Listener,
        jobs: Mapping[str, str],
        bell: Bell,
    ) -> None:
        self._database = database
        self._db_of = db_of
        self._clock = clock
        self._listener = listener
        self._bell = bell
        self._triggers = {
            name: CronTrigger.from_crontab(line, timezone=ZONE) for name, line in jobs.items()
        }
        self._next = {name: self._first(trigger) for name, trigger in self._triggers.items()}

    def take_jobs(self, jobs: Mapping[str, str]) -> None:
        """Other cron hours from now on; a job whose hour stays keeps its next one."""
        known, following = self._triggers, self._next
        self._triggers = {
            name: CronTrigger.from_crontab(line, timezone=ZONE) for name, line in jobs.items()
        }
        self._next = {
            name: following[name]
            if name in known and str(known[name]) == str(trigger)
            else self._first(trigger)
            for name, trigger in self._triggers.items()
        }

    async def run(self, may_tick: Callable[[], bool]) -> None:
        """Sweep for ever; ``may_tick`` says whether this process holds the clock."""
        while True:
            if may_tick():
                await self._guarded(self.sweep)
            await self._guarded(self._nap)

    async def sweep(self) -> None:
        """Post every timer and cron hour that is due now."""
        await self._sweep_cron()
        while batch := await self._database.read(self._due):
            await self._post(batch)

    def next_hour(self) -> datetime | None:
        """When the next cron hour comes."""
        return min(self._next.values(), default=None)

    async def next_moment(self) -> datetime | None:
        """When the next timer or cron hour falls due."""
        earliest = await self._database.read(lambda conn: timers.earliest(self._db_of(conn)))
        return min((m for m in (earliest, self.next_hour()) if m is not None), default=None)

    def _due(self, conn: object) -> list[Timer]:
        return timers.due(self._db_of(conn), self._clock.now(), AT_ONCE)

    async def _post(self, batch: list[Timer]) -> None:
        """Their events and their marks in one transaction."""
        now, ids = self._clock.now(), [timer.id for timer in batch]
        events = [due_event(timer) for timer in batch]
        await self._listener.hear_all(events, also=lambda db: timers.posted(db, ids, now))

    def _first(self, trigger: CronTrigger) -> datetime:
        first: datetime = trigger.get_next_fire_time(None, self._clock.now())
        return first.astimezone(UTC)

    async def _sweep_cron(self) -> None:
        now = self._clock.now()
        for name, moment in list(self._next.items()):
            if moment > now:
                continue
            hour = moment.astimezone(ZONE)
            await self._listener.hear(
                Scheduled(key=f"cron:{name}:{hour:%Y%m%d%H%M}", at=moment, job=name)
            )
            if name in self._triggers:  # a reload may have taken the job away meanwhile
                following = self._triggers[name].get_next_fire_time(moment, now)
                self._next[name] = following.astimezone(UTC)

    async def _nap(self) -> None:
        await self._bell.wait(await self._nap_s())

    async def _nap_s(self) -> float:
        moment = await self.next_moment()
        if moment is None:
            return LONGEST_NAP_S
        return min(LONGEST_NAP_S, max(0.0, (moment - self._clock.now()).total_seconds()))

    async def _guarded(self, step: Callable[[], Awaitable[None]]) -> None:
        """A database that is away now is asked again at the next nap."""
        try:
            await step()
        except (OSError, SQLAlchemyError) as fault:
            log.warning("the clock waits for the database: %s", type(fault).__name__)
            await asyncio.sleep(LONGEST_NAP_S)


def due_event(timer: Timer) -> Due:
    """The event of a timer that fell due; the same timer gives the same key."""
    return Due(
        key=f"timer:{timer.id}",
        at=timer.due_at,
        line=timer.line,
        timer=timer.id,
        kind=timer.kind,
        ticket=timer.ticket_id,
        data=timer.data,
    )
