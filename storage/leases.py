"""Leases (租约): who may work a partition, a lane or the clock now.

A lease is a row with an owner, an epoch that grows by one at each change of owner, and an end in
database time. ``renew`` and ``hold`` keep and take; ``fence`` is called inside a Turn's transaction
and raises when the epoch is no longer ours, so that a stopped process that wakes up cannot write.
Called by ``bot.engine.keeper``.
"""

import time
from collections.abc import Iterable

from sqlalchemy import Connection, Float, cast, func, literal, select, update

from storage.database import insert_new, table_of
from storage.tables import LeaseRow

_T = table_of(LeaseRow).c
_ROW = select(_T.owner, _T.epoch, _T.until)
_HELD = select(_T.name, _T.owner)
TTL_S = 2.5
LONGEST_S = 2 * TTL_S
CLOCK = "clock"


def partition(number: int) -> str:
    """The lease of one eighth of the inbox."""
    return f"p{number}"


def lane(name: str) -> str:
    """The lease of one way out, or of a loop that only listens."""
    return f"lane:{name}"


class LeaseLost(Exception):
    """Somebody else holds that lease now; this transaction must roll back."""


def database_time(conn: Connection) -> float:
    """Seconds since the epoch by the database's clock (the machine's own for SQLite)."""
    if conn.dialect.name == "sqlite":
        return time.time()
    return float(
        conn.execute(
            select(cast(func.extract("epoch", func.clock_timestamp()), Float))
        ).scalar_one()
    )


def holders(conn: Connection, now: float) -> dict[str, str]:
    """Every lease that somebody holds, and who."""
    is_held = (_T.until > now, _T.until <= now + LONGEST_S)
    return {row.name: row.owner for row in conn.execute(_HELD.where(*is_held))}


def is_running(until: float, now: float) -> bool:
    """True for an end that lies ahead, and not so far that the clock must have gone back since.

    Else a dead process would hold its leases for an hour after a clock was set back by one.
    """
    return now < until <= now + LONGEST_S


def renew(conn: Connection, names: Iterable[str], owner: str) -> dict[str, int]:
    """Which of ``names`` are still of ``owner``, good for ``TTL_S`` again, with their epochs."""
    until = database_time(conn) + TTL_S
    ours = update(LeaseRow).where(_T.owner == owner, _T.name.in_(sorted(names)))
    rows = conn.execute(ours.values(until=until).returning(_T.name, _T.epoch))
    return {row.name: int(row.epoch) for row in rows}


def hold(conn: Connection, name: str, owner: str) -> int | None:
    """The epoch when ``owner`` holds ``name`` for the next ``TTL_S``, else None.

    A lease in somebody's hands is only looked at, so that asking disturbs no renewal; one that
    ran out is not taken while a Turn that passed its fence is still open.
    """
    now = database_time(conn)
    seen = conn.execute(_ROW.where(_T.name == name)).first()
    if seen is None:
        insert_new(conn, LeaseRow, {"name": name, "owner": "", "epoch": 0, "until": 0.0})
    elif seen.owner != owner and is_running(seen.until, now):
        return None
    is_ours = seen is not None and seen.owner == owner
    mine_or_free = _ROW.where(_T.name == name).with_for_update(skip_locked=not is_ours)
    row = conn.execute(mine_or_free).first()
    if row is None or (row.owner != owner and is_running(row.until, now)):
        return None
    epoch: int = row.epoch + (row.owner != owner)
    conn.execute(
        update(LeaseRow).where(_T.name == name).values(owner=owner, epoch=epoch, until=now + TTL_S)
    )
    return epoch


def is_held(conn: Connection, name: str) -> bool:
    """True when somebody holds that lease now; nothing is touched."""
    row = conn.execute(_ROW.where(_T.name == name)).first()
    return row is not None and is_running(row.until, database_time(conn))


def release(conn: Connection, owner: str, but: Iterable[str] = ()) -> None:
    """Give back everything that ``owner`` holds, ``but`` these."""
    mine = update(LeaseRow).where(_T.owner == owner, _T.until > 0, _T.name.not_in(sorted(but)))
    conn.execute(mine.values(until=literal(0.0)))


def fence(conn: Connection, name: str, owner: str, epoch: int) -> None:
    """Pass when the lease is still ours, and stay so until this transaction ends.

    Raises: LeaseLost.
    """
    row = conn.execute(_ROW.where(_T.name == name).with_for_update(read=True)).first()
    if row is None or row.owner != owner or row.epoch != epoch:
        raise LeaseLost(name)
