"""The archive's loop (存档拉取): pages of sealed rows become events, and the cursor goes with them.

One process pulls, under the lease ``lane:archive``. A page, its consents, its rows that did not
open and the new cursor are one transaction: a crash reads the page again, and the keys of the
events make that harmless. A row that does not open is set aside, told to the operator and tried
again when a key has come. Nothing here knows what a message means.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.door_events import Alarmed, Recalled
from bot.engine import archive_alarms
from bot.engine.app import Engine
from bot.engine.archive_consents import Ask, RoomConsents
from bot.engine.archive_sieve import Sieve
from bot.engine.bells import Bell
from bot.events import Event, Heard, Media
from bot.wecom.archive import PAGE, ArchiveSource, SealedRow, Unreadable
from bot.wecom.archive_keys import Keys
from bot.wecom.archive_rows import Consent, Line, Nothing, Recall, Said, line_in
from bot.wecom.errors import Gone, NotAllowed, Refusal, Unreachable, WeComFault
from config.vocabulary import ChatKind
from storage import archive
from storage.archive import Cursor, Parked
from storage.leases import LeaseLost
from storage.session import Db

log = logging.getLogger(__name__)
T = TypeVar("T")
LEASE = "lane:archive"
_SLACK = timedelta(minutes=10)
_REMEMBER_EVERY = timedelta(minutes=1)
_PARKED_KEPT = timedelta(days=30)
_LEAST_PAUSE_S = 0.1  # 600 calls a minute at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the archive is read; times are transport time."""

    corp_id: str
    robots: frozenset[str] = frozenset()
    reads_singles: bool = True
    needs_consent: bool = False
    poll_s: float = 5.0
    page: int = PAGE
    backoff_first_s: float = 1.0
    backoff_last_s: float = 30.0
    refused_pause_s: float = 60.0
    retry_parked_s: float = 3600.0
    media_waits_s: tuple[float, ...] = (0.0, 5.0, 30.0, 120.0)


@dataclass(slots=True)
class _Batch:
    """What a page comes to."""

    events: list[Event] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)


