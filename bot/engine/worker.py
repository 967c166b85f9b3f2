"""The worker (干活): takes the oldest undone events and gives each its Turn.

One at a time per conversation, many conversations at once. One commit holds tickets, journal,
timers, outgoing rows and the event's ``done_at``. ``Refused`` is answered under a fresh
savepoint; ``Later`` and bugs hold only younger events of the same conversation, and never one in
which the danger scan fired. After five tries an event is parked and the operator is told.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.reading import GridNames, Reading, read
from bot.door_events import Filed
from bot.engine.behind import Behind
from bot.engine.bells import Bell
from bot.engine.ground import Ground
from bot.engine.plug import Plug
from bot.events import OVERHEARD, Event, Heard, unpack
from bot.lines import PARTITIONS, partition_of
from bot.turn import Turn
from config.faults import Later, Refused
from config.rules import Rules
from storage import inbox, leases
from storage.database import is_away
from storage.inbox import AlreadyDone, Pending
from storage.leases import LeaseLost
from storage.session import Db

log = logging.getLogger(__name__)
current = ContextVar("current", default="")
BACKOFF_S = (0.0, 0.1, 0.3, 0.6, 1.0)
MOST_AT_ONCE = 64
MOST_ROWS = 256
POLL_S = 1.0
LONGEST_TEXT = 10_000


class Worker:
    """Handles the events of the partitions whose leases this process holds."""

    def __init__(self, ground: Ground, bell: Bell) -> None:
        self._on = ground
        self._bell = bell
        self._busy: dict[str, int] = {}
        self._held: dict[int, tuple[str, float]] = {}
        self._just_tried: set[int] = set()
        self._behind = Behind()
        self.running = 0
        self.is_closing = False
        """Begin nothing more; what runs is finished."""
        self.refresh: Callable[[Db], None] = lambda _db: None
        """Reads what the rules take from the database, before work is looked for."""

    async def run(self) -> None:
        """Work for ever; cancelled at a clean stop, when started Turns still finish."""
        async with asyncio.TaskGroup() as group:
            while True:
                started = await self._round(group)
                if not started:
                    await self._bell.wait(self._nap_s())

    async def _round(self, group: asyncio.TaskGroup) -> bool:
        """Start what can start now; True when something was started."""
        partitions = [p for p in range(PARTITIONS) if self._on.holds(leases.partition(p))]
        if not partitions or self.is_closing or self.running >= MOST_AT_ONCE:
            return False
        self._just_tried.clear()  # a row that ends while we read would look undone
        closed = self._closed_lines()
        try:
            rows, dangers = await self._on.database.read(
                lambda conn: self._look(self._on.db_of(conn), partitions, closed)
            )
            if dangers:
                await self._mark(dangers)
        except Exception as fault:
            log.warning("the worker waits for the database: %s", type(fault).__name__)
            await asyncio.sleep(POLL_S)
            return False
        ready = self._ready(rows)
        for row in ready:
            self._busy[row.line] = row.id
            self.running += 1
            group.create_task(self._one(row))
        return bool(ready)

    def _look(
        self, db: Db, partitions: list[int], closed: list[str]
    ) -> tuple[list[Pending], list[int]]:
        """What may be taken up, and in which rows behind a held one danger was just seen."""
        self.refresh(db)
        rows = inbox.undone(db, partitions, MOST_ROWS, closed)
        held = dict(self._held)
        lines = {line for line, _ in held.values()}
        return rows, self._behind.dangers(db, lines, held, self._on.rules())

    async def _mark(self, rows: list[int]) -> None:
        """Danger passes what is held: the next round takes it up."""
        try:
            await self._on.write(lambda db: inbox.mark_dangerous(db, rows))
        except BaseException:
            self._behind.again(rows)
            raise
        self._bell.ring()

    def _closed_lines(self) -> list[str]:
        """Conversations that are at work or held: of these only danger is looked for."""
        clock = asyncio.get_running_loop().time()
        self._held = {row_id: held for row_id, held in self._held.items() if held[1] > clock}
        return [*self._busy, *(line for line, _ in self._held.values())]

    def _ready(self, rows: list[Pending]) -> list[Pending]:
        """At most one event per conversation: its oldest; danger passes one that is held."""
        chosen: dict[str, Pending] = {}
        behind: set[str] = set()
        for row in rows:
            if row.line in self._busy or row.line in chosen:
                continue
            if row.id in self._held or row.id in self._just_tried:
                behind.add(row.line)
            elif row.danger or row.line not in behind:
                chosen[row.line] = row
        return list(chosen.values())[: MOST_AT_ONCE - self.running]

    def _nap_s(self) -> float:
        clock = asyncio.get_running_loop().time()
        waits = [until - clock for _, until in self._held.values() if until > clock]
        return min([POLL_S, *waits])

    async def _one(self, row: Pending) -> None:
        current.set(row.key)
        try:
            await self._handle(row)
        except (AlreadyDone, LeaseLost) as lost:
            log.info("left id=%s: %s", row.key, type(lost).__name__)
            self._hold(row, POLL_S)
        finally:
            self._just_tried.add(row.id)
            self._busy.pop(row.line, None)
            self.running -= 1
            self._bell.ring()

    async def _handle(self, row: Pending) -> None:
        began = asyncio.get_running_loop().time()
        outcome = "lost"
        try:
            outcome = await self._outcome(row)
        finally:
            spent = asyncio.get_running_loop().time() - began
            self._on.measures.turns[outcome].observe(spent)
        if outcome == "done":
            ms = round(spent * 1000)
            about = {"kind": row.kind, "line": row.line, "ms": ms, "outcome": outcome}
            log.info(
                "handled %s id=%s line=%s %dms",
                row.kind, row.key, row.line, ms, extra={"about": about},
            )  # fmt: skip

    async def _outcome(self, row: Pending) -> str:
        """How this try ended. Raises: AlreadyDone, LeaseLost."""
        try:
            event = unpack(row.payload)
            rules = self._on.rules()
            reading = await asyncio.to_thread(reading_of, event, rules)
            known = await self._read_ahead(event, rules)
            answer = await self._on.write(
                lambda db: self._turn(db, row, event, rules, reading, known)
            )
            self._on.belfry.answered(row.key, answer)
        except (AlreadyDone, LeaseLost):
            raise
        except Later as later:
            self._hold(row, later.delay_s)
            return "held"
        except Exception as fault:
            await self._failed(row, fault)
            return "bug"
        return "done"

    async def _read_ahead(self, event: Event, rules: Rules) -> dict[Hashable, object]:
        """What its Turn would read for long, read beside the writer; for most events nothing."""
        read = self._on.plug().ahead(event, rules)
        if read is None:
            return {}
        now, db_of = self._on.now(), self._on.reader_of
        return await self._on.database.read(
            lambda conn: known_ahead(read, Turn(db_of(conn), rules, event, now))
        )

    def _turn(
        self,
        db: Db,
        row: Pending,
        event: Event,
        rules: Rules,
        reading: Reading | None,
        known: dict[Hashable, object],
    ) -> str:
        """The whole Turn inside the writer's savepoint; its packed passive answer."""
        self._on.keeper.fence(db.conn, leases.partition(partition_of(row.line)))
        turn = take_turn(self._on.plug(), db, rules, event, self._on.now(), reading, known)
        inbox.done(db, row.id, self._on.now(), turn.passive, row.key)
        return turn.passive

    async def _failed(self, row: Pending, fault: Exception) -> None:
        """Wait for a database that is away; else it is a bug, and the try counts."""
        try:
            if not is_away(fault):
                await self._count(row, fault)
                return
        except SQLAlchemyError as later:
            fault = later
        log.warning("id=%s waits for the database: %s", row.key, type(fault).__name__)
        self._hold(row, POLL_S)

    async def _count(self, row: Pending, fault: Exception) -> None:
        """Count a try; after the fifth, park the event and tell the operator."""
        if row.tries == 0:
            log.error("bug in id=%s", row.key, exc_info=fault)
        if row.tries + 1 < len(BACKOFF_S):
            self._hold(row, BACKOFF_S[row.tries + 1])
            await self._on.write(lambda db: inbox.failed(db, row.id, None))
            return
        about = {"kind": row.kind, "line": row.line, "outcome": "dead"}
        log.error("parked id=%s after %d tries", row.key, row.tries + 1, extra={"about": about})
        try:
            await self._on.write(lambda db: self._bury(db, row, self._on.plug().dead))
        except (LeaseLost, SQLAlchemyError):
            raise
        except Exception:  # the line moves on, even when nobody can be told of it
            log.exception("the operator could not be told of id=%s", row.key)
            await self._on.write(lambda db: self._bury(db, row, None))

    def _bury(self, db: Db, row: Pending, tell: Callable[[Turn, Event], None] | None) -> None:
        self._on.keeper.fence(db.conn, leases.partition(partition_of(row.line)))
        inbox.bury(db, row.id, self._on.now())
        if tell is not None:
            event = unpack(row.payload)
            tell(Turn(db, self._on.rules(), event, self._on.now()), event)

    def _hold(self, row: Pending, delay_s: float) -> None:
        self._held[row.id] = (row.line, asyncio.get_running_loop().time() + delay_s)


