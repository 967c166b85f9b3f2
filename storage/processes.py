"""Which processes live (进程): each says so twice a second; who is silent for ``TTL_S`` is dead.

``bot.engine.keeper`` writes its own row and reads the others to share the leases with them;
``storage.migrate`` asks which programs still work on this schema; the page 系统 shows them.
Moments are seconds of the database's clock, since machines' own clocks differ.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, inspect, select

from storage.database import table_of, upsert
from storage.leases import LONGEST_S, TTL_S, database_time
from storage.machine_tables import ProcessRow

_T = table_of(ProcessRow).c
_FORGET_S = 3600.0


@dataclass(frozen=True, slots=True)
class Process:
    """A process: its loops, the leases it could hold, the newest revision its program knows."""

    owner: str
    host: str
    pid: int
    loops: tuple[str, ...]
    head: str
    seeks: frozenset[str]
    started: float = 0.0


def beat(conn: Connection, me: Process) -> float:
    """Say that ``me`` lives; seconds of the database's clock."""
    now = database_time(conn)
    lasting = {"loops": ",".join(me.loops), "seeks": " ".join(sorted(me.seeks))}
    values = {"owner": me.owner, "host": me.host, "pid": me.pid, "head": me.head, "started": now}
    change = {**lasting, "until": now + TTL_S}
    upsert(conn, ProcessRow, {**values, **change}, change)
    return now


def living(conn: Connection, now: float) -> list[Process]:
    """Every process that said so lately, the oldest first."""
    rows = conn.execute(
        select(table_of(ProcessRow))
        .where(_T.until > now, _T.until <= now + LONGEST_S)
        .order_by(_T.started, _T.owner)
    )
    return [
        Process(
            owner=row.owner,
            host=row.host,
            pid=row.pid,
            loops=tuple(row.loops.split(",")),
            head=row.head,
            seeks=frozenset(row.seeks.split()),
            started=row.started,
        )
        for row in rows
    ]


def heads(conn: Connection) -> list[str]:
    """Newest revisions known to the programs that live; empty where there is no such table yet."""
    if not inspect(conn).has_table(table_of(ProcessRow).name):
        return []
    return sorted({one.head for one in living(conn, database_time(conn))})


def leave(conn: Connection, owner: str) -> None:
    """``owner`` ends; with it go the rows of those that died an hour ago."""
    gone = database_time(conn) - _FORGET_S
    conn.execute(delete(ProcessRow).where((_T.owner == owner) | (_T.until < gone)))
