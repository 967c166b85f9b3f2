"""Shifts that were taken over (交接班): one row each, and who is away in the next one.

A shift belongs to a role: the command room's, the duty officer's, the leader's. Written by
``handlers.handover`` within its Turn; read by the page.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.database import insert_new, table_of
from storage.handover_tables import HandoverRow
from storage.people_tables import DutyRow
from storage.session import Db

_TABLE = table_of(HandoverRow)
_H, _D = _TABLE.c, table_of(DutyRow).c
_AWAY = ("busy", "leave")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One shift that was taken over, with what lay open at that moment."""

    key: str
    role: str
    user: str
    before: str
    at: datetime
    danger: int
    unsigned: int
    promised: int
    drafts: int
    wishes: int


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody said 忙 or 请假, and until when."""

    user: str
    kind: str
    until: datetime


def add(db: Db, one: Handover) -> None:
    """Write it; the same key again changes nothing."""
    insert_new(db.conn, HandoverRow, {name: getattr(one, name) for name in Handover.__slots__})


def newest(db: Db, role: str, most: int) -> list[Handover]:
    """The last shifts of that role that were taken over, newest first."""
    found = select(_TABLE).where(_H.role == role).order_by(_H.id.desc()).limit(most)
    return [
        Handover(**{name: getattr(row, name) for name in Handover.__slots__})
        for row in db.conn.execute(found)
    ]


def absences(db: Db, now: datetime) -> list[Absence]:
    """What people said of themselves and what holds now, oldest first; the newest word counts."""
    where = (_D.begins_at <= now, _D.ends_at > now, _D.kind.in_(_AWAY))
    rows = db.conn.execute(select(_D.user, _D.kind, _D.ends_at).where(*where).order_by(_D.id))
    return list({row.user: Absence(row.user, row.kind, row.ends_at) for row in rows}.values())
