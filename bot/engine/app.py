"""The whole machine of one process (整机): builds its loops, starts and stops them in order.

Start: database, writer, leases, worker, senders, clock. Stop: ears close, work drains, leases are
given back. A process may run some of the loops only; where several live, the leases say who does
what. Also answers ``quiet``: whether anything is still under way, and what comes next.
"""

import asyncio
import contextlib
import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.domain import clocks
from bot.engine.belfry import Belfry
from bot.engine.bells import Bell
from bot.engine.clock import Clock, Ticker
from bot.engine.ground import Ground
from bot.engine.group_rules import GroupRules
from bot.engine.keeper import RENEW_ALONE_S, RENEW_S, Keeper
from bot.engine.lanes import Lanes, Plan, always
from bot.engine.listener import Listener
from bot.engine.measures import Measures
from bot.engine.part import Part
from bot.engine.plug import Plug
from bot.engine.worker import Worker
from bot.lines import PARTITIONS
from bot.wecom.channel import Lane
from config.rules import Rules
from config.vocabulary import Loop
from storage import inbox, leases, outbox, timers
from storage.database import Database
from storage.ledger import Ledger
from storage.sealed import Seal
from storage.session import Db
from storage.writer import Writer

log = logging.getLogger(__name__)
HUSH_S, DRAIN_S = 3.0, 6.0
"""At most each; hanging up between them takes up to five more where nothing answers."""


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
        self.ledger: Ledger[Any] = Ledger()
        self.measures = Measures()
        self.stopping = False
        self.offline_s: Callable[[], float] = lambda: 0.0
        """How long the robot's own connection has been away; the roof knows."""
        self.writer = Writer(database, window_s)
        self.writer.committed = self.measures.commits.observe
        self.belfry = Belfry()
        self.listener = Listener(
            database, self.writer, self.db_of, clock.now, self.current_rules, self.belfry
        )
        self.keeper: Keeper | None = None
        self.lanes: Lanes | None = None
        self.worker: Worker | None = None
        self.ticker: Ticker | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def db_of(self, conn: object) -> Db:
        """A connection together with the keys."""
        return Db(conn, self.seal)  # type: ignore[arg-type]  # the writer hands a Connection

    def reader_of(self, conn: object) -> Db:
        """The same for a connection that sees only what was committed: it remembers figures."""
        return Db(conn, self.seal, ledger=self.ledger)  # type: ignore[arg-type]  # as above

    def current_rules(self) -> Rules:
        """Today's rules in force, with the registry of groups over them.

        A reload swaps ``rules`` whole; who has taken a value goes on with it to the end.
        """
        return self.groups.over(self.rules).on(self.clock.now().astimezone(clocks.ZONE).date())

    def take_rules(self, rules: Rules, jobs: Mapping[str, str]) -> None:
        """From the next event on ``rules`` are in force, their cron hours and their lanes."""
        names = self.rules.lanes if self.lanes is None else self.lanes.follow(rules)
        self.rules = replace(rules, lanes=names)
        if self.lanes is not None:
            self.lanes.begin()
        self.plug = replace(self.plug, jobs=jobs)
        if self.ticker is not None:
            self.ticker.take_jobs(jobs)
            self.belfry.tell([leases.CLOCK])

    async def start(self, lanes: list[Lane], *plans: Plan, part: Part | None = None) -> None:
        """Start writer, leases, and what is ours of worker, senders and clock.

        ``plans`` name more lanes by the rules in force.
        """
        part = part or Part()
        self.writer.start()
        self.belfry.open(part.bells)
        work_bell, tick_bell = self._hung(part.loops)
        keeper = self.keeper = self._new_keeper(part)
        ground = self._ground(keeper)
        self.belfry.calls_out = lambda name: keeper.others > 0 and not ground.holds(name)
        self.lanes = Lanes((always(lanes), *plans), ground, part.serves)
        self.rules = replace(self.rules, lanes=self.lanes.follow(self.rules))
        await keeper.renew()
        self._tasks = [asyncio.create_task(keeper.run())]
        self._tasks.append(asyncio.create_task(self.measures.beat()))
        if Loop.WORK in part.loops:
            self.worker = Worker(ground, work_bell)
            self.worker.refresh = self.groups.refresh
            self._tasks.append(asyncio.create_task(self.worker.run()))
        self.lanes.begin()
        if Loop.TICK in part.loops:
            self.ticker = self._clockwork(tick_bell)
            ticking = self.ticker.run(lambda: ground.holds(leases.CLOCK))
            self._tasks.append(asyncio.create_task(ticking))

    def _hung(self, loops: frozenset[Loop]) -> tuple[Bell, Bell]:
        """The bells of worker and clock, for the leases that this process seeks."""
        work_bell, tick_bell = Bell(), Bell()
        for number in range(PARTITIONS) if Loop.WORK in loops else ():
            self.belfry.hang(leases.partition(number), work_bell)
        if Loop.TICK in loops:
            self.belfry.hang(leases.CLOCK, tick_bell)
        return work_bell, tick_bell

    def _new_keeper(self, part: Part) -> Keeper:
        every_s = RENEW_ALONE_S if self.database.is_sqlite else RENEW_S
        names = tuple(loop for loop in Loop if loop in part.loops)
        wake, seeks = self.belfry.ring_all, self.belfry.names
        good_s = math.inf if self.database.is_sqlite else leases.TTL_S  # nobody else can be there
        return Keeper(
            self.writer, seeks, wake, loops=names, head=part.head, every_s=every_s, good_s=good_s
        )

    def _ground(self, keeper: Keeper) -> Ground:
        return Ground(
            self.database,
            self.writer,
            self.db_of,
            self.reader_of,
            self.clock.now,
            self.current_rules,
            lambda: self.plug,
            keeper,
            self.belfry,
            self.measures,
        )

    def _clockwork(self, bell: Bell) -> Ticker:
        return Ticker(self.database, self.db_of, self.clock, self.listener, self.plug.jobs, bell)

    async def hush(self, lane: str) -> None:
        """That lane begins nothing more, and what it has on the wire is acknowledged."""
        if self.lanes is None:
            return
        self.lanes.close(lane)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HUSH_S):
                while self.lanes.sending(lane):  # noqa: ASYNC110 ends with one of many sends
                    await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Let started work finish, give the leases back, end the writer.

        Alone, what waits is done first as well; where others live it is theirs.
        """
        self.stopping = True
        with contextlib.suppress(TimeoutError, SQLAlchemyError):
            async with asyncio.timeout(DRAIN_S):
                while await self._drains():  # noqa: ASYNC110 looks at the database
                    await asyncio.sleep(0.05)
        if self.lanes is not None:
            await self.lanes.stop()
        await self.belfry.close()
        for task in reversed(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.writer.stop()
        self.database.close()

    def _begin_nothing(self) -> None:
        if self.worker is not None:
            self.worker.is_closing = True
        if self.lanes is not None:
            self.lanes.close()

    async def _drains(self) -> bool:
        if self.keeper is not None and self.keeper.others:
            self._begin_nothing()
            return any(self._own().values())
        return bool((await self.quiet()).waiting_for)

    def _own(self) -> dict[str, int]:
        """What is under way in this process alone."""
        return {
            "turns": self.worker.running if self.worker else 0,
            "sending": self.lanes.sending() if self.lanes else 0,
        }

    def failed(self) -> BaseException | None:
        """The fault of a loop that ended, which it never should."""
        for task in self._tasks:
            if task.done() and not task.cancelled():
                return task.exception() or RuntimeError("a loop ended")
        return self.lanes.failed() if self.lanes else None

    def push_to(self, moment: datetime) -> None:
        """Move business time forward and look at once what falls due."""
        self.clock.push_to(moment)
        self.belfry.ring_all()

    async def quiet(self) -> Quiet:
        """What is under way now, and the next moment at which something falls due."""
        hearing = self.listener.hearing
        hour = self.ticker.next_hour() if self.ticker else None
        waiting, now, due, postponed, timer = await self.database.read(self._in_database)
        upcoming = min((m for m in (timer, hour) if m is not None), default=None)
        named = {
            "hearing": hearing + self.listener.hearing,
            "inbox": waiting,
            "outgoing": due,
            **self._own(),
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
        closed = self.lanes.closed if self.lanes else ()
        due, postponed = outbox.count_due(db, now, closed), outbox.next_due(db, now)
        return waiting, now, due, postponed, timers.earliest(db)
