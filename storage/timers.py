"""Timers (定时): what must be remembered later, as rows; no scheduler holds anything in memory.

``bot.engine.clock`` turns due rows into ``Due`` events with deterministic keys and marks them
posted in the same transaction; a timer of a ticket that moved on is cleared by the Turn.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from storage.columns import among
from storage.database import insert_many, insert_new, table_of
from storage.leases import CLOCK
from storage.ready import Ready
from storage.session import Db
from storage.tables import TimerRow

_TABLE = table_of(TimerRow)
_T = _TABLE.c
_LIVE = (_T.posted_at.is_(None), _T.done_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One thing to remember."""

    id: int = 0
    key: str
    line: str
    kind: str
    due_at: datetime
    ticket_id: int = 0
    data: dict[str, Any]


def set_timer(db: Db, timer: Timer) -> None:
    """Store it; a key that exists already is left as it is."""
    db.left.add(CLOCK)
    insert_new(db.conn, TimerRow, _values(timer))


def set_timers(db: Db, many: Collection[Timer]) -> None:
    """The same for many at once."""
    if many:
        db.left.add(CLOCK)
    insert_many(db.conn, TimerRow, [_values(timer) for timer in many])


def _values(timer: Timer) -> dict[str, Any]:
    return {
        "key": timer.key,
        "ticket_id": timer.ticket_id,
        "line": timer.line,
        "kind": timer.kind,
        "due_at": timer.due_at,
        "data": json.dumps(timer.data, ensure_ascii=False),
    }


def clear(db: Db, ticket_id: int, kinds: tuple[str, ...], now: datetime) -> None:
    """Forget a ticket's waiting timers of these kinds (all kinds when empty)."""
    values = {"of_ticket": ticket_id, "now": now}
    if kinds:
        _CLEARED_KINDS.run(db.conn, {**values, "kinds": kinds})
    else:
        _CLEARED_ALL.run(db.conn, values)


_CLEARED = (
    update(_TABLE)
    .where(_T.ticket_id == bindparam("of_ticket"), _T.done_at.is_(None))
    .values(done_at=bindparam("now"))
)
_CLEARED_ALL = Ready(_CLEARED)
_CLEARED_KINDS = Ready(_CLEARED.where(among(_T.kind, "kinds")))


def waiting(db: Db, ticket_id: int, kind: str) -> list[Timer]:
    """The ticket's timers of that kind that have not fallen due, earliest first."""
    rows = _WAITING.rows(db.conn, {"ticket": ticket_id, "kind": kind})
    return [_timer(row) for row in rows]


_WAITING = Ready(
    select(_TABLE)
    .where(*_LIVE, _T.ticket_id == bindparam("ticket"), _T.kind == bindparam("kind"))
    .order_by(_T.due_at, _T.id)
)


def posted_since(db: Db, ticket_id: int, kind: str, since: datetime) -> list[Timer]:
    """The ticket's timers of that kind that have fallen due since then."""
    values = {"ticket": ticket_id, "kind": kind, "since": since}
    return [_timer(row) for row in _POSTED_SINCE.rows(db.conn, values)]


_POSTED_SINCE = Ready(
    select(_TABLE)
    .where(_T.ticket_id == bindparam("ticket"), _T.kind == bindparam("kind"))
    .where(_T.posted_at >= bindparam("since"))
)


def due(db: Db, now: datetime, most: int) -> list[Timer]:
    """Timers that are due and not yet posted, earliest first."""
    return [_timer(row) for row in _DUE.rows(db.conn, {"now": now, "most": most})]


_DUE = Ready(
    select(_TABLE)
    .where(*_LIVE, _T.due_at <= bindparam("now"))
    .order_by(_T.due_at, _T.id)
    .limit(bindparam("most"))
)


def _timer(row: Row[Any]) -> Timer:
    return Timer(
        id=row.id,
        key=row.key,
        line=row.line,
        kind=row.kind,
        due_at=row.due_at,
        ticket_id=row.ticket_id,
        data=json.loads(row.data),
    )


def posted(db: Db, ids: Collection[int], now: datetime) -> None:
    """Mark that their events lie in the inbox."""
    _POSTED.run(db.conn, {"ids": ids, "now": now})


_POSTED = Ready(update(_TABLE).where(among(_T.id, "ids")).values(posted_at=bindparam("now")))


def finish(db: Db, timer_id: int, now: datetime) -> bool:
    """True the first time; False when the timer was cleared meanwhile."""
    return _FINISHED.run(db.conn, {"timer": timer_id, "now": now}) == 1


_FINISHED = Ready(
    update(_TABLE)
    .where(_T.id == bindparam("timer"), _T.done_at.is_(None))
    .values(done_at=bindparam("now"))
)


def take(db: Db, kind: str, now: datetime) -> list[Timer]:
    """All timers of that kind that are not done, oldest first; they are done now."""
    where = (_T.kind == kind, _T.done_at.is_(None))
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_T.id)).all()
    db.conn.execute(update(TimerRow).where(_T.id.in_([row.id for row in rows])).values(done_at=now))
    return [_timer(row) for row in rows]


def earliest(db: Db) -> datetime | None:
    """When the next timer falls due, or None."""
    found: datetime | None = _EARLIEST.scalar(db.conn)
    return found


_EARLIEST = Ready(select(_T.due_at).where(*_LIVE).order_by(_T.due_at).limit(1))
