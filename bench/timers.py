"""Timers that fall due at once (同时到点): how many a second, none twice, none lost.

So many tickets wait, each for a timer whose real Turn leaves something that can be counted
(``bench.waiting``). The moment comes for all; three processes on PostgreSQL share the work and one
of them is killed every few seconds and started again, or one process alone works on SQLite. When no
timer is left, every effect is counted. Line of ``run_bot.py bench table --only timers``.
"""

import contextlib
import itertools
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Select, select, update

from bench import county, private_postgres, waiting
from bench.fleet import Ground, One
from bench.lines import Asked, Found, Measure, Round, Side
from bench.pages import NOW
from config.load import load_rules
from storage import migrate
from storage.database import Database, table_of
from storage.key_file import load_or_create_keys
from storage.tables import InboxRow, JournalRow, OutgoingRow, TimerRow

TIMERS, PROCESSES, KILL_EVERY_S = 40_000, 3, 4.0
_LONGEST_S = 900.0
_LOOPS, _ALL = "work,tick", "hear,work,send,tick,web"  # SQLite is one process with every loop
_SPEED = Measure("timers", "timers due at once, with kill -9", 500, 1500, "/s")
_TWICE = Measure("timers", "… whose effect came twice", 0, 0, "", less_is_better=True)
_LOST = Measure("timers", "… whose effect never came", 0, 0, "", less_is_better=True)
_T = table_of(TimerRow).c


def run(asked: Asked) -> Iterator[Found]:
    """Both databases; SQLite has one process and no kills while it works."""
    with contextlib.ExitStack() as stack:
        programs = private_postgres.programs()
        if programs is not None:
            found = []
            for _ in range(asked.rounds):
                with private_postgres.server(programs) as url:
                    found.append(_measured(url, PROCESSES, asked.scale))
            yield from _lines(f"PostgreSQL, {PROCESSES} processes, killed", found)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jingge-bench-")))
        urls = (f"sqlite:///{folder / f'{number}.db'}" for number in range(asked.rounds))
        yield from _lines("SQLite, one process", [_measured(url, 1, asked.scale) for url in urls])


@dataclass(frozen=True, slots=True)
class _Run:
    speed: float
    twice: int
    lost: int
    note: str


def _lines(where: str, found: list[_Run]) -> Iterator[Found]:
    notes = [one.note for one in found]
    yield Found(_SPEED, where, [Round(Side(one.speed)) for one in found], notes)
    yield Found(_TWICE, where, [Round(Side(one.twice)) for one in found])
    yield Found(_LOST, where, [Round(Side(one.lost)) for one in found])


def _measured(url: str, processes: int, scale: float) -> _Run:
    """One run over an empty database."""
    count = round(TIMERS * scale)
    with tempfile.TemporaryDirectory(prefix="jingge-bench-") as made:
        folder = Path(made)
        site = county.write(folder / "site", county.COUNTY)
        seal = load_or_create_keys(folder / "keys.json", must_exist=False)
        database = Database(url)
        migrate.upgrade(database)
        waiting.put(database, seal, load_rules(site), count, NOW)
        database.disconnect()
        ground = Ground(url, folder, site, NOW)
        fleet = [One(ground, _LOOPS if processes > 1 else _ALL) for _ in range(processes)]
        try:
            spent, kills = _worked(fleet, ground, database)
        finally:
            for one in fleet:
                one.kill()
        twice, lost = database.read_now(lambda conn: effects(conn, count))
        database.close()
    return _Run(count / spent, twice, lost, f"{count} timers in {spent:.1f} s, {kills} kills")


def _worked(fleet: list[One], ground: Ground, database: Database) -> tuple[float, int]:
    """Seconds until nothing waits, and how many processes were killed meanwhile."""
    for one in fleet:
        one.start()
    for one in fleet:
        one.until_ready("/healthz")
    _due_now(database, ground)
    began, kills, victims = time.monotonic(), 0, itertools.cycle(fleet)
    while database.read_now(_left):
        if time.monotonic() > began + _LONGEST_S:
            raise TimeoutError("timers are left")
        if len(fleet) > 1 and time.monotonic() > began + (kills + 1) * KILL_EVERY_S:
            victim = next(victims)
            victim.kill()
            victim.start()
            kills += 1
        time.sleep(0.1)
    return time.monotonic() - began, kills


def _due_now(database: Database, ground: Ground) -> None:
    """The moment has come for all of them."""
    due = update(TimerRow).where(_T.key.startswith("made:")).values(due_at=ground.now())
    database.disconnect()
    with database.writer_engine.begin() as conn:
        conn.execute(due)
    database.disconnect()


def _left(conn: Connection) -> int | None:
    """A timer whose event is not done."""
    waits = select(_T.id).where(_T.key.startswith("made:"), _T.done_at.is_(None)).limit(1)
    return conn.execute(waits).scalar()


def effects(conn: Connection, count: int) -> tuple[int, int]:
    """(timers with more than their effect, timers without it).

    A warning and a closing are one journal row each, a reminder is one outgoing row; an event is
    one row of the inbox and done once. Keys are compared by what they begin with: the timer's own.
    """
    ours = select(_T.id, _T.kind).where(_T.key.startswith("made:"))
    wanted = dict(conn.execute(ours).tuples().all())
    inbox, journal = table_of(InboxRow).c, table_of(JournalRow).c
    outgoing = table_of(OutgoingRow).c
    steps = _counted(conn, select(journal.ticket_id).where(journal.act.in_(("warn", "close"))))
    said = _counted(conn, select(outgoing.ticket_id).where(outgoing.key.startswith("timer:")))
    events = {
        int(key.removeprefix("timer:"))
        for key in conn.execute(select(inbox.key).where(inbox.done_at.is_not(None))).scalars()
        if key.startswith("timer:")
    }
    tickets = dict(conn.execute(select(_T.id, _T.ticket_id)).tuples().all())
    seen = {
        timer: (said if kind == "rating_reminder" else steps)[tickets[timer]]
        for timer, kind in wanted.items()
    }
    lost = sum(1 for timer, found in seen.items() if not found or timer not in events)
    return sum(1 for found in seen.values() if found > 1), lost + count - len(wanted)


def _counted(conn: Connection, ids: Select[int]) -> Counter[int]:
    """How often each ticket is in ``ids``."""
    return Counter(conn.execute(ids).scalars())
