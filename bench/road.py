"""The road of one message (一句话的路), measured: inbox row, reading, Turn, commit, in one thread.

CPU is this thread's and, on PostgreSQL, that of the server's process behind the connection; who
waits costs nothing, so a busy machine shows little in it. Used by ``bench.scale``.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event as listening
from sqlalchemy import select

import handlers
from bot.engine.plug import Plug
from bot.engine.worker import reading_of, take_turn
from bot.events import Event, pack
from bot.lines import partition_of
from config.rules import Rules
from storage import inbox
from storage.database import Database, table_of
from storage.sealed import Seal
from storage.session import Db
from storage.tables import InboxRow

_PLUG = Plug(handlers.handle, handlers.refused, handlers.dead, handlers.unsent, jobs={})


@dataclass(frozen=True, slots=True)
class Cost:
    """What one message cost: microseconds of CPU, statements."""

    cpu_us: float
    statements: int


class Road:
    """One database and what its Turns need."""

    def __init__(self, url: str, seal: Seal, rules: Rules) -> None:
        self.database = Database(url)
        self.rules = rules
        self.seal = seal
        self._statements = 0
        listening.listen(self.database.writer_engine, "before_cursor_execute", self._count)

    def _count(self, *_given: Any) -> None:
        self._statements += 1

    def handle(self, event: Event, now: datetime) -> Cost:
        """What ``event`` costs from its inbox row to the commit of its Turn."""
        with self.database.writer_engine.connect() as conn:
            backend = self._backend(conn)
            self._statements = 0
            began, served = time.thread_time_ns(), _served(backend)
            reading = reading_of(event, self.rules)
            with conn.begin():
                db = Db(conn, self.seal)
                row = self._accepted(db, event, now)
            with conn.begin():
                db = Db(conn, self.seal)
                turn = take_turn(_PLUG, db, self.rules, event, now, reading)
                inbox.done(db, row, now, turn.passive, event.key)
            spent = time.thread_time_ns() - began + _served(backend) - served
        return Cost(spent / 1000, self._statements)

    def _accepted(self, db: Db, event: Event, now: datetime) -> int:
        arrival = inbox.Arrival(
            key=event.key, line=event.line, partition=partition_of(event.line),
            kind=type(event).__name__.lower(), payload=pack(event), event_at=event.at,
        )  # fmt: skip
        if not inbox.accept(db, arrival, now):
            raise ValueError(event.key)
        c = table_of(InboxRow).c
        return int(db.conn.execute(select(c.id).where(c.key == event.key)).scalar_one())

    def _backend(self, conn: Any) -> int:
        """The server's process behind the connection; 0 on SQLite."""
        if self.database.is_sqlite:
            return 0
        found = int(conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        conn.rollback()
        return found


def _served(pid: int) -> int:
    """Nanoseconds of CPU that the process has had."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) if pid else 0