class Archive:
    """Reads the archive; ``wake`` looks at once; ``counts`` says what was passed over."""

    def __init__(
        self,
        engine: Engine,
        source: ArchiveSource,
        keys: Keys,
        plan: Plan,
        ask: Ask | None = None,
    ) -> None:
        self._engine = engine
        self._source = source
        self._keys = keys
        self._plan = plan
        self._bell = Bell()
        self._consents = RoomConsents(ask, engine.clock.now)
        self._stumbles = 0
        self._retry_at = 0.0
        self._versions: list[int] = []
        self.counts: Counter[str] = Counter()

    def wake(self) -> None:
        """WeCom says that there is something new (msgaudit_notify)."""
        self._bell.ring()

    async def run(self) -> None:
        """Pull for ever, whenever the lease is ours."""
        while True:
            await self._bell.wait(await self._round())

    async def fetch(self, medium: Media, limit_bytes: int) -> bytes:
        """The bytes of a file; one that WeCom does not have yet is asked for again.

        Raises: WeComFault.
        """
        if not medium.media_id:
            raise Refusal("no file to fetch")
        waits = self._plan.media_waits_s
        for wait_s in waits[:-1]:
            await asyncio.sleep(wait_s)
            try:
                return await self._source.media(medium.media_id, limit_bytes)
            except Unreachable as fault:
                log.info("a file of the archive is not there yet: %s", fault.errcode)
        await asyncio.sleep(waits[-1])
        return await self._source.media(medium.media_id, limit_bytes)

    async def _round(self) -> float:
        """Look once; how long to rest before the next look, in seconds."""
        keeper = self._engine.keeper
        if keeper is None or not keeper.holds(LEASE):
            return min(0.1, self._plan.poll_s)
        try:
            await self._retry_parked()
            is_full = await self.look()
        except (WeComFault, OSError, SQLAlchemyError, LeaseLost) as fault:
            return await self._stumbled(fault)
        self._stumbles = 0
        return _LEAST_PAUSE_S if is_full else self._plan.poll_s

    async def _stumbled(self, fault: Exception) -> float:
        plan = self._plan
        wait_s = min(plan.backoff_first_s * 2.0 ** min(self._stumbles, 10), plan.backoff_last_s)
        self._stumbles += 1
        log.warning("the archive rests %.1f s: %s", wait_s, fault)
        if not isinstance(fault, NotAllowed | Refusal | Gone):
            return wait_s
        try:
            await self._engine.listener.hear(
                archive_alarms.refused(fault, self._engine.clock.now())
            )
        except OSError as later:
            log.warning("the operator hears of it later: %s", later)
        return plan.refused_pause_s

    async def look(self) -> bool:
        """Take one page; True when it was full, so that there is more.

        Raises: WeComFault, OSError (cannot be stored now), LeaseLost.
        """
        plan, now = self._plan, self._engine.clock.now()
        found = await self._read(lambda db: archive.cursor(db, plan.corp_id))
        last = found or Cursor(seq=0, looked_at=now, begin=now - _SLACK)
        rows = await self._source.page(last.seq, plan.page)
        batch = await self._understood(rows, last.begin)
        batch.events += archive_alarms.hole(last.looked_at, now)
        to = replace(last, seq=max([last.seq, *(row.seq for row in rows)]), looked_at=now)
        if rows or batch.events or found is None or now - last.looked_at >= _REMEMBER_EVERY:
            await self._keep(batch, to)
        if rows:
            log.info(
                "archive page rows=%d events=%d parked=%d seq=%d",
                len(rows), len(batch.events), len(batch.parked), to.seq,
            )  # fmt: skip
        return len(rows) >= plan.page

    async def _retry_parked(self) -> None:
        """Rows that did not open: again after a while, and at once when a key has come."""
        clock = asyncio.get_running_loop().time()
        versions = await asyncio.to_thread(self._keys.versions)
        if versions == self._versions and clock < self._retry_at:
            return
        self._versions, self._retry_at = versions, clock + self._plan.retry_parked_s
        waiting = await self._read(lambda db: archive.parked(db, self._plan.page))
        last = await self._read(lambda db: archive.cursor(db, self._plan.corp_id))
        if not waiting or last is None:
            return
        batch = await self._understood([SealedRow.unpack(one.row) for one in waiting], last.begin)
        batch.events = [event for event in batch.events if not isinstance(event, Alarmed)]
        await self._keep(batch, None)
        log.info("archive rows set aside: %d tried, %d opened", len(waiting), len(batch.opened))

    async def _understood(self, rows: Sequence[SealedRow], begin: datetime) -> _Batch:
        """What the rows come to, in their order."""
        batch, now = _Batch(), self._engine.clock.now()
        lines: list[tuple[SealedRow, Line]] = []
        for row, text in await self._opened(rows):
            try:
                if isinstance(text, Unreadable):
                    raise text
                lines.append((row, line_in(text, now)))
            except Unreadable as fault:
                self._park(batch, row, fault.why)
        speakers = {line.by for _, line in lines if isinstance(line, Said | Recall)}
        known = await self._read(lambda db: _consents(db, speakers))
        told = await self._consents.fresh(self._rooms(lines))
        batch.consents = [one for one in told if not one.agreed or one.by in speakers]
        known.update({consent.by: consent.agreed for consent in batch.consents})
        for row, line in lines:
            batch.opened.append(row.msgid)
            self._sort(batch, known, line, begin)
        return batch

    def _rooms(self, lines: Sequence[tuple[SealedRow, Line]]) -> set[str]:
        """The groups with residents that speak here and are read at all."""
        rooms = {line.room for _, line in lines if isinstance(line, Said)}
        listed = (self._engine.current_rules().chat(room) for room in rooms)
        return {
            group.id
            for group in listed
            if group and group.hears == "all" and group.kind is ChatKind.CUSTOMER_GROUP
        }

    def _sort(self, batch: _Batch, known: dict[str, bool], line: Line, begin: datetime) -> None:
        passed = self._sieve(begin, known).passed(line)
        match passed:
            case Heard() | Recalled():
                batch.events.append(passed)
            case Consent():
                batch.consents.append(passed)
                known[passed.by] = passed.agreed
            case Nothing():
                self.counts[passed.why] += 1

    def _sieve(self, begin: datetime, consents: dict[str, bool]) -> Sieve:
        return Sieve(
            rules=self._engine.current_rules(),
            begin=begin,
            robots=self._plan.robots,
            reads_singles=self._plan.reads_singles,
            needs_consent=self._plan.needs_consent,
            consents=consents,
        )

    async def _opened(self, rows: Sequence[SealedRow]) -> list[tuple[SealedRow, str | Unreadable]]:
        """Each row with its words, or with why it does not open."""
        keys = await asyncio.to_thread(lambda: [_key_of(self._keys, row) for row in rows])
        locked = [
            (key, row.body) for key, row in zip(keys, rows, strict=True) if isinstance(key, str)
        ]
        texts = iter(await self._source.opened(locked) if locked else [])
        return [
            (row, key if isinstance(key, Unreadable) else next(texts))
            for key, row in zip(keys, rows, strict=True)
        ]

    def _park(self, batch: _Batch, row: SealedRow, why: str) -> None:
        self.counts[f"parked_{why}"] += 1
        log.error("archive row set aside seq=%d version=%d why=%s", row.seq, row.version, why)
        batch.parked.append(Parked(key=row.msgid, version=row.version, why=why, row=row.pack()))
        alarm = archive_alarms.unopened(row.version, why, self._engine.clock.now())
        if alarm.key not in {event.key for event in batch.events}:
            batch.events.append(alarm)

    async def _keep(self, batch: _Batch, to: Cursor | None) -> None:
        """Events, consents, rows set aside and the cursor: all of it or nothing."""
        now = self._engine.clock.now()

        def also(db: Db) -> None:
            assert self._engine.keeper is not None  # _round looked  # noqa: S101
            self._engine.keeper.fence(db.conn, LEASE)
            for one in batch.consents:
                archive.set_consent(db, one.by, agreed=one.agreed, at=one.at, now=now)
            for row in batch.parked:
                archive.park(db, row, now)
            archive.unpark(db, batch.opened)
            if to is not None:
                archive.move(db, self._plan.corp_id, to)
            else:
                archive.drop_parked(db, now - _PARKED_KEPT)

        await self._engine.listener.hear_all(batch.events, also)

    async def _read(self, fn: Callable[[Db], T]) -> T:
        def read(conn: Connection) -> T:
            return fn(self._engine.db_of(conn))

        return await self._engine.database.read(read)


def _key_of(keys: Keys, row: SealedRow) -> str | Unreadable:
    try:
        return keys.unlocked(row)
    except Unreadable as fault:
        return fault


def _consents(db: Db, users: set[str]) -> dict[str, bool]:
    """What those accounts last said about the archive."""
    keys = {db.seal.person_key(user): user for user in users}
    return {keys[key]: agreed for key, agreed in archive.consents(db, keys).items()}
