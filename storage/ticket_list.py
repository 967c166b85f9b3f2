"""Pages of tickets (工单清单): filtered in SQL, newest first, by keyset and never by OFFSET.

``Reach`` narrows to what a person may see as far as columns tell; whoever calls asks
``bot.domain.rights`` about each ticket besides, which has the last word. Read by the pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, text, true

from config.rights_rules import Class, Scope
from config.vocabulary import Danger, Stage
from storage import tickets
from storage.columns import looked_at
from storage.database import table_of
from storage.session import Db
from storage.tables import SUPERVISED, TicketRow
from storage.tickets import Ticket

_T = table_of(TicketRow).c
OPEN = tickets.OPEN
_KEPT = {Class.STAFF_COMPLAINT: "P23", Class.DRUG_TIP: "P08"}  # complaints, drug tips
_MARGIN = 200


# Columns that are only looked at.
_seen = {
    name: looked_at(_T[name])
    for name in ("owner", "carrier", "grid", "department", "category", "stage", "opened_at")
}


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
    return tickets.of_ids(db, ids(db, reach, wanted, most))


def ids(db: Db, reach: Sequence[Reach], wanted: Filter, most: int) -> list[int]:
    """The ids of at most ``most`` tickets, newest first.

    What is not archived is few, and found by its stage. Else each way in is walked by itself,
    along one index that ends with the id, until it has enough: years are never gathered.
    """
    if _is_few(wanted):
        return _walk(db, _where(reach, wanted), most)
    asked = and_(true(), *_conditions(wanted), *_between(db, wanted))
    found = {
        one
        for row in reach
        for way in _ways(row, wanted)
        for one in _walk(db, and_(way, _scope(row), _classes(row), asked), most)
    }
    return sorted(found, reverse=True)[:most]


def count(db: Db, reach: Sequence[Reach], wanted: Filter) -> int:
    """How many there are; ask it of open ones, for it looks at each."""
    where = _where(reach, wanted)
    return int(db.conn.execute(select(func.count(_T.id)).where(where)).scalar_one())


def _walk(db: Db, where: ColumnElement[bool], most: int) -> list[int]:
    rows = db.conn.execute(select(_T.id).where(where).order_by(_T.id.desc()).limit(most))
    return list(rows.scalars())


def _is_few(wanted: Filter) -> bool:
    return bool(wanted.stages) and Stage.ARCHIVED not in wanted.stages


def _where(reach: Sequence[Reach], wanted: Filter) -> ColumnElement[bool]:
    by_stage = [_T.stage.in_(wanted.stages)] if _is_few(wanted) else []
    return and_(*by_stage, within(reach), *_conditions(wanted))


def within(reach: Sequence[Reach]) -> ColumnElement[bool]:
    """The condition that keeps what some row of the table gives.

    Its columns are only looked at, in a form that no index knows: a database that took their
    indexes would gather the whole history of a beat. Other conditions have to leave few rows.
    """
    return or_(false(), *(and_(_scope(one), _classes(one)) for one in reach))


def _scope(reach: Reach) -> ColumnElement[bool]:
    match reach.scope:
        case Scope.OWN:
            return _seen["owner"] == reach.user
        case Scope.CARRIED:
            return _seen["carrier"] == reach.user
        case Scope.GRID:
            return _seen["grid"].in_(reach.grids)
        case Scope.BEAT:
            return _seen["grid"].in_((*reach.grids, ""))
        case Scope.DEPARTMENT:
            return and_(_seen["department"] == reach.department, _seen["department"] != "")
        case Scope.SUPERVISED:
            return text(f"({SUPERVISED})")  # type: ignore[return-value]  # stands in any and_
        case Scope.STATION:
            return true()


def _ways(reach: Reach, wanted: Filter) -> list[ColumnElement[bool]]:
    """The conditions that an index may take, one for each walk: the narrowest that is asked."""
    if wanted.owner:
        return [_T.owner == wanted.owner]
    if wanted.categories:
        return [_T.category == one for one in wanted.categories]
    if reach.classes and set(reach.classes) <= set(_KEPT):
        return [_T.category == _KEPT[one] for one in reach.classes]
    if wanted.department:
        return [_T.department == wanted.department]
    return _ways_of_scope(reach, wanted.grid)


def _ways_of_scope(reach: Reach, asked: str) -> list[ColumnElement[bool]]:
    match reach.scope:
        case Scope.OWN:
            return [_T.owner == reach.user]
        case Scope.CARRIED:
            return [_T.carrier == reach.user]
        case Scope.DEPARTMENT:
            return [_T.department == reach.department]
        case Scope.GRID | Scope.BEAT:
            grids = (*reach.grids, *([""] if reach.scope is Scope.BEAT else []))
            return [_T.grid == one for one in dict.fromkeys(grids) if asked in ("", one)]
        case _:
            return [_T.grid == asked] if asked else [true()]


def _between(db: Db, wanted: Filter) -> list[ColumnElement[bool]]:
    """Between which ids the moments lie: both grow together, a margin catches what does not."""
    found: list[ColumnElement[bool]] = []
    if wanted.since:
        before = select(_T.id).where(_T.opened_at < wanted.since).order_by(_T.opened_at.desc())
        last = db.conn.execute(before.limit(1)).scalar()
        found += [_T.id > last - _MARGIN] if last else []
    if wanted.until:
        after = select(_T.id).where(_T.opened_at >= wanted.until).order_by(_T.opened_at)
        first = db.conn.execute(after.limit(1)).scalar()
        found += [_T.id < first + _MARGIN] if first else []
    return found


def _classes(reach: Reach) -> ColumnElement[bool]:
    plain = and_(_T.protected.is_(False), _seen["category"].not_in(_KEPT.values()))
    dispute = _seen["category"].in_(reach.disputes)
    conditions: dict[Class, ColumnElement[bool]] = {
        **{one: _seen["category"] == code for one, code in _KEPT.items()},
        Class.PROTECTED: and_(_T.protected.is_(True), _seen["category"].not_in(_KEPT.values())),
        Class.DISPUTE: and_(plain, dispute),
        Class.ORDINARY: and_(plain, not_(dispute)),
    }
    return or_(false(), *(conditions[one] for one in reach.classes))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    return [condition(getattr(wanted, name)) for name, condition in _ASKED if getattr(wanted, name)]


_ASKED: tuple[tuple[str, Callable[[Any], ColumnElement[bool]]], ...] = (
    ("stages", _seen["stage"].in_),
    ("categories", _seen["category"].in_),
    ("grid", lambda grid: _seen["grid"] == grid),
    ("department", lambda department: _seen["department"] == department),
    ("owner", lambda owner: _seen["owner"] == owner),
    ("danger", lambda _: _T.danger != Danger.NONE),
    ("calm", lambda _: _T.danger == Danger.NONE),
    ("overdue_at", lambda at: _T.due_at <= at),
    ("promised_by", lambda at: _T.finish_at <= at),
    ("since", lambda at: _seen["opened_at"] >= at),
    ("until", lambda at: _seen["opened_at"] < at),
    ("before", lambda last: _T.id < last),
)
