"""Papers of the ladder (督办、通报、联席): each step once for a ticket and round, with its answer.

The answer's words stand in the ticket's journal. Called by ``handlers.ladder`` within its Turn.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from config.clock_rules import PaperKind
from storage.database import insert_new, table_of
from storage.duty_tables import PaperRow
from storage.session import Db
from storage.tables import TicketRow

_TABLE = table_of(PaperRow)
_C = _TABLE.c
_TICKETS = table_of(TicketRow).c


@dataclass(frozen=True, slots=True)
class Paper:
    """One step; ``id`` is its number. ``due_at`` None: no answer is waited for."""

    id: int
    ticket_id: int
    kind: PaperKind
    unit: str
    made_at: datetime
    due_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bulletin: a unit, and how many of its matters were left without an answer."""

    unit: str
    count: int


def make(
    db: Db, ticket_id: int, kind: PaperKind, unit: str, at: datetime, due: datetime | None
) -> tuple[Paper, bool]:
    """The paper that waits on that ticket, and whether it is new: one of a kind at a time."""
    waiting = [paper for paper in of_ticket(db, ticket_id, kind) if paper.answered_at is None]
    if waiting:
        return waiting[-1], False
    turns = select(func.count()).where(_C.ticket_id == ticket_id, _C.kind == kind)
    count = int(db.conn.execute(turns).scalar_one()) + 1
    known = {"ticket_id": ticket_id, "kind": kind, "round": count, "unit": unit}
    insert_new(db.conn, PaperRow, {**known, "made_at": at, "due_at": due})
    return of_ticket(db, ticket_id, kind)[-1], True


def of_ticket(db: Db, ticket_id: int, kind: PaperKind | None = None) -> list[Paper]:
    """Every paper of the ticket, oldest first."""
    where = [_C.ticket_id == ticket_id]
    if kind is not None:
        where.append(_C.kind == kind)
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_C.id))
    return [_paper(row) for row in rows]


def get(db: Db, number: int) -> Paper | None:
    """The paper of that number."""
    row = db.conn.execute(select(_TABLE).where(_C.id == number)).one_or_none()
    return _paper(row) if row is not None else None


def answer(db: Db, number: int, by: str, at: datetime) -> bool:
    """True for the first answer."""
    first = (_C.id == number, _C.answered_at.is_(None))
    values = {"answered_by": by, "answered_at": at}
    return db.conn.execute(update(PaperRow).where(*first).values(**values)).rowcount == 1


def bulletin(db: Db, since: datetime, until: datetime) -> list[Line]:
    """The units that were reported in that time, by name; protected matters are left out."""
    where = (_C.kind == PaperKind.BULLETIN, _C.made_at >= since, _C.made_at < until)
    rows = db.conn.execute(
        select(_C.unit, func.count())
        .join(TicketRow, _TICKETS.id == _C.ticket_id)
        .where(*where, _TICKETS.protected.is_(False))
        .group_by(_C.unit)
        .order_by(_C.unit)
    )
    return [Line(unit, int(count)) for unit, count in rows]


def _paper(row: Row[Any]) -> Paper:
    return Paper(
        id=row.id,
        ticket_id=row.ticket_id,
        kind=PaperKind(row.kind),
        unit=row.unit,
        made_at=row.made_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
    )
