"""The outbox (发件箱): what is to be said, until WeCom has a receipt for it.

A Turn adds rows in its own transaction; the sender claims what is due of its lane, sends, and
writes the receipt. The conversation and the words are sealed together. A row ends ``sent``,
``parked`` (no way is left; the operator is told) or ``dropped`` (it was withdrawn in time).
A row with ``after_key`` waits for that row: "passed on to …" is said only when it was.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select, update

from storage import leases
from storage.columns import among
from storage.database import insert_new, table_of, upsert
from storage.ready import Ready
from storage.session import Db
from storage.tables import CardRow, OutgoingRow, ReceiptRow

_T = table_of(OutgoingRow).c
_CARD = table_of(CardRow).c
# Written into the statement: a plan made once for all values knows its partial index by that.
PENDING = _T.state == literal_column("'pending'")
TRIES_BEFORE_ELSE = 3
NEWEST = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One outgoing row: ``body`` is JSON ``{chat, message, reply}`` made by ``bot.turn``."""

    id: int = 0
    key: str
    lane: str
    line: str
    body: str
    due_at: datetime
    ticket_id: int = 0
    danger: bool = False
    if_in_doubt: str = "resend"
    after_key: str = ""
    after_sent: bool = True
    tries: int = 0


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card a member of staff was shown."""

    task_id: str
    ticket_id: int
    user: str
    code: str
    code_until: datetime | None


def add(db: Db, parcel: Parcel, now: datetime) -> int | None:
    """Id of the new row; None when that key was said already."""
    values = {
        "key": parcel.key,
        "lane": parcel.lane,
        "line": parcel.line,
        "ticket_id": parcel.ticket_id,
        "danger": parcel.danger,
        "if_in_doubt": parcel.if_in_doubt,
        "after_key": parcel.after_key,
        "body_sealed": db.seal.close(parcel.body, _about(parcel.key)),
        "created_at": now,
        "due_at": parcel.due_at,
    }
    db.left.add(leases.lane(parcel.lane))
    return insert_new(db.conn, OutgoingRow, values)


_BEFORE = table_of(OutgoingRow).alias("before_row")
_READY = or_(
    _BEFORE.c.id.is_(None), _BEFORE.c.state != "pending", _BEFORE.c.tries >= TRIES_BEFORE_ELSE
)
_JOINED = table_of(OutgoingRow).outerjoin(
    _BEFORE, and_(_T.after_key != "", _BEFORE.c.key == _T.after_key)
)
_FREED = Ready(
    select(_T.lane)
    .where(PENDING, _T.after_key != literal_column("''"), _T.after_key == bindparam("key"))
    .distinct()
)
_WAITING = (
    select(
        _T.id,
        _T.key,
        _T.lane,
        _T.line,
        _T.body_sealed,
        _T.due_at,
        _T.ticket_id,
        _T.danger,
        _T.if_in_doubt,
        _T.after_key,
        _T.tries,
        _BEFORE.c.state.label("before_state"),
    )
    .select_from(_JOINED)
    .where(PENDING, _T.lane == bindparam("lane"))
    .order_by(case((_T.danger, 0), else_=1), _T.id)
    .limit(bindparam("most"))
)
_DUE = Ready(_WAITING.where(_T.due_at <= bindparam("now"), _READY))
_ALL_WAITING = Ready(_WAITING)
_NEWEST = Ready(select(func.coalesce(func.max(_T.id), 0)))


def due(db: Db, lane: str, now: datetime, most: int) -> list[Parcel]:
    """Pending rows of a lane that may go now: danger first, then oldest."""
    rows = _DUE.rows(db.conn, {"lane": lane, "now": now, "most": most})
    return [_parcel(db, row) for row in rows]


def waiting(db: Db, lane: str, most: int) -> list[Parcel]:
    """Every pending row of a lane, due or not, in the same order."""
    rows = _ALL_WAITING.rows(db.conn, {"lane": lane, "most": most})
    return [_parcel(db, row) for row in rows]


def _parcel(db: Db, row: Any) -> Parcel:
    return Parcel(
        id=row.id,
        key=row.key,
        lane=row.lane,
        line=row.line,
        body=db.seal.open(row.body_sealed, _about(row.key)),
        due_at=row.due_at,
        ticket_id=row.ticket_id,
        danger=row.danger,
        if_in_doubt=row.if_in_doubt,
        after_key=row.after_key,
        after_sent=row.before_state in (None, "sent"),
        tries=row.tries,
    )


def newest(db: Db) -> int:
    """Number of the newest row of all lanes; 0 when nothing was ever said."""
    return int(_NEWEST.scalar(db.conn))


def sent(db: Db, parcel: Parcel, at: datetime, msgid: str, note: str = "") -> None:
    """Close a row with its receipt; saying it twice is harmless."""
    _CLOSED.run(db.conn, {"row": parcel.id, "state": "sent", "why": note})
    change = {"at": at, "msgid": msgid, "note": note}
    upsert(db.conn, ReceiptRow, {"outgoing_id": parcel.id, **change}, change)
    _free(db, parcel)


_CLOSED = Ready(update(OutgoingRow).where(_T.id == bindparam("row")), ("state", "why"))


def _free(db: Db, parcel: Parcel) -> None:
    """Other lanes hear of rows that waited for this one."""
    freed = _FREED.scalars(db.conn, {"key": parcel.key})
    db.left.update(leases.lane(name) for name in freed)


def postpone(db: Db, parcel: Parcel, due_at: datetime, why: str) -> None:
    """Try again at ``due_at`` (business time)."""
    values = {"due_at": due_at, "why": why, "tries": OutgoingRow.tries + 1}
    db.conn.execute(update(OutgoingRow).where(_T.id == parcel.id).values(**values))


def limited(db: Db, ids: list[int], due_at: datetime) -> None:
    """These rows may not go before ``due_at``; nothing was tried that counts."""
    waiting = update(OutgoingRow).where(_T.id.in_(ids), PENDING)
    db.conn.execute(waiting.values(due_at=due_at, why="limited"))


def reroute(db: Db, parcel: Parcel, lane: str, body: str, why: str) -> None:
    """Send the same words another way; what was closed meanwhile stays as it is."""
    sealed = db.seal.close(body, _about(parcel.key))
    db.left.add(leases.lane(lane))
    db.conn.execute(
        update(OutgoingRow)
        .where(_T.id == parcel.id, PENDING)
        .values(lane=lane, body_sealed=sealed, why=why, tries=OutgoingRow.tries + 1)
    )


def park(db: Db, parcel: Parcel, why: str) -> bool:
    """True when a row was given up and the caller tells of it; False when it was closed before."""
    if _PARKED.run(db.conn, {"row": parcel.id, "state": "parked", "why": why}) != 1:
        return False
    _free(db, parcel)
    return True


_PARKED = Ready(
    update(table_of(OutgoingRow)).where(_T.id == bindparam("row"), PENDING), ("state", "why")
)


def withdraw_rings(db: Db, ticket_id: int) -> int:
    """Drop what still rings for a ticket; returns how many rows."""
    ringing = _T.key.like("%:ring:%")
    return db.conn.execute(
        update(OutgoingRow)
        .where(_T.ticket_id == ticket_id, PENDING, ringing)
        .values(state="dropped", why="false alarm")
    ).rowcount


def was_sent(db: Db, prefix: str, lines: list[str], since: datetime) -> bool:
    """True when something of that event was delivered in one of these conversations since then."""
    begins = func.substr(_T.key, 1, len(prefix)) == prefix  # LIKE would take a "_" for any letter
    where = (_T.created_at >= since, begins, _T.line.in_(lines), _T.state == "sent")
    return db.conn.execute(select(_T.id).where(*where).limit(1)).first() is not None


def said_since(db: Db, since: datetime) -> list[tuple[str, str, datetime]]:
    """Lane, conversation's line and moment of what WeCom took since then, of the newest rows."""
    receipts = table_of(ReceiptRow).c
    newest = select(_T.id).order_by(_T.id.desc()).limit(NEWEST).scalar_subquery()
    where = (_T.id.in_(newest), receipts.outgoing_id == _T.id, receipts.at >= since)
    found = db.conn.execute(select(_T.lane, _T.line, receipts.at).where(*where))
    return [(row.lane, row.line, row.at) for row in found]


