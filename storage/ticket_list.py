"""Pages of tickets (工单清单): filtered in SQL, newest first, by keyset and never by OFFSET.

``Reach`` narrows to what a person may see as far as columns tell; whoever calls asks
``bot.domain.rights`` about each ticket besides, which has the last word. Read by the pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from config.rights_rules import Class, Scope
from config.vocabulary import Danger, Stage
from storage import tickets
from storage.database import table_of
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import Ticket

_T = table_of(TicketRow).c
OPEN = tuple(stage for stage in Stage if stage not in tickets.ENDED)
_SCOPES = (_T.owner, _T.carrier, _T.grid, _T.department)
_KEPT_BY_POLICE = ("P23", "P08")
_URGED = 2


@dataclass(frozen=True, slots=True)
class Reach:
    """One row of the rights table for one person; ``disputes`` are the categories of disputes."""

    scope: Scope
    classes: tuple[Class, ...]
    user: str
    grids: tuple[str, ...] = ()
    department: str = ""
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is asked for; empty means all.

    ``before`` is the id of the last ticket seen; ``calm`` leaves danger out.
    """

    stages: tuple[Stage, ...] = ()
    categories: tuple[str, ...] = ()
    grid: str = ""
    department: str = ""
    owner: str = ""
    danger: bool = False
    calm: bool = False
    overdue_at: datetime | None = None
    promised_by: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0


def found(db: Db, reach: Sequence[Reach], wanted: Filter, most: int) -> list[Ticket]:
    """At most ``most`` tickets, newest first."""
    return tickets.newest(db, most, _where(reach, wanted))


def count(db: Db, reach: Sequence[Reach], wanted: Filter) -> int:
    """How many there are."""
    where = _where(reach, wanted)
    return int(db.conn.execute(select(func.count(_T.id)).where(where)).scalar_one())


def _where(reach: Sequence[Reach], wanted: Filter) -> ColumnElement[bool]:
    few = bool(wanted.stages) and set(wanted.stages) <= set(OPEN)
    return and_(within(reach, few=few), *_conditions(wanted))


def within(reach: Sequence[Reach], *, few: bool = False) -> ColumnElement[bool]:
    """The condition that keeps what some row of the table gives.

    ``few``: the other conditions leave few rows (the open ones), so that these columns are only
    looked at: a database that took their indexes would gather the whole history of a beat.
    """
    return or_(false(), *(and_(_scope(one, few), _classes(one)) for one in reach))


def _scope(reach: Reach, few: bool) -> ColumnElement[bool]:
    owner, carrier, grid, department = (_looked_at(c) if few else c for c in _SCOPES)
    match reach.scope:
        case Scope.OWN:
            return owner == reach.user
        case Scope.CARRIED:
            return carrier == reach.user
        case Scope.GRID:
            return grid.in_(reach.grids)
        case Scope.BEAT:
            return grid.in_((*reach.grids, ""))
        case Scope.DEPARTMENT:
            return and_(department == reach.department, department != "")
        case Scope.SUPERVISED:
            return or_(_T.urged_count >= _URGED, _T.reopen_count >= _URGED)
        case Scope.STATION:
            return true()


def _looked_at(column: ColumnElement[str]) -> ColumnElement[str]:
    """The same value, in a form that no index knows."""
    return func.coalesce(column, "")


def _classes(reach: Reach) -> ColumnElement[bool]:
    plain = and_(_T.protected.is_(False), _T.category.not_in(_KEPT_BY_POLICE))
    dispute = _T.category.in_(reach.disputes)
    conditions: dict[Class, ColumnElement[bool]] = {
        Class.STAFF_COMPLAINT: _T.category == "P23",
        Class.DRUG_TIP: _T.category == "P08",
        Class.PROTECTED: and_(_T.protected.is_(True), _T.category.not_in(_KEPT_BY_POLICE)),
        Class.DISPUTE: and_(plain, dispute),
        Class.ORDINARY: and_(plain, not_(dispute)),
    }
    return or_(false(), *(conditions[one] for one in reach.classes))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    return [condition(getattr(wanted, name)) for name, condition in _ASKED if getattr(wanted, name)]


_ASKED: tuple[tuple[str, Callable[[Any], ColumnElement[bool]]], ...] = (
    ("stages", _T.stage.in_),
    ("categories", _T.category.in_),
    ("grid", lambda grid: _T.grid == grid),
    ("department", lambda department: _T.department == department),
    ("owner", lambda owner: _T.owner == owner),
    ("danger", lambda _: _T.danger != Danger.NONE),
    ("calm", lambda _: _T.danger == Danger.NONE),
    ("overdue_at", lambda at: _T.due_at <= at),
    ("promised_by", lambda at: _T.finish_at <= at),
    ("since", lambda at: _T.opened_at >= at),
    ("until", lambda at: _T.opened_at < at),
    ("before", lambda last: _T.id < last),
)
