"""How far the archive was read (存档读到哪里), who refused it, and what could not be opened.

The cursor is one row of ``meta`` and is moved in the transaction that stores the page's events, so
that a crash reads a page again and never skips one. ``bot.engine.archive`` uses all of this.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from storage import people
from storage.archive_tables import ArchiveConsentRow, ArchiveParkedRow
from storage.database import insert_new, table_of, upsert
from storage.session import Db
from storage.tables import MetaRow

_META = table_of(MetaRow).c
_CONSENTS = table_of(ArchiveConsentRow).c
_PARKED = table_of(ArchiveParkedRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """``seq`` is the last row that is stored; what was said before ``begin`` is left unread."""

    seq: int
    looked_at: datetime
    begin: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A sealed row that was set aside, as ``SealedRow.pack`` wrote it."""

    key: str
    version: int
    why: str
    row: str


def cursor(db: Db, corp: str) -> Cursor | None:
    """How far the archive of ``corp`` was read; None before the first look."""
    row = db.conn.execute(select(_META.value).where(_META.name == _name(corp))).first()
    if row is None:
        return None
    seq, looked_at, begin = json.loads(row.value)
    return Cursor(
        seq=seq,
        looked_at=datetime.fromisoformat(looked_at),
        begin=datetime.fromisoformat(begin),
    )


def move(db: Db, corp: str, to: Cursor) -> None:
    """Remember how far it was read."""
    value = json.dumps([to.seq, to.looked_at.isoformat(), to.begin.isoformat()])
    upsert(db.conn, MetaRow, {"name": _name(corp), "value": value}, {"value": value})


def consents(db: Db, person_keys: Collection[str]) -> dict[str, bool]:
    """What those persons last said about the archive; who never said anything is missing."""
    where = _CONSENTS.person_key.in_(list(person_keys))
    rows = db.conn.execute(select(_CONSENTS.person_key, _CONSENTS.agreed).where(where))
    return {row.person_key: row.agreed for row in rows}


def set_consent(db: Db, user: str, *, agreed: bool, at: datetime, now: datetime) -> None:
    """Keep what that person said, unless something later is known.

    The account is kept sealed with the people, so that a refusal outlives a change of keys.
    """
    key = db.seal.person_key(user)
    last = db.conn.execute(select(_CONSENTS.at).where(_CONSENTS.person_key == key)).first()
    if last is not None and last.at > at:
        return
    people.met(db, key, now, user=user)
    values = {"person_key": key, "agreed": agreed, "at": at}
    upsert(db.conn, ArchiveConsentRow, values, {"agreed": agreed, "at": at})


def park(db: Db, row: Parked, now: datetime) -> bool:
    """Set a row aside; False when it was there already."""
    values = {
        "key": row.key,
        "version": row.version,
        "why": row.why,
        "row_sealed": db.seal.close(row.row, f"parked:{row.key}"),
        "parked_at": now,
    }
    return insert_new(db.conn, ArchiveParkedRow, values) is not None


def parked(db: Db, most: int) -> list[Parked]:
    """The oldest rows that wait for a key, at most ``most``."""
    rows = db.conn.execute(
        select(_PARKED.key, _PARKED.version, _PARKED.why, _PARKED.row_sealed)
        .order_by(_PARKED.id)
        .limit(most)
    )
    return [
        Parked(
            key=r.key,
            version=r.version,
            why=r.why,
            row=db.seal.open(r.row_sealed, f"parked:{r.key}"),
        )
        for r in rows
    ]


def unpark(db: Db, keys: Collection[str]) -> None:
    """These are opened, or too old: forget them."""
    db.conn.execute(delete(ArchiveParkedRow).where(_PARKED.key.in_(list(keys))))


def drop_parked(db: Db, before: datetime) -> int:
    """How many rows were forgotten that nobody brought a key for."""
    return db.conn.execute(delete(ArchiveParkedRow).where(_PARKED.parked_at < before)).rowcount


def count_parked(db: Db) -> int:
    """How many rows wait for a key."""
    return db.conn.execute(select(func.count()).select_from(ArchiveParkedRow)).scalar_one()


def _name(corp: str) -> str:
    return f"archive:{corp}"
