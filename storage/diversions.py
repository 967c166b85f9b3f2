"""Diversions (分流台账): every hand-over to a department with the list's version and row.

What the list got right is counted from here (清单优化). A diversion ends once: sent back, answered
or taken back. Called by ``handlers`` within their Turn and by ``run_bot.py divert``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from storage.database import insert_new, table_of
from storage.divert_tables import DiversionRow
from storage.ready import Ready
from storage.session import Db
from storage.tables import TicketRow

_TABLE = table_of(DiversionRow)
_C = _TABLE.c
_T = table_of(TicketRow).c
_PLAIN = (
    "key", "ticket_id", "round", "list_version", "row_id", "department", "at", "by", "due_at",
    "minder", "letter", "their_number", "reminded", "listed_at", "ended_at", "ended_how",
)  # fmt: skip


class Round(StrEnum):
    """At which occasion it went there."""

    INTAKE = "intake"  # 按清单
    CONTACT = "contact"  # 见面以后二次分流
    BACKSTOP = "backstop"  # 退回以后兜底
    AGAIN = "again"  # 重办
    STREET = "street"  # 综治中心定的


class End(StrEnum):
    """How the department was done with it."""

    RETURNED = "returned"  # 退回
    ANSWERED = "answered"  # 办了
    MOVED = "moved"  # 又转给了别人


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversion:
    """One hand-over; ``row_id`` is empty where no row of the list said so."""

    id: int = 0
    key: str
    ticket_id: int
    round: str
    list_version: str
    row_id: str
    department: str
    at: datetime
    by: str = ""
    due_at: datetime | None = None
    minder: str = ""
    letter: str = ""
    their_number: str = ""
    reminded: int = 0
    listed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_how: str = ""
    reason: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one diversion: all that its row of the list is measured by."""

    round: str
    row_id: str
    list_version: str
    department: str
    due_at: datetime | None
    ended_at: datetime | None
    ended_how: str
    rating: int | None


def add(db: Db, one: Diversion) -> int:
    """Its id; what was still with a department has moved. A key that is there gives 0."""
    end(db, one.ticket_id, End.MOVED, one.at)
    values: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
    sealed = db.seal.close(one.reason, f"diversion:{one.key}") if one.reason else ""
    return insert_new(db.conn, DiversionRow, {**values, "reason_sealed": sealed}) or 0


def current(db: Db, ticket_id: int) -> Diversion | None:
    """Where the ticket is now, None when it is with no department."""
    still = [one for one in of_ticket(db, ticket_id) if one.ended_at is None]
    return still[-1] if still else None


def of_ticket(db: Db, ticket_id: int) -> list[Diversion]:
    """Every hand-over of the ticket, oldest first."""
    return [_value(db, row) for row in _OF_TICKET.rows(db.conn, {"ticket": ticket_id})]


_OF_TICKET = Ready(select(_TABLE).where(_C.ticket_id == bindparam("ticket")).order_by(_C.id))


def end(db: Db, ticket_id: int, how: End, at: datetime, answer: str = "") -> bool:
    """True when it was still with a department; its answer or reason is kept sealed."""
    one = current(db, ticket_id)
    if one is None:
        return False
    sealed = db.seal.close(answer, f"diversion:{one.key}") if answer else ""
    _set(db, one.id, ended_at=at, ended_how=how, answer_sealed=sealed)
    return True


def numbered(db: Db, diversion_id: int, their_number: str) -> None:
    """The department's own number for it."""
    _set(db, diversion_id, their_number=their_number)


def lettered(db: Db, diversion_id: int, letter: str) -> None:
    """The number of our letter (转办函)."""
    _set(db, diversion_id, letter=letter)


def reminded(db: Db, diversion_id: int, times: int) -> None:
    """Our own handler was reminded so often."""
    _set(db, diversion_id, reminded=times)


def listed(db: Db, diversion_id: int, at: datetime) -> None:
    """It stands in the list for the street (报综治中心), which decides what happens next."""
    _set(db, diversion_id, listed_at=at)


def stays(db: Db, diversion_id: int, due_at: datetime | None) -> None:
    """The street has decided that it stays there: off the list, with a new limit."""
    _set(db, diversion_id, listed_at=None, reminded=0, due_at=due_at)


def on_the_list(db: Db) -> list[Diversion]:
    """What waits for the street's decision, oldest first."""
    return _find(db, _C.listed_at.is_not(None), _C.ended_at.is_(None))


def fates(db: Db, since: datetime) -> list[Fate]:
    """What became of every diversion made since then."""
    columns = (_T.rating if name == "rating" else _C[name] for name in Fate.__slots__)
    rows = db.conn.execute(
        select(*columns)
        .join(TicketRow, _T.id == _C.ticket_id)
        .where(_C.at >= since)
        .order_by(_C.at, _C.id)
    )
    return [Fate(*row) for row in rows.all()]


def _set(db: Db, diversion_id: int, **values: Any) -> None:
    db.conn.execute(update(DiversionRow).where(_C.id == diversion_id).values(**values))


def _find(db: Db, *where: Any) -> list[Diversion]:
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_C.id))
    return [_value(db, row) for row in rows]


def _value(db: Db, row: Row[Any]) -> Diversion:
    about = f"diversion:{row.key}"
    return Diversion(
        id=row.id,
        reason=db.seal.open(row.reason_sealed, about) if row.reason_sealed else "",
        answer=db.seal.open(row.answer_sealed, about) if row.answer_sealed else "",
        **{name: getattr(row, name) for name in _PLAIN},
    )