_MAY_GO = Ready(
    select(func.count(_T.id))
    .select_from(_JOINED)
    .where(PENDING, _T.due_at <= bindparam("now"), _READY, ~among(_T.lane, "but"))
)
_NEXT_DUE = Ready(
    select(_T.due_at).where(PENDING, _T.due_at > bindparam("now")).order_by(_T.due_at).limit(1)
)


def count_due(db: Db, now: datetime, but: Collection[str] = ()) -> int:
    """Number of pending rows that may go now in all lanes ``but`` these.

    Those that wait for another row may not.
    """
    return int(_MAY_GO.scalar(db.conn, {"now": now, "but": sorted(but)}))


def next_due(db: Db, now: datetime) -> datetime | None:
    """When the next postponed row falls due."""
    found: datetime | None = _NEXT_DUE.scalar(db.conn, {"now": now})
    return found


def show_card(db: Db, task_id: str, ticket_id: int, user: str, at: datetime) -> None:
    """Remember that ``user`` is shown this card."""
    values = {"task_id": task_id, "ticket_id": ticket_id, "user": user, "shown_at": at}
    insert_new(db.conn, CardRow, values)


def keep_code(db: Db, task_id: str, code: str, until: datetime | None) -> None:
    """Remember the newest right to replace a card; empty when it is used up."""
    _CODED.run(db.conn, {"task": task_id, "code": code, "code_until": until})


_CODED = Ready(update(CardRow).where(_CARD.task_id == bindparam("task")), ("code", "code_until"))


def card(db: Db, task_id: str) -> ShownCard | None:
    """The card of that task id, or None."""
    row = _CARD_OF_TASK.first(db.conn, {"task": task_id})
    return None if row is None else ShownCard(*row)


def cards_of(db: Db, ticket_id: int) -> list[ShownCard]:
    """All cards of a ticket, oldest first."""
    return [ShownCard(*row) for row in _CARDS_OF_TICKET.rows(db.conn, {"ticket": ticket_id})]


_SHOWN = select(_CARD.task_id, _CARD.ticket_id, _CARD.user, _CARD.code, _CARD.code_until).order_by(
    _CARD.shown_at, _CARD.task_id
)
_CARD_OF_TASK = Ready(_SHOWN.where(_CARD.task_id == bindparam("task")))
_CARDS_OF_TICKET = Ready(_SHOWN.where(_CARD.ticket_id == bindparam("ticket")))


def body(chat: str, message: str, reply: dict[str, str] | None) -> str:
    """The JSON that is sealed: where, what, and by which right to answer."""
    return json.dumps({"chat": chat, "message": message, "reply": reply}, ensure_ascii=False)


def _about(key: str) -> str:
    return f"outgoing:{key}"
