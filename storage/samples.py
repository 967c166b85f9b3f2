"""The daily sample (抽查): decisions that one named person judges 对 or 错.

What a silent group's messages would have led to is kept here at once; the daily draw adds some of
yesterday's decisions. Nothing in a row says who spoke; its key is a digest of the event's. The
words go with the messages that opened no ticket, the verdicts stay for the figures.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, delete, func, select, update

from storage import holds
from storage.database import insert_new, table_of
from storage.people_tables import HeardRow, SampleRow
from storage.session import Db
from storage.tables import TicketRow

OPENED, SILENT, SHADOW = "opened", "silent", "shadow"
_TABLE = table_of(SampleRow)
_C = _TABLE.c
_HEARD = table_of(HeardRow)
_TICKETS = table_of(TicketRow)
_PLAIN = (
    "key", "kind", "at", "chat", "move", "category", "ticket_id", "rules_version", "drawn_on",
    "is_right", "judged_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One decision: what kind it is of, what was (or would have been) done, and the verdict."""

    id: int = 0
    key: str
    kind: str
    at: datetime
    chat: str = ""
    move: str = ""
    category: str = ""
    ticket_id: int = 0
    rules_version: str = ""
    masked: str = ""
    drawn_on: str = ""
    is_right: bool | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Verdicts of one kind of decision."""

    drawn: int = 0
    judged: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Decisions between two moments, without those categories."""

    since: datetime
    until: datetime
    without: frozenset[str] = field(default_factory=frozenset)


def key_of(event_key: str) -> str:
    """A name for the decision on an event that does not lead back to the event."""
    return hashlib.sha256(f"sample:{event_key}".encode()).hexdigest()[:24]


def keep(db: Db, sample: Sample) -> None:
    """Keep one decision; the same key again changes nothing."""
    sealed = db.seal.close(sample.masked, _about(sample.key)) if sample.masked else ""
    values = {name: getattr(sample, name) for name in _PLAIN}
    insert_new(db.conn, SampleRow, {**values, "masked_sealed": sealed})


def opened(db: Db, window: Window) -> list[Sample]:
    """Reports that opened a ticket; danger and protected ones are left out."""
    joined = _HEARD.join(_TICKETS, _TICKETS.c.id == _HEARD.c.ticket_id)
    plain = and_(_TICKETS.c.danger == "none", _TICKETS.c.protected.is_(False))
    fits = _TICKETS.c.category.not_in(window.without)
    return _heard(db, joined, OPENED, window, _HEARD.c.kind.in_(("open", "again")), plain, fits)


def silent(db: Db, window: Window) -> list[Sample]:
    """Messages that opened nothing and were left alone."""
    fits = _HEARD.c.category.not_in(window.without)
    nothing = (_HEARD.c.ticket_id == 0, _HEARD.c.kind == "chat", fits)
    return _heard(db, _HEARD, SILENT, window, *nothing)


def _heard(
    db: Db, source: Any, kind: str, window: Window, *where: ColumnElement[bool]
) -> list[Sample]:
    c = _HEARD.c
    columns = (c.event_key, c.at, c.kind, c.category, c.ticket_id, c.masked_sealed)
    between = and_(c.at >= window.since, c.at < window.until)
    rows = db.conn.execute(select(*columns).select_from(source).where(between, *where))
    return [
        Sample(
            key=key_of(r.event_key),
            kind=kind,
            at=r.at,
            move=r.kind,
            category=r.category,
            ticket_id=r.ticket_id,
            masked=db.seal.open(r.masked_sealed, f"heard:{r.event_key}"),
        )
        for r in rows.all()
        if r.masked_sealed
    ]


def shadowed(db: Db, window: Window) -> list[Sample]:
    """What silent groups led to in that time and nobody was shown yet."""
    between = and_(_C.at >= window.since, _C.at < window.until)
    fits = _C.category.not_in(window.without)
    return _found(db, _C.kind == SHADOW, _C.drawn_on == "", between, fits)


def draw(db: Db, sample: Sample, day: str, rules_version: str) -> None:
    """``sample`` is shown on ``day``; a row is made where there is none yet."""
    keep(db, sample)
    known = (_C.key == sample.key, _C.drawn_on == "")
    values = {"drawn_on": day, "rules_version": sample.rules_version or rules_version}
    db.conn.execute(update(SampleRow).where(*known).values(values))


def waiting(db: Db, day: str = "") -> list[Sample]:
    """What was drawn (on ``day``) and not judged yet, oldest first; only with its words."""
    drawn = _C.drawn_on == day if day else _C.drawn_on != ""
    return _found(db, drawn, _C.is_right.is_(None), _C.masked_sealed != "")


def day_of(db: Db, sample_id: int) -> str:
    """The day on which it was drawn; empty for one that was not."""
    found = db.conn.execute(select(_C.drawn_on).where(_C.id == sample_id)).scalar()
    return str(found or "")


def judged(db: Db, sample_id: int, now: datetime, *, is_right: bool) -> bool:
    """True when this verdict is kept; False for one that had its verdict, or was never drawn."""
    where = (_C.id == sample_id, _C.drawn_on != "", _C.is_right.is_(None))
    values = {"is_right": is_right, "judged_at": now}
    return db.conn.execute(update(SampleRow).where(*where).values(values)).rowcount == 1


def tally(db: Db, since_day: str) -> dict[str, Tally]:
    """The verdicts on everything drawn since that day, by kind."""
    right = func.sum(func.coalesce(cast(_C.is_right, Integer), 0))
    statement = (
        select(_C.kind, func.count(_C.id), func.count(_C.judged_at), right)
        .where(_C.drawn_on >= since_day, _C.drawn_on != "")
        .group_by(_C.kind)
    )
    rows = db.conn.execute(statement)
    return {kind: Tally(drawn, done, int(good)) for kind, drawn, done, good in rows}


def counted(db: Db, chat: str, since: datetime) -> dict[str, int]:
    """How often each move would have been made in a silent group."""
    statement = (
        select(_C.move, func.count(_C.id))
        .where(_C.kind == SHADOW, _C.chat == chat, _C.at >= since)
        .group_by(_C.move)
    )
    return {row[0]: int(row[1]) for row in db.conn.execute(statement)}


def forget_words(db: Db, before: datetime) -> int:
    """Take the words out of older rows; returns how many lost theirs. Verdicts stay.

    What led to a ticket under legal hold keeps its words.
    """
    old = (_C.at < before, _C.masked_sealed != "", _C.ticket_id.not_in(holds.held()))
    return db.conn.execute(update(SampleRow).where(*old).values(masked_sealed="")).rowcount


def drop_undrawn(db: Db, before: datetime) -> int:
    """Delete rows that nobody was shown, made before ``before``; returns how many.

    Nothing of a ticket under legal hold.
    """
    old = (_C.at < before, _C.drawn_on == "", _C.ticket_id.not_in(holds.held()))
    return db.conn.execute(delete(SampleRow).where(*old)).rowcount


def _found(db: Db, *where: ColumnElement[bool]) -> list[Sample]:
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_C.id)).all()
    return [_value(db, row) for row in rows]


def _value(db: Db, row: Any) -> Sample:
    plain = {name: getattr(row, name) for name in _PLAIN}
    sealed = row.masked_sealed
    return Sample(
        **plain, id=row.id, masked=db.seal.open(sealed, _about(row.key)) if sealed else ""
    )


def _about(key: str) -> str:
    return f"sample:{key}"
