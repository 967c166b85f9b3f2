"""What is remembered of WeCom's orders (上报工单): the poll's mark, the ticket, the steps seen.

The mark moves in the transaction of the events it stands for. Called by ``bot.engine.order_watch``
(mark) and ``handlers.order_sheets`` (orders, grids).
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from storage.database import table_of, upsert
from storage.order_tables import OrderGridRow, OrderRow
from storage.session import Db
from storage.tables import MetaRow

_META = table_of(MetaRow).c
_ORDERS = table_of(OrderRow).c
_GRIDS = table_of(OrderGridRow).c
_MOMENTS = ("until", "began", "since")


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything that changed before ``until`` is here.

    A poll that is half read has its ``cursor``, when it ``began`` and ``since`` when it asked.
    """

    until: datetime
    cursor: str = ""
    began: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """An order as it was last seen."""

    key: str
    ticket_id: int
    steps: frozenset[str]
    processors: tuple[str, ...]
    is_over: bool


def mark(db: Db, kind: str) -> Mark | None:
    """How far the orders of ``kind`` were read; None before the first poll."""
    where = _META.name == f"orders:{kind}"
    row = db.conn.execute(select(_META.value).where(where)).first()
    if row is None:
        return None
    kept = {name: value for name, value in json.loads(row.value).items() if value}
    moments = {name: datetime.fromisoformat(kept[name]) for name in _MOMENTS if name in kept}
    return Mark(cursor=kept.get("cursor", ""), **moments)


def keep_mark(db: Db, kind: str, to: Mark) -> None:
    """Remember how far it was read."""
    moments = {name: getattr(to, name) for name in _MOMENTS}
    packed = {name: at.isoformat() if at else "" for name, at in moments.items()}
    value = json.dumps({"cursor": to.cursor, **packed})
    upsert(db.conn, MetaRow, {"name": f"orders:{kind}", "value": value}, {"value": value})


def find(db: Db, key: str) -> Known | None:
    """The order of that key (``resident:o1``), or None."""
    row = db.conn.execute(select(table_of(OrderRow)).where(_ORDERS.key == key)).first()
    if row is None:
        return None
    steps, people = frozenset(json.loads(row.steps)), tuple(row.processors.split())
    return Known(row.key, row.ticket_id, steps, people, row.ended_at is not None)


def of_ticket(db: Db, ticket_id: int) -> list[Known]:
    """The orders from which that ticket came, oldest first; none for most tickets."""
    where = (_ORDERS.ticket_id == ticket_id, _ORDERS.ticket_id != 0)
    rows = db.conn.execute(select(_ORDERS.key).where(*where).order_by(_ORDERS.seen_at)).all()
    return [known for row in rows if (known := find(db, row.key)) is not None]


def moved(db: Db, ticket_id: int, to: int) -> None:
    """That ticket went into another one: its orders go along."""
    where = _ORDERS.ticket_id == ticket_id
    db.conn.execute(update(OrderRow).where(where).values(ticket_id=to))


def keep(db: Db, order: Known, grid_id: str, now: datetime) -> None:
    """Remember the order as it stands now; what was seen of it before stays seen."""
    before = find(db, order.key)
    steps = sorted(order.steps | (before.steps if before else frozenset()))
    values = {
        "ticket_id": order.ticket_id,
        "grid_id": grid_id,
        "steps": json.dumps(steps),
        "processors": " ".join(order.processors),
        "seen_at": now,
        "ended_at": now if order.is_over else None,
    }
    upsert(db.conn, OrderRow, {"key": order.key, **values}, values)


def grid_known(db: Db, grid_id: str) -> tuple[str, str] | None:
    """Name and grid of ours that WeCom's grid had when it was last seen, or None."""
    row = db.conn.execute(select(_GRIDS.name, _GRIDS.grid).where(_GRIDS.grid_id == grid_id)).first()
    return (row.name, row.grid) if row is not None else None


def keep_grid(db: Db, grid_id: str, name: str, grid: str) -> None:
    """Remember WeCom's grid under its present name."""
    values = {"name": name, "grid": grid}
    upsert(db.conn, OrderGridRow, {"grid_id": grid_id, **values}, values)
