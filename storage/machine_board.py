"""How the machine stands (系统): lanes, partitions, leases, lag, what failed; never what was said.

Parked rows and dead events are looked for among the newest rows alone, so that no page reads a
whole table; ``LOOKED_AT`` says how far back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from storage import leases
from storage.columns import looked_at
from storage.database import table_of
from storage.outbox import PENDING
from storage.session import Db
from storage.tables import InboxRow, LeaseRow, OutgoingRow, ReceiptRow

LOOKED_AT = 20_000
_O, _I = table_of(OutgoingRow).c, table_of(InboxRow).c
_R, _L = table_of(ReceiptRow).c, table_of(LeaseRow).c
UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: what may go and since when, what was given up, when it last said something."""

    name: str
    waiting: int = 0
    oldest: datetime | None = None
    unreachable: int = 0
    parked: int = 0
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why rows of a lane were put off or given up, how often, and the newest of them."""

    lane: str
    state: str
    why: str
    count: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """One partition of the inbox with undone events."""

    partition: int
    waiting: int
    oldest: datetime
    tried: int


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease, who holds it, and how many seconds it is still good; below zero it is free."""

    name: str
    owner: str
    epoch: int
    left_s: float


def lanes(db: Db, now: datetime) -> list[Lane]:
    """Every lane of which a row is known, by name."""
    waiting = _waiting(db, now)
    parked = _by_lane(db, select(_O.lane, func.count(_O.id)).where(_O.state == "parked", _recent()))
    sent = _by_lane(
        db,
        select(_O.lane, func.max(_R.at)).join(ReceiptRow, _R.outgoing_id == _O.id).where(_recent()),
    )
    names = sorted({*waiting, *parked, *sent})
    return [
        Lane(name, *waiting.get(name, (0, None, 0)), parked.get(name, 0), sent.get(name))
        for name in names
    ]


def _waiting(db: Db, now: datetime) -> dict[str, tuple[int, datetime | None, int]]:
    unreachable = func.sum(case((_O.why == UNREACHABLE, 1), else_=0))
    found = (
        select(_O.lane, func.count(_O.id), func.min(_O.due_at), unreachable)
        .where(PENDING, _O.due_at <= now)
        .group_by(_O.lane)
    )
    return {row[0]: (int(row[1]), row[2], int(row[3])) for row in db.conn.execute(found)}


def _by_lane(db: Db, found: Any) -> dict[str, Any]:
    return {row[0]: row[1] for row in db.conn.execute(found.group_by(_O.lane))}


def _recent() -> ColumnElement[bool]:
    newest = select(func.coalesce(func.max(_O.id), 0)).scalar_subquery()
    return _O.id > newest - LOOKED_AT


def faults(db: Db, most: int) -> list[Fault]:
    """Why newest rows were put off or given up, the newest first."""
    newest = func.max(_O.created_at)
    rows = db.conn.execute(
        select(_O.lane, _O.state, _O.why, func.count(_O.id), newest)
        .where(_O.why != "", _recent(), _O.state.in_(("pending", "parked")))
        .group_by(_O.lane, _O.state, _O.why)
        .order_by(newest.desc())
        .limit(most)
    )
    return [Fault(*row) for row in rows]


def parts(db: Db) -> list[Part]:
    """The partitions of the inbox in which something waits."""
    rows = db.conn.execute(
        select(_I.partition, func.count(_I.id), func.min(_I.received_at), func.max(_I.tries))
        .where(_I.done_at.is_(None))
        .group_by(_I.partition)
        .order_by(_I.partition)
    )
    return [Part(*row) for row in rows]


def dead(db: Db) -> int:
    """How many of the newest events no try could handle."""
    newest = select(func.coalesce(func.max(_I.id), 0)).scalar_subquery()
    found = select(func.count(_I.id)).where(_I.dead.is_(True), _I.id > newest - LOOKED_AT)
    return int(db.conn.execute(found).scalar_one())


def all_leases(db: Db) -> list[Lease]:
    """Every lease, by name."""
    now = leases.database_time(db.conn)
    rows = db.conn.execute(select(_L.name, _L.owner, _L.epoch, _L.until).order_by(_L.name))
    return [Lease(row.name, row.owner, row.epoch, row.until - now) for row in rows]


def is_cut_off(db: Db, since: datetime) -> bool:
    """True when words have waited since before ``since`` because WeCom cannot be reached."""
    created_at = looked_at(_O.created_at)
    where = (PENDING, _O.why == UNREACHABLE, created_at <= since)
    return db.conn.execute(select(_O.id).where(*where).limit(1)).first() is not None
