"""The inbox (收件箱): every event that was accepted, exactly once, until it is done.

A row is committed before the door is answered. The unique key makes a redelivery a no-op;
``done`` refuses a second finish, so that a late zombie rolls back. The listener writes, the
worker reads and finishes.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from storage import leases
from storage.columns import among
from storage.database import insert_keys, table_of
from storage.ready import Ready
from storage.sealed import KeyGone, SealBroken
from storage.session import Db
from storage.tables import InboxRow

_T = table_of(InboxRow).c
_WAITING = _T.done_at.is_(None)
_LATELY, _A_DAY = timedelta(minutes=10), timedelta(days=1)
_LAGS, _FEWEST_LAGS = 200, 3


class AlreadyDone(Exception):
    """Another worker finished this event first; this Turn must roll back."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the listener wants kept; ``payload`` is the packed event."""

    key: str
    line: str
    partition: int
    kind: str
    payload: str
    event_at: datetime
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """An undone row as the worker sees it."""

    id: int
    key: str
    line: str
    kind: str
    danger: bool
    payload: str
    tries: int
    retry_at: datetime | None
    received_at: datetime


def accept(db: Db, arrival: Arrival, now: datetime) -> bool:
    """True when the event is new; False when its key was known."""
    return accept_all(db, [arrival], now)[0]


def accept_all(db: Db, arrivals: Sequence[Arrival], now: datetime) -> list[bool]:
    """For each event whether it is new; all of them by one statement."""
    if not arrivals:
        return []
    rows = [_values(db, arrival, now) for arrival in arrivals]
    kept, new = insert_keys(db.conn, InboxRow, "key", rows), []
    for arrival in arrivals:
        new.append(arrival.key in kept)
        kept.discard(arrival.key)  # who says the same again is not new
    partitions = {one.partition for one, is_new in zip(arrivals, new, strict=True) if is_new}
    db.left.update(map(leases.partition, partitions))
    return new


def _values(db: Db, arrival: Arrival, now: datetime) -> dict[str, object]:
    return {
        "key": arrival.key,
        "line": arrival.line,
        "partition": arrival.partition,
        "kind": arrival.kind,
        "danger": arrival.danger,
        "payload_sealed": db.seal.close(arrival.payload, _about(arrival.key)),
        "event_at": arrival.event_at,
        "received_at": now,
    }


_UNDONE = Ready(
    select(
        _T.id,
        _T.key,
        _T.line,
        _T.kind,
        _T.danger,
        _T.payload_sealed,
        _T.tries,
        _T.retry_at,
        _T.received_at,
    )
    .where(_WAITING, among(_T.partition, "partitions"))
    .where(or_(_T.danger, ~among(_T.line, "held")))
    .order_by(_T.id)
    .limit(bindparam("most"))
)


def undone(db: Db, partitions: list[int], most: int, held: Iterable[str] = ()) -> list[Pending]:
    """The oldest undone events of ``partitions``, oldest first, at most ``most``.

    Of conversations that are ``held`` only danger is seen, so that one of them with hundreds of
    events waiting cannot hide all others.
    """
    values = {"partitions": partitions, "most": most, "held": list(held)}
    rows = _UNDONE.rows(db.conn, values)
    return [
        Pending(
            id=r.id,
            key=r.key,
            line=r.line,
            kind=r.kind,
            danger=r.danger,
            tries=r.tries,
            payload=_opened(db, r),
            retry_at=r.retry_at,
            received_at=r.received_at,
        )
        for r in rows
    ]


_BEHIND = (
    select(_T.id)
    .where(_WAITING, _T.danger.is_(False), _T.line.in_(bindparam("lines", expanding=True)))
    .order_by(_T.id)
)
_PAYLOADS = (
    select(_T.id, _T.key, _T.payload_sealed)
    .where(_T.id.in_(bindparam("ids", expanding=True)))
    .order_by(_T.id)
)


def behind(db: Db, lines: Collection[str], seen: Collection[int]) -> dict[int, str]:
    """Id → packed event of what waits in these conversations, without what was ``seen``."""
    ids = db.conn.execute(_BEHIND, {"lines": list(lines)}).scalars()
    new = [row for row in ids if row not in seen]
    rows = db.conn.execute(_PAYLOADS, {"ids": new}) if new else ()
    return {row.id: _opened(db, row) for row in rows}


