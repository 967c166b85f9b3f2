"""How many tickets stand where (各处件数), counted in SQL for the boards of the pages.

Within what somebody may see as far as columns tell (``ticket_list.within``); no ticket is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from config.vocabulary import Danger, Stage
from storage.columns import looked_at
from storage.database import table_of
from storage.diversions import End, Round
from storage.divert_tables import DiversionRow
from storage.session import Db
from storage.tables import TicketRow
from storage.ticket_list import OPEN, Reach, within

_T, _D = table_of(TicketRow).c, table_of(DiversionRow).c
_UNSIGNED = (Stage.NEW, Stage.ADMITTED, Stage.ASSIGNED, Stage.REOPENED)
_DONE = (Stage.CLOSED, Stage.REVIEW)
_SATISFIED = 4
_MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the open ones: all, in danger, overdue, not signed."""

    open: int = 0
    danger: int = 0
    over: int = 0
    unsigned: int = 0


@dataclass(frozen=True, slots=True)
class RowFigures:
    """What one row of the diversion list has led to since some day."""

    row: str
    version: str
    department: str
    diverted: int
    returned: int
    answered: int
    on_time: int
    rated: int
    satisfied: int


def by_grid(db: Db, reach: Sequence[Reach], now: datetime) -> dict[str, Counts]:
    """The open tickets of each grid; under "" those whose grid nobody knows."""
    return _by(db, _T.grid, reach, now)


def by_department(db: Db, reach: Sequence[Reach], now: datetime) -> dict[str, Counts]:
    """The open tickets of each department; under "" those that are with none."""
    return _by(db, _T.department, reach, now)


def _by(
    db: Db, column: ColumnElement[str], reach: Sequence[Reach], now: datetime
) -> dict[str, Counts]:
    found = (
        select(
            column.label("place"),
            func.count(_T.id),
            _sum(_T.danger != Danger.NONE),
            _sum(_T.due_at <= now),
            _sum(_T.stage.in_(_UNSIGNED)),
        )
        .where(within(reach), _T.stage.in_(OPEN))
        .group_by(column)
    )
    return {row[0]: Counts(*map(int, row[1:])) for row in db.conn.execute(found)}


def opened_since(db: Db, reach: Sequence[Reach], since: datetime) -> int:
    """How many were opened since then; made for the count of a day."""
    return _count(db, within(reach), _T.opened_at >= since)


def closed_since(db: Db, reach: Sequence[Reach], since: datetime) -> int:
    """How many were closed since then and are not archived yet; made for the count of a day."""
    done = looked_at(_T.stage).in_(_DONE)  # the day is the narrower one
    return _count(db, within(reach), done, _T.closed_at >= since)


def returned(db: Db, since: datetime) -> dict[str, int]:
    """By department, how often it sent a ticket back since then."""
    department = looked_at(_D.department)  # the span is the narrower one
    found = (
        select(department, func.count(_D.id))
        .where(_D.at >= since, _D.ended_how == End.RETURNED)
        .group_by(department)
    )
    return {row[0]: int(row[1]) for row in db.conn.execute(found)}


def list_figures(db: Db, since: datetime, department: str = "") -> list[RowFigures]:
    """What each row of the list has led to since then, the most used first.

    First and second diversions count, as in 清单优化; with ``department`` only what went there.
    """
    answered = _D.ended_how == End.ANSWERED
    rated = and_(answered, _T.rating.is_not(None))
    count = func.count(_D.id)
    keys = (_D.row_id, _D.list_version, _D.department)
    where = [_D.at >= since, _D.round.in_((Round.INTAKE, Round.CONTACT))]
    found = (
        select(
            *keys,
            count,
            _sum(_D.ended_how == End.RETURNED),
            _sum(answered),
            _sum(and_(answered, _D.ended_at <= _D.due_at)),
            _sum(rated),
            _sum(and_(rated, _T.rating >= _SATISFIED)),
        )
        .join(TicketRow, _T.id == _D.ticket_id)
        .where(*where, *([_D.department == department] if department else []))
        .group_by(*keys)
        .order_by(count.desc(), *keys)
        .limit(_MOST_ROWS)
    )
    return [RowFigures(*row[:3], *map(int, row[3:])) for row in db.conn.execute(found)]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _count(db: Db, *where: ColumnElement[bool]) -> int:
    return int(db.conn.execute(select(func.count(_T.id)).where(*where)).scalar_one())
