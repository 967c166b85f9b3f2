"""The whole machine in one process (整机): builds the loops, starts and stops them in order.

Start: database, writer, leases, worker, senders, clock. Stop: ears close, work drains, leases are
given back. Also answers ``quiet``: whether anything is still under way, and what comes next.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.domain import clocks
from bot.engine.bells import Bell
from bot.engine.clock import Clock, Ticker
from bot.engine.group_rules import GroupRules
from bot.engine.keeper import Keeper
from bot.engine.listener import Listener
from bot.engine.measures import Measures
from bot.engine.plug import Plug
from bot.engine.sender import Sender
from bot.engine.worker import Worker
from bot.wecom.channel import Lane
from config.rules import Rules
from storage import inbox, outbox, timers
from storage.database import Database
from storage.sealed import Seal
from storage.session import Db
from storage.writer import Writer

log = logging.getLogger(__name__)
DRAIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Quiet:
    """Whether nothing is under way, when the next thing falls due, and what is waited for."""

    now: datetime
    quiet: bool
    next: datetime | None
    waiting_for: tuple[str, ...]


class Engine:
    """Everything between the doors and the database."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        clock: Clock,
        rules: Rules,
        plug: Plug,
        window_s: float = 0.002,
    ) -> None:
        self.database = database
        self.seal = seal
        self.clock = clock
        self.rules = rules
        self.plug = plug
        self.groups = GroupRules()
        self.measures = Measures()
        self.stopping = False
        self.offline_s: Callable[[], float] = lambda: 0.0
        """How long the robot's own connection has been away; the roof knows."""
        self.writer = Writer(database, window_s)
        self.writer.committed = self.measures.commits.observe
        self.work_bell, self.tick_bell = Bell(), Bell()
        self.listener = Listener(
            database, self.writer, self.db_of, clock.now, self.current_rules, self.work_bell
        )
        self.keeper: Keeper | None = None
        self.senders: list[Sender] = []
        self._send_bells: list[Bell] = []
        self.worker: Worker | None = None
        self.ticker: Ticker | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def db_of(self, conn: object) -> Db:
        """A connection together with the keys."""
        return Db(conn, self.seal)  # type: ignore[arg-type]  # the writer hands a Connection

    def current_rules(self) -> Rules:
        """Today's rules in force, with the registry of groups over them.

        A reload swaps ``rules`` whole; who has taken a value goes on with it to the end.
        """
        return self.groups.over(self.rules).on(self.clock.now().astimezone(clocks.ZONE).date())

    def take_rules(self, rules: Rules, jobs: Mapping[str, str]) -> None:
        """From the next event on ``rules`` are in force, and their cron hours."""
        self.rules = replace(rules, lanes=self.rules.lanes)
        self.plug = replace(self.plug, jobs=jobs)
        if self.ticker is not None:
            self.ticker.take_jobs(jobs)
            self.tick_bell.ring()

    async def start(self, lanes: list[Lane]) -> None:
        """Start writer, leases, worker, senders and clock."""
        self.writer.start()
        sent = _Chime(self._send_bells, self.tick_bell)
        self.keeper = Keeper(self.writer, tuple(lane.name for lane in lanes), self.work_bell)
        await self.keeper.renew()
        parts = (self.database, self.writer, self.db_of, self.clock.now, self.current_rules)
        for lane in lanes:
            bell = Bell()
            self._send_bells.append(bell)
            sender = Sender(lane, *parts, self.plug, self.keeper, bell, sent)
            sender.refused = self.measures.refused
            self.senders.append(sender)
        self.worker = Worker(*parts, self.plug, self.keeper, self.work_bell, sent)
        self.worker.refresh = self.groups.refresh
        self.worker.measured = self._turned
        keeper, ticker = (
            self.keeper,
            Ticker(
                self.database, self.db_of, self.clock, self.listener, self.plug.jobs, self.tick_bell
            ),
        )
        self.ticker = ticker
        runs: list[Callable[[], object]] = [keeper.run, self.worker.run, self.measures.beat]
        runs += [sender.run for sender in self.senders]
        runs.append(lambda: ticker.run(lambda: keeper.epoch("clock") is not None))
        self._tasks = [asyncio.create_task(run()) for run in runs]  # type: ignore[arg-type]

    async def stop(self) -> None:
        """Let started work finish, give the leases back, end the writer."""
        self.stopping = True
        with contextlib.suppress(TimeoutError, SQLAlchemyError):
            async with asyncio.timeout(DRAIN_S):
                while (await self.quiet()).waiting_for:  # noqa: ASYNC110 looks at the database
                    await asyncio.sleep(0.05)
        for task in reversed(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.writer.stop()
        self.database.close()

    def _turned(self, outcome: str, seconds: float) -> None:
        self.measures.turns[outcome].observe(seconds)

    def failed(self) -> BaseException | None:
        """The fault of a loop that ended, which it never should."""
        for task in self._tasks:
            if task.done() and not task.cancelled():
                return task.exception() or RuntimeError("a loop ended")
        return None

    def push_to(self, moment: datetime) -> None:
        """Move business time forward and look at once what falls due."""
        self.clock.push_to(moment)
        self.tick_bell.ring()
        self.work_bell.ring()
        for bell in self._send_bells:
            bell.ring()

    async def quiet(self) -> Quiet:
        """What is under way now, and the next moment at which something falls due."""
        hearing = self.listener.hearing
        hour = self.ticker.next_hour() if self.ticker else None
        waiting, now, due, postponed, timer = await self.database.read(self._in_database)
        upcoming = min((m for m in (timer, hour) if m is not None), default=None)
        named = {
            "hearing": hearing + self.listener.hearing,
            "inbox": waiting,
            "turns": self.worker.running if self.worker else 0,
            "outgoing": due,
            "sending": sum(sender.sending for sender in self.senders),
            "clock": int(bool(upcoming and upcoming <= now)),
        }
        under_way = tuple(f"{name}={count}" for name, count in named.items() if count)
        moments = [m for m in (upcoming, postponed) if m is not None]
        return Quiet(now, not under_way, min(moments) if moments else None, under_way)

    def _in_database(
        self, conn: object
    ) -> tuple[int, datetime, int, datetime | None, datetime | None]:
        """What waits in one snapshot, taken before ``now`` so that nothing in it lies ahead."""
        db = self.db_of(conn)
        waiting = inbox.count_waiting(db)
        now = self.clock.now()
        due, postponed = outbox.count_due(db, now), outbox.next_due(db, now)
        return waiting, now, due, postponed, timers.earliest(db)


class _Chime(Bell):
    """One ring that rings many bells."""

    def __init__(self, bells: list[Bell], more: Bell) -> None:
        super().__init__()
        self._bells = bells
        self._more = more

    def ring(self) -> None:
        """Wake every sender and the clock."""
        for bell in (*self._bells, self._more):
            bell.ring()