def known_ahead(read: Callable[[Turn], object], turn: Turn) -> dict[Hashable, object]:
    """What ``read`` has found; a refusal is left for the Turn itself to say."""
    with contextlib.suppress(Refused):
        read(turn)
    return turn.read_ahead


def take_turn(
    plug: Plug,
    db: Db,
    rules: Rules,
    event: Event,
    now: datetime,
    reading: Reading | None,
    known: dict[Hashable, object] | None = None,
) -> Turn:
    """The Turn of ``event``, handled under a savepoint; a refusal is answered by a fresh one."""
    turn = Turn(db, rules, event, now, reading, known)
    try:
        with db.conn.begin_nested():
            plug.handle(turn, event)
    except Refused as why:
        turn = Turn(db, rules, event, now, reading)
        plug.refused(turn, event, why)
    return turn


def reading_of(event: Event, rules: Rules) -> Reading | None:
    """What the message says, read before its Turn; None for events without words."""
    if isinstance(event, Filed):
        return read(event.words[:LONGEST_TEXT], event.at, None, rules.reading, addressed=True)
    if not isinstance(event, Heard):
        return None
    text = event.text[:LONGEST_TEXT]
    for name in rules.station.robot_names:
        text = text.replace(f"@{name}", " ")
    names = grid_names(rules, event.chat)
    addressed = event.door != OVERHEARD
    return read(text.strip(), event.at, names, rules.reading, addressed=addressed)


def grid_names(rules: Rules, chat: str) -> GridNames | None:
    """The estate and landmark names of the group's grid; None where there is no grid."""
    grid = rules.grid_of(chat)
    if grid is None:
        return None
    estates = tuple((estate.name, estate.aliases) for estate in grid.estates)
    return GridNames(community=grid.community, estates=estates, landmarks=grid.landmarks)