def mark_dangerous(db: Db, ids: Collection[int]) -> None:
    """From now on these pass whatever is held in their conversations."""
    db.conn.execute(update(InboxRow).where(_T.id.in_(list(ids)), _WAITING).values(danger=True))


def done(db: Db, row_id: int, now: datetime, answer: str = "", key: str = "") -> None:
    """Finish an event, with its passive answer when it has one.

    Raises: AlreadyDone when somebody finished it before.
    """
    sealed = db.seal.close(answer, _about(key)) if answer else ""
    values = {"row": row_id, "done_at": now, "answer_sealed": sealed}
    if _DONE.run(db.conn, values) != 1:
        raise AlreadyDone(row_id)


_DONE = Ready(
    update(table_of(InboxRow)).where(_T.id == bindparam("row"), _WAITING),
    ("done_at", "answer_sealed"),
)


def failed(db: Db, row_id: int, retry_at: datetime | None) -> None:
    """Count a try that failed; the event stays undone."""
    db.conn.execute(
        update(InboxRow)
        .where(_T.id == row_id, _WAITING)
        .values(tries=InboxRow.tries + 1, retry_at=retry_at)
    )


def bury(db: Db, row_id: int, now: datetime) -> None:
    """Park an event that no try could handle (dead event); the line moves on."""
    where = (_T.id == row_id, _WAITING)
    db.conn.execute(update(InboxRow).where(*where).values(done_at=now, dead=True))


def answer_of(db: Db, key: str) -> tuple[bool, str]:
    """Whether the event is done, and its passive answer (empty when it has none)."""
    row = _ANSWER.first(db.conn, {"of": key})
    if row is None or row.done_at is None:
        return False, ""
    return True, db.seal.open(row.answer_sealed, _about(key)) if row.answer_sealed else ""


_ANSWER = Ready(select(_T.done_at, _T.answer_sealed).where(_T.key == bindparam("of")))


def payload_of(db: Db, key: str) -> str:
    """The packed event of that key; empty when there is none or it is forgotten."""
    row = db.conn.execute(select(_T.payload_sealed).where(_T.key == key)).first()
    return db.seal.open(row.payload_sealed, _about(key)) if row and row.payload_sealed else ""


_OF_PEOPLE_AND_CLOCKS = ("heard", "due")


def is_behind(db: Db, before: datetime) -> bool:
    """True while something waits that people said, or a clock rang, before that moment."""
    where = (_WAITING, _T.event_at < before, _T.kind.in_(_OF_PEOPLE_AND_CLOCKS))
    return db.conn.execute(select(_T.id).where(*where).limit(1)).first() is not None


def usual_lag(db: Db, now: datetime) -> timedelta:
    """By how much words seem to be heard later than said, whatever happens: the clock's fault.

    The shortest way that any of the last day's words took, those of the last ten minutes left out:
    after an outage the words before it came at once, with a clock that is fast none ever did. Zero
    where too few were heard to know.
    """
    heard = (_T.kind == "heard", _T.received_at <= now - _LATELY, _T.received_at > now - _A_DAY)
    newest = select(_T.received_at, _T.event_at).where(*heard).order_by(_T.id.desc())
    lags = [row.received_at - row.event_at for row in db.conn.execute(newest.limit(_LAGS))]
    return max(min(lags), timedelta()) if len(lags) >= _FEWEST_LAGS else timedelta()


_COUNTED = Ready(select(func.count()).select_from(InboxRow).where(_WAITING))


def count_waiting(db: Db) -> int:
    """Number of undone events."""
    return int(_COUNTED.scalar(db.conn))


def is_empty(conn: Connection) -> bool:
    """True when nothing was ever accepted: only then may new keys be made."""
    return conn.execute(select(_T.id).limit(1)).first() is None


def count_dead(db: Db) -> int:
    """Number of parked events."""
    return db.conn.execute(select(func.count()).select_from(InboxRow).where(_T.dead)).scalar_one()


def _opened(db: Db, row: Any) -> str:
    """The packed event; empty, which no event is, when this one row is damaged.

    Then its own Turn fails and no other has to wait for it. Raises: KeyGone, which all wait for.
    """
    try:
        return db.seal.open(row.payload_sealed, _about(row.key))
    except KeyGone:
        raise
    except SealBroken:
        return ""


def _about(key: str) -> str:
    return f"inbox:{key}"
