"""Messages of which the readers were not sure (待判): kept, shown once on a card, judged once.

Written by ``handlers.judging`` within its Turn; read by its page. Nothing says who spoke.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, distinct, func, select, update

from storage.database import insert_new, table_of
from storage.hard_tables import HardOneRow
from storage.session import Db

YES, NO = "yes", "no"
_TABLE = table_of(HardOneRow)
_C = _TABLE.c
_PLAIN = ("chat", "grid", "at", "guess", "rules_version", "card", "shown_to", "verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class HardOne:
    """One message that waits, or was judged."""

    id: int = 0
    chat: str
    grid: str
    at: datetime
    guess: str
    rules_version: str
    masked: str
    card: str = ""
    shown_to: str = ""
    verdict: str = ""


def keep(db: Db, event_key: str, one: HardOne) -> None:
    """Keep it; the same event again changes nothing."""
    key = hashlib.sha256(f"hard:{event_key}".encode()).hexdigest()[:24]
    values = {name: getattr(one, name) for name in _PLAIN}
    sealed = db.seal.close(one.masked, _about(key))
    insert_new(db.conn, HardOneRow, {**values, "key": key, "masked_sealed": sealed})


def get(db: Db, number: int) -> HardOne | None:
    """The one with this number."""
    return next(iter(_found(db, 1, _C.id == number)), None)


def waiting(
    db: Db, most: int, grids: Collection[str] | None = None, before: int = 0
) -> list[HardOne]:
    """What nobody has judged, newest first; of these grids alone when any are named."""
    where: list[ColumnElement[bool]] = [_C.verdict == ""]
    where += [_C.grid.in_(list(grids))] if grids is not None else []
    where += [_C.id < before] if before else []
    return _found(db, most, *where)


def unshown(db: Db, since: datetime, most: int) -> list[HardOne]:
    """What nobody has judged and no card has shown since then, newest first."""
    return _found(db, most, _C.verdict == "", _C.card == "", _C.at >= since)


def of_card(db: Db, card: str) -> list[HardOne]:
    """What of that card still waits, oldest first."""
    return _found(db, 100, _C.card == card, _C.verdict == "")[::-1]


def shown(db: Db, numbers: Collection[int], card: str, user: str, at: datetime) -> None:
    """These stand on that card."""
    values = {"card": card, "shown_to": user, "shown_at": at}
    db.conn.execute(update(HardOneRow).where(_C.id.in_(list(numbers))).values(**values))


def cards_of(db: Db, user: str, since: datetime) -> int:
    """How many cards that person was shown since then."""
    where = (_C.shown_to == user, _C.shown_at >= since)
    return int(db.conn.execute(select(func.count(distinct(_C.card))).where(*where)).scalar_one())


def judged(db: Db, number: int, verdict: str, user: str, at: datetime) -> bool:
    """True when nobody had judged it before."""
    values = {"verdict": verdict, "judged_by": user, "judged_at": at}
    statement = update(HardOneRow).where(_C.id == number, _C.verdict == "")
    return bool(db.conn.execute(statement.values(**values)).rowcount)


def forget(db: Db, before: datetime) -> int:
    """Delete what was said before then, judged or not; what was corrected is kept elsewhere."""
    return int(db.conn.execute(delete(_TABLE).where(_C.at < before)).rowcount)


def _found(db: Db, most: int, *where: ColumnElement[bool]) -> list[HardOne]:
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_C.id.desc()).limit(most))
    return [_value(db, row) for row in rows]


def _value(db: Db, row: Any) -> HardOne:
    plain: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    masked = db.seal.open(row.masked_sealed, _about(row.key)) if row.masked_sealed else ""
    return HardOne(id=row.id, masked=masked, **plain)


def _about(key: str) -> str:
    return f"hard_one:{key}"
