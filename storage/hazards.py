"""Hazards and promised dates (隐患、约期): what some tickets have besides.

Called by ``handlers`` within their Turn.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from storage.database import insert_new, table_of
from storage.field_tables import HazardRow, PromiseRow
from storage.session import Db

_TABLE = table_of(HazardRow)
_H = _TABLE.c
_P = table_of(PromiseRow).c
_FIELDS = (
    "ticket_id",
    "hazard",
    "place_kind",
    "grid",
    "found_by",
    "found_at",
    "due_at",
    "notice_year",
    "notice",
    "rechecks",
    "fixed_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """One hazard; ``notice`` is the number of its 隐患整改通知书, when there is one."""

    ticket_id: int
    hazard: str
    place_kind: str
    grid: str
    found_by: str
    found_at: datetime
    due_at: datetime
    notice_year: int | None = None
    notice: int | None = None
    rechecks: int = 0
    fixed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """How many were found, and how many of them passed the recheck."""

    found: int
    fixed: int
    late: int


def found(db: Db, hazard: Hazard) -> None:
    """Keep a new one."""
    insert_new(db.conn, HazardRow, {name: getattr(hazard, name) for name in _FIELDS})


def of_ticket(db: Db, ticket_id: int) -> Hazard | None:
    """The hazard of that ticket; None for any other ticket."""
    row = db.conn.execute(select(_TABLE).where(_H.ticket_id == ticket_id)).first()
    return Hazard(**{name: getattr(row, name) for name in _FIELDS}) if row else None


def numbered(db: Db, ticket_id: int, year: int) -> int:
    """The number of its notice in that year; the same when it has one already."""
    known = of_ticket(db, ticket_id)
    if known is not None and known.notice is not None:
        return known.notice
    last = select(func.max(_H.notice)).where(_H.notice_year == year)
    number = int(db.conn.execute(last).scalar() or 0) + 1
    values = {"notice_year": year, "notice": number}
    db.conn.execute(update(HazardRow).where(_H.ticket_id == ticket_id).values(**values))
    return number


def rechecked(db: Db, ticket_id: int, at: datetime, *, is_fixed: bool) -> None:
    """Somebody looked again."""
    values: dict[str, Any] = {"rechecks": _H.rechecks + 1}
    if is_fixed:
        values["fixed_at"] = at
    db.conn.execute(update(HazardRow).where(_H.ticket_id == ticket_id).values(**values))


def came_back(db: Db, ticket_id: int) -> None:
    """A hazard whose ticket is open again is not fixed any more."""
    db.conn.execute(update(HazardRow).where(_H.ticket_id == ticket_id).values(fixed_at=None))


def rates(db: Db, since: datetime, now: datetime) -> dict[str, Rate]:
    """By class: found since then, fixed of those, and not fixed although the day has passed."""
    rows = db.conn.execute(
        select(_H.hazard, _H.due_at, _H.fixed_at).where(_H.found_at >= since)
    ).all()
    counted: dict[str, Rate] = {}
    for row in rows:
        before = counted.get(row.hazard, Rate(0, 0, 0))
        fixed = row.fixed_at is not None
        late = not fixed and row.due_at < now
        counted[row.hazard] = Rate(before.found + 1, before.fixed + fixed, before.late + late)
    return counted


def promise(db: Db, key: str, ticket_id: int, at: datetime, by: str, now: datetime) -> None:
    """Agree a date for a ticket; the one before it ends."""
    end_promises(db, ticket_id, now)
    values = {"key": key, "ticket_id": ticket_id, "at": at, "made_by": by}
    insert_new(db.conn, PromiseRow, values)


def end_promises(db: Db, ticket_id: int, now: datetime) -> None:
    """Nothing is promised for that ticket any more."""
    running = (_P.ticket_id == ticket_id, _P.ended_at.is_(None))
    db.conn.execute(update(PromiseRow).where(*running).values(ended_at=now))


def promised(db: Db, ticket_id: int) -> datetime | None:
    """The date that holds for that ticket."""
    where = (_P.ticket_id == ticket_id, _P.ended_at.is_(None))
    row = db.conn.execute(select(_P.at).where(*where).order_by(_P.id.desc())).first()
    return row.at if row else None
