"""Corrections (改判): how a matter was read, and what staff made of it; only masked words.

A pair is written when staff change a category, say that something is no report, or open a ticket
from a message that had opened none. Who spoke and who corrected are not kept. The row hangs on
its ticket: the database deletes it together with the ticket. ``tune`` learns from it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from storage.database import insert_new, table_of
from storage.people_tables import CorrectionRow
from storage.session import Db

_TABLE = table_of(CorrectionRow)
_PLAIN = ("key", "ticket_id", "at", "read_as", "corrected_to", "rules_version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """``read_as`` and ``corrected_to`` are category codes; empty means: no report."""

    key: str
    ticket_id: int
    at: datetime
    read_as: str
    corrected_to: str
    rules_version: str
    masked: str


def keep(db: Db, correction: Correction) -> None:
    """Keep one pair; the same key again changes nothing."""
    sealed = db.seal.close(correction.masked, _about(correction.key))
    values = {name: getattr(correction, name) for name in _PLAIN}
    insert_new(db.conn, CorrectionRow, {**values, "masked_sealed": sealed})


def of_ticket(db: Db, ticket_id: int) -> list[Correction]:
    """What staff corrected on one ticket, oldest first."""
    return _found(db, _TABLE.c.ticket_id == ticket_id)


def every(db: Db) -> list[Correction]:
    """All pairs that are kept, oldest first."""
    return _found(db)


def _found(db: Db, *where: ColumnElement[bool]) -> list[Correction]:
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_TABLE.c.id))
    return [_value(db, row) for row in rows]


def _value(db: Db, row: Any) -> Correction:
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Correction(**plain, masked=db.seal.open(row.masked_sealed, _about(row.key)))


def _about(key: str) -> str:
    return f"correction:{key}"
