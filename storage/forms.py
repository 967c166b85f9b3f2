"""Guided forms (表): one open at a time for a person; sealed while open, emptied when ended.

A registration keeps its sealed answers until its day of deletion; every other form loses them,
and who filled it in, the moment it ends. Called by ``handlers`` within their Turn.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from storage import holds
from storage.database import insert_new, table_of
from storage.field_tables import FormRow
from storage.ready import Ready
from storage.session import Db

_TABLE = table_of(FormRow)
_C = _TABLE.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it stands; ``data`` is what was said so far."""

    id: int = 0
    key: str
    form: str
    person_key: str
    grid: str = ""
    began_at: datetime
    until: datetime
    ticket_id: int = 0
    found: int = 0
    ticks: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def begin(db: Db, form: Form) -> None:
    """Open it; whatever that person had open before ends without a result."""
    db.conn.execute(
        update(FormRow)
        .where(_C.person_key == form.person_key, _C.ended_at.is_(None))
        .values(ended_at=form.began_at, data_sealed="", person_key="", form="dropped")
    )
    plain = {n: getattr(form, n) for n in _PLAIN}
    insert_new(db.conn, FormRow, {**plain, "data_sealed": _closed(db, form)})


_PLAIN = ("key", "form", "person_key", "grid", "began_at", "until", "ticket_id", "found", "ticks")


def open_of(db: Db, person_key: str, now: datetime) -> Form | None:
    """The form that person is filling in now."""
    row = _OPEN.first(db.conn, {"person": person_key, "now": now})
    return _form(db, row) if row else None


_OPEN = Ready(
    select(_TABLE)
    .where(_C.person_key == bindparam("person"), _C.ended_at.is_(None))
    .where(_C.until > bindparam("now"))
    .order_by(_C.id.desc())
)


def keep(db: Db, form: Form) -> None:
    """Store what was said so far."""
    values: dict[str, Any] = {"data_sealed": _closed(db, form), "until": form.until}
    values |= {"found": form.found}
    values |= {"grid": form.grid, "ticks": form.ticks}
    db.conn.execute(update(FormRow).where(_C.id == form.id).values(**values))


def end(
    db: Db, form: Form, at: datetime, *, ticket_id: int = 0, forget_at: datetime | None = None
) -> None:
    """It is filled in; the answers stay only where ``forget_at`` says until when."""
    values: dict[str, Any] = {"ended_at": at, "person_key": "", "ticket_id": ticket_id}
    values |= {"forget_at": forget_at, "grid": form.grid, "found": form.found}
    values["ticks"] = form.ticks
    values["data_sealed"] = _closed(db, form) if forget_at else ""
    db.conn.execute(update(FormRow).where(_C.id == form.id).values(**values))


def drop(db: Db, form: Form, at: datetime) -> None:
    """She stopped: nothing of it is kept."""
    values = {"ended_at": at, "person_key": "", "data_sealed": "", "form": "dropped"}
    db.conn.execute(update(FormRow).where(_C.id == form.id).values(**values))


def of_ticket(db: Db, ticket_id: int) -> Form | None:
    """What was registered with that ticket; None when there is nothing (any more)."""
    where = (_C.ticket_id == ticket_id, _C.data_sealed != "")
    row = db.conn.execute(select(_TABLE).where(*where)).first()
    return _form(db, row) if row else None


def forget(db: Db, now: datetime) -> int:
    """Delete the answers whose day has come and those never finished; returns how many.

    What is registered with a ticket under legal hold waits until the hold is off.
    """
    due = _C.forget_at.is_not(None) & (_C.forget_at <= now) & _C.ticket_id.not_in(holds.held())
    stale = _C.ended_at.is_(None) & (_C.until <= now)
    values = {"data_sealed": "", "person_key": "", "forgotten_at": now}
    kept = update(FormRow).where(_C.data_sealed != "", due).values(**values)
    left = update(FormRow).where(stale).values(**values, ended_at=now, form="dropped")
    return db.conn.execute(kept).rowcount + db.conn.execute(left).rowcount


def kept_with(db: Db, ticket_ids: list[int]) -> list[int]:
    """Those of the tickets with which answers are still kept."""
    where = (_C.ticket_id.in_(ticket_ids), _C.data_sealed != "")
    return list(db.conn.execute(select(_C.ticket_id).where(*where).distinct()).scalars())


def forget_of(db: Db, ticket_ids: list[int], now: datetime) -> list[int]:
    """Delete what is registered with these tickets, because she wishes it; held ones stay.

    Returns the tickets whose answers went.
    """
    free = _C.ticket_id.not_in(holds.held())
    where = (_C.ticket_id.in_(ticket_ids), _C.data_sealed != "", free)
    gone = list(db.conn.execute(select(_C.ticket_id).where(*where).distinct()).scalars())
    values = {"data_sealed": "", "person_key": "", "forgotten_at": now}
    db.conn.execute(update(FormRow).where(*where).values(**values))
    return gone


def coverage(
    db: Db, form: str, since: datetime, until: datetime | None = None
) -> dict[str, tuple[int, int]]:
    """By grid: how often that form was filled in since then, and how much was found."""
    where = [_C.form == form, _C.ended_at >= since]
    if until is not None:
        where.append(_C.ended_at < until)
    rows = db.conn.execute(
        select(_C.grid, func.count(), func.sum(_C.found)).where(*where).group_by(_C.grid)
    )
    return {grid: (int(count), int(found or 0)) for grid, count, found in rows}


def ticked(db: Db, form: str, since: datetime) -> dict[str, Counter[int]]:
    """By grid: how often each point of that list was gone through since then."""
    where = (_C.form == form, _C.ended_at >= since, _C.ticks != "")
    found: dict[str, Counter[int]] = {}
    for row in db.conn.execute(select(_C.grid, _C.ticks).where(*where)):
        found.setdefault(row.grid, Counter()).update(int(n) for n in row.ticks.split(","))
    return found


def _closed(db: Db, form: Form) -> str:
    return db.seal.close(json.dumps(form.data, ensure_ascii=False), about(form.key))


def about(key: str) -> str:
    """What the sealed answers are nailed to."""
    return f"forms.data:{key}"


def _form(db: Db, row: Any) -> Form:
    data = json.loads(db.seal.open(row.data_sealed, about(row.key)))
    return Form(id=row.id, data=data, **{name: getattr(row, name) for name in _PLAIN})
