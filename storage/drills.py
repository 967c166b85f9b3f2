"""Wake drills (叫醒演练): when, who was called, who said that he is awake after how long.

Kept for thirty days, for the leader who asked; no figures are made of them. Called by
``handlers.drills`` within its Turn.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from storage.database import insert_new, table_of
from storage.duty_tables import DrillCallRow, DrillRow
from storage.session import Db

_TABLE = table_of(DrillRow)
_D = _TABLE.c
_CALLS = table_of(DrillCallRow)
_C = _CALLS.c


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill; ``ended_at`` once it was reported or called off."""

    id: int
    at: datetime
    asked_by: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    """One person who was called; ``phone`` is what became of the phone call."""

    user: str
    called_at: datetime
    awake_at: datetime | None
    phone: str


def plan(db: Db, key: str, at: datetime, by: str) -> Drill:
    """The drill that will be held at ``at``; the same key gives the same one."""
    insert_new(db.conn, DrillRow, {"key": key, "at": at, "asked_by": by})
    return _drill(db.conn.execute(select(_TABLE).where(_D.key == key)).one())


def get(db: Db, drill_id: int) -> Drill | None:
    """The drill of that id."""
    row = db.conn.execute(select(_TABLE).where(_D.id == drill_id)).one_or_none()
    return _drill(row) if row is not None else None


def ahead(db: Db) -> list[Drill]:
    """Drills that are not over, the next one first."""
    rows = db.conn.execute(select(_TABLE).where(_D.ended_at.is_(None)).order_by(_D.at))
    return [_drill(row) for row in rows]


def end(db: Db, drill_id: int, at: datetime) -> None:
    """The drill is over."""
    db.conn.execute(update(DrillRow).where(_D.id == drill_id).values(ended_at=at))


def called(db: Db, drill_id: int, user: str, at: datetime) -> bool:
    """True when that person is called for the first time in this drill."""
    values = {"drill_id": drill_id, "user": user, "called_at": at}
    return insert_new(db.conn, DrillCallRow, values) is not None


def awake(db: Db, drill_id: int, user: str, at: datetime) -> bool:
    """True the first time that a person who was called says so."""
    first = (_C.drill_id == drill_id, _C.user == user, _C.awake_at.is_(None))
    changed = update(DrillCallRow).where(*first).values(awake_at=at)
    return db.conn.execute(changed).rowcount == 1


def phoned(db: Db, drill_id: int, user: str, outcome: str) -> None:
    """What became of the phone call."""
    where = (_C.drill_id == drill_id, _C.user == user)
    db.conn.execute(update(DrillCallRow).where(*where).values(phone=outcome))


def calls(db: Db, drill_id: int) -> list[Call]:
    """Everybody who was called, in the order of the roster."""
    rows = db.conn.execute(select(_CALLS).where(_C.drill_id == drill_id).order_by(_C.id))
    return [Call(row.user, row.called_at, row.awake_at, row.phone) for row in rows]


def forget(db: Db, before: datetime) -> None:
    """Delete the drills of before then, with who was called."""
    old = select(_D.id).where(_D.at < before)
    db.conn.execute(delete(DrillCallRow).where(_C.drill_id.in_(old)))
    db.conn.execute(delete(DrillRow).where(_D.at < before))


def _drill(row: Row[Any]) -> Drill:
    return Drill(row.id, row.at, row.asked_by, row.ended_at)
