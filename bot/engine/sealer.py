"""The sealer (封存): once a minute the process that holds the clock adds links to the audit chain.

Rows are read and digested in a reading thread; the writer gets one small insert per link. The head
goes into the log with every round that sealed something, so that it is known outside the database.
Kept by ``commands.house``.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.keeper import Keeper
from storage import audit_chain
from storage.audit_books import BOOKS
from storage.audit_chain import CODE_DIGITS, Link
from storage.database import Database
from storage.leases import LeaseLost
from storage.session import Db
from storage.writer import Writer

T = TypeVar("T")
log = logging.getLogger(__name__)
EVERY_S = 60.0
MOST_LINKS = 200  # of one round: years of rows are sealed in the first hours


class Sealer:
    """One for each process; only the one with the lease of the clock does anything."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        db_of: Callable[..., Db],
        now: Callable[[], datetime],
        keeper: Keeper,
    ) -> None:
        self._database = database
        self._writer = writer
        self._db_of = db_of
        self._now = now
        self._keeper = keeper

    async def run(self, every_s: float = EVERY_S) -> None:
        """Seal for ever; what could not be sealed now is sealed the next time."""
        while True:
            await asyncio.sleep(every_s)
            try:
                await self.round()
            except (LeaseLost, OSError, SQLAlchemyError) as fault:
                log.warning("the audit is not sealed now: %s", type(fault).__name__)

    async def round(self) -> int:
        """How many links were added. Raises: LeaseLost, SQLAlchemyError."""
        if not self._keeper.holds("clock"):
            return 0
        added, head = 0, ""
        for book in BOOKS.values():
            if not await self._read(audit_chain.waits, book):
                continue
            upto = await asyncio.to_thread(audit_chain.settled, self._database, book)
            while added < MOST_LINKS:
                link = await self._read(audit_chain.next_link, book, upto, self._now())
                if link is None:
                    break
                head = await self._add(link)
                added += 1
        await self._writer.do(lambda conn: self._fenced(conn, audit_chain.fold))
        if added:
            log.info("audit sealed links=%d head=%s", added, head[:CODE_DIGITS])
        return added

    async def _read(self, fn: Callable[..., T], *args: object) -> T:
        return await self._database.read(lambda conn: fn(self._db_of(conn), *args))

    async def _add(self, link: Link) -> str:
        return await self._writer.do(
            lambda conn: self._fenced(conn, lambda db: audit_chain.add(db, link))
        )

    def _fenced(self, conn: Connection, fn: Callable[[Db], T]) -> T:
        self._keeper.fence(conn, "clock")
        return fn(self._db_of(conn))
