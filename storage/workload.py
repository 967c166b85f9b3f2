"""What each unit has in hand (在办): counts for the table that a team reads in the morning.

Nothing sealed is opened and no person is counted; protected tickets are left out.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from storage.database import table_of
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import OPEN

_T = table_of(TicketRow).c


@dataclass(frozen=True, slots=True)
class Load:
    """One unit: open tickets, of them due until ``evening``, of them overdue."""

    unit: str
    open: int
    today: int
    late: int


def by_unit(db: Db, now: datetime, evening: datetime, grid: str = "") -> list[Load]:
    """The units that have something in hand, in ``grid`` or everywhere, the busiest first."""
    late = func.sum(case((_T.due_at < now, 1), else_=0))
    today = func.sum(case(((_T.due_at >= now) & (_T.due_at <= evening), 1), else_=0))
    where: list[Any] = [_T.stage.in_(OPEN), _T.protected.is_(False)]
    if grid:
        where.append(_T.grid == grid)
    count = func.count(_T.id)
    rows = db.conn.execute(
        select(_T.unit, count, today, late)
        .where(*where)
        .group_by(_T.unit)
        .order_by(count.desc(), _T.unit)
    )
    return [Load(unit or "—", int(n), int(soon), int(over)) for unit, n, soon, over in rows]


def with_limit(db: Db) -> list[int]:
    """The open tickets whose clock runs, oldest first."""
    where = (_T.stage.in_(OPEN), _T.due_at.is_not(None))
    return [row.id for row in db.conn.execute(select(_T.id).where(*where).order_by(_T.id))]
