"""What waits for a second person (待批): asked by one, decided by another, kept for ever.

Called by ``handlers.approving`` within its Turn; a decision is made once.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from config.vocabulary import Act
from storage.database import insert_new, table_of
from storage.session import Db
from storage.station_tables import ApprovalRow

_TABLE = table_of(ApprovalRow)
_AFTER_THE_END = (Act.UNMASK, Act.PRESERVE, Act.APPEAL)
_C = _TABLE.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """``asked_by`` wants ``act`` done to a ticket; ``data`` is plain JSON for whoever does it."""

    id: int = 0
    key: str
    ticket_id: int
    act: Act
    asked_by: str
    asked_at: datetime
    reason: str
    data: dict[str, Any]


def ask(db: Db, wish: Approval) -> int:
    """The id under which it waits; a key that is there already gives 0."""
    values = {
        "key": wish.key,
        "ticket_id": wish.ticket_id,
        "act": wish.act,
        "asked_by": wish.asked_by,
        "asked_at": wish.asked_at,
        "data": json.dumps(wish.data, ensure_ascii=False),
        "reason_sealed": db.seal.close(wish.reason, f"approval:{wish.key}"),
    }
    return insert_new(db.conn, ApprovalRow, values) or 0


def get(db: Db, approval_id: int) -> Approval | None:
    """What waits under that id; None where nothing does (any more)."""
    waits = _C.decided_at.is_(None)
    row = db.conn.execute(select(_TABLE).where(_C.id == approval_id, waits)).one_or_none()
    return _value(db, row) if row is not None else None


def waiting(db: Db, ticket_id: int) -> list[Approval]:
    """What waits for a decision on that ticket, oldest first."""
    asked = (_C.ticket_id == ticket_id, _C.decided_at.is_(None))
    rows = db.conn.execute(select(_TABLE).where(*asked).order_by(_C.id))
    return [_value(db, row) for row in rows]


def all_waiting(db: Db, most: int) -> list[Approval]:
    """What waits for a decision on any ticket, oldest first."""
    rows = db.conn.execute(
        select(_TABLE).where(_C.decided_at.is_(None)).order_by(_C.id).limit(most)
    )
    return [_value(db, row) for row in rows]


def decide(db: Db, approval_id: int, by: str, at: datetime, *, granted: bool) -> bool:
    """True for the first decision; a second one changes nothing."""
    first = (_C.id == approval_id, _C.decided_at.is_(None))
    values = {"decided_by": by, "decided_at": at, "is_granted": granted}
    return db.conn.execute(update(ApprovalRow).where(*first).values(**values)).rowcount == 1


def drop(db: Db, ticket_id: int, at: datetime) -> None:
    """The matter is over: what waits for a second person falls away, nobody decided it.

    What may be wished of an ended ticket (查看原文, 保全, 申诉) waits on.
    """
    db.conn.execute(_DROPPED, {"ticket": ticket_id, "at": at})


_DROPPED = (
    update(table_of(ApprovalRow))
    .where(_C.ticket_id == bindparam("ticket"), _C.decided_at.is_(None))
    .where(_C.act.not_in(_AFTER_THE_END))
    .values(decided_at=bindparam("at"))
)


def _value(db: Db, row: Row[Any]) -> Approval:
    return Approval(
        id=row.id,
        key=row.key,
        ticket_id=row.ticket_id,
        act=Act(row.act),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        reason=db.seal.open(row.reason_sealed, f"approval:{row.key}"),
        data=json.loads(row.data),
    )
