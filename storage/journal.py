"""The journal (台账): one row for each step of a ticket, only ever added.

Keys are made of the event's key and a counter, so that a step is written at most once however
often its event is tried. Pages and ``/api/tickets`` read it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from storage.columns import among
from storage.database import insert_new, table_of
from storage.ready import Ready
from storage.session import Db
from storage.tables import JournalRow

_TABLE = table_of(JournalRow)
# What one event writes and sets is counted (``Turn.note``); far more than any message does.
_FIRST, MOST_OF_EVENT = 16, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One step: who did what when, from where to where, and why."""

    key: str
    ticket_id: int
    at: datetime
    actor: str
    act: str
    from_stage: str = ""
    to_stage: str = ""
    reason: str = ""
    rules_version: str = ""


def add(db: Db, entry: Entry) -> None:
    """Write one step; a key that is there already is a bug of the caller."""
    values = {
        "key": entry.key,
        "ticket_id": entry.ticket_id,
        "at": entry.at,
        "actor": entry.actor,
        "act": entry.act,
        "from_stage": entry.from_stage,
        "to_stage": entry.to_stage,
        "reason_sealed": db.seal.close(entry.reason, f"journal:{entry.key}")
        if entry.reason
        else "",
        "rules_version": entry.rules_version,
    }
    if insert_new(db.conn, JournalRow, values) is None:
        raise RuntimeError(f"journal key {entry.key} twice")


def ticket_of(db: Db, event_key: str) -> int:
    """The ticket that this event wrote of first; 0 when it wrote of none."""
    c = _TABLE.c
    for keys in (keys_of(event_key, 1, _FIRST), keys_of(event_key, _FIRST + 1, MOST_OF_EVENT)):
        found = select(c.ticket_id).where(c.key.in_(keys)).order_by(c.id).limit(1)
        if (ticket := db.conn.execute(found).scalar()) is not None:
            return int(ticket)
    return 0


def keys_of(event_key: str, first: int = 1, last: int = MOST_OF_EVENT) -> list[str]:
    """The keys under which an event may have written: looked up, no index knows a beginning."""
    return [f"{event_key}:{count}" for count in range(first, last + 1)]


def was_done_by_somebody(db: Db, ticket_id: int, acts: Collection[str]) -> bool:
    """True when a person, not the bot, did one of these acts on the ticket."""
    return bool(who_did(db, ticket_id, acts))


def who_did(db: Db, ticket_id: int, acts: Collection[str]) -> list[str]:
    """The persons who did one of these acts on the ticket, the latest first, each once."""
    rows = _WHO_DID.rows(db.conn, {"ticket": ticket_id, "acts": acts})
    return list(dict.fromkeys(row.actor for row in rows))


def last_at(db: Db, ticket_id: int, acts: Collection[str]) -> datetime | None:
    """When one of these acts was done on the ticket last; None when none was."""
    found: datetime | None = _LAST_AT.scalar(db.conn, {"ticket": ticket_id, "acts": acts})
    return found


_DONE = (_TABLE.c.ticket_id == bindparam("ticket"), among(_TABLE.c.act, "acts"))
_LAST_AT = Ready(select(_TABLE.c.at).where(*_DONE).order_by(_TABLE.c.id.desc()).limit(1))
_WHO_DID = Ready(
    select(_TABLE.c.actor).where(*_DONE, _TABLE.c.actor != "system").order_by(_TABLE.c.id.desc())
)


def of_ticket(db: Db, ticket_id: int) -> list[Entry]:
    """The whole story of a ticket, oldest first."""
    return of_tickets(db, [ticket_id]).get(ticket_id, [])


def of_tickets(db: Db, ids: Collection[int]) -> dict[int, list[Entry]]:
    """The whole stories of these tickets by their ids, oldest first."""
    found: dict[int, list[Entry]] = {}
    for row in _STORIES.rows(db.conn, {"ids": ids}):
        found.setdefault(row.ticket_id, []).append(_entry(db, row))
    return found


_STORIES = Ready(
    select(_TABLE).where(among(_TABLE.c.ticket_id, "ids")).order_by(_TABLE.c.ticket_id, _TABLE.c.id)
)


def _entry(db: Db, row: Row[Any]) -> Entry:
    sealed = row.reason_sealed
    return Entry(
        key=row.key,
        ticket_id=row.ticket_id,
        at=row.at,
        actor=row.actor,
        act=row.act,
        from_stage=row.from_stage,
        to_stage=row.to_stage,
        reason=db.seal.open(sealed, f"journal:{row.key}") if sealed else "",
        rules_version=row.rules_version,
    )


def newest_id(db: Db) -> int:
    """The id of the newest row; 0 when there is none. Grows with every step of any ticket."""
    return int(db.conn.execute(select(func.max(_TABLE.c.id))).scalar_one() or 0)
