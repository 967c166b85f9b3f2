"""What was said on which ticket (谁的话归哪件): the tie between a message and its ticket.

``heard`` rows carry it. A tie can be found (the last message on a ticket, the tickets somebody
spoke of) and moved (words that are split off). The message itself is read from the inbox as long
as it is kept. ``handlers.merging`` and ``handlers.carrying`` use this.
"""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage import bindings
from storage.database import table_of
from storage.people_tables import HeardRow
from storage.ready import Ready
from storage.session import Db
from storage.tables import InboxRow

_H = table_of(HeardRow).c
_I = table_of(InboxRow).c


def original(db: Db, event_key: str) -> str:
    """The packed event of that key; empty when it is not kept any more."""
    row = db.conn.execute(select(_I.payload_sealed).where(_I.key == event_key)).first()
    if row is None or not row.payload_sealed:
        return ""
    return db.seal.open(row.payload_sealed, f"inbox:{event_key}")


def last_on(db: Db, ticket_id: int, kinds: tuple[str, ...]) -> tuple[str, datetime] | None:
    """(event key, moment) of the newest message of these kinds on the ticket; None without one."""
    where = (_H.ticket_id == ticket_id, _H.kind.in_(kinds))
    found = select(_H.event_key, _H.at).where(*where).order_by(_H.id.desc()).limit(1)
    row = db.conn.execute(found).first()
    return (row.event_key, row.at) if row else None


def has_spoken_on(db: Db, person_key: str, ticket_id: int) -> bool:
    """True when a message of that very account belongs to the ticket."""
    where = (_H.person_key == person_key, _H.ticket_id == ticket_id)
    return db.conn.execute(select(_H.id).where(*where).limit(1)).first() is not None


def tickets_of(db: Db, person_key: str, since: datetime) -> list[int]:
    """Ids of the tickets that person spoke of since then, under any account, the last first."""
    rows = _TICKETS.rows(db.conn, {"person": person_key, "since": since})
    return list(dict.fromkeys(row.ticket_id for row in rows))


_TICKETS = Ready(
    select(_H.ticket_id)
    .where(_H.person_key.in_(bindings.hers(bindings.PERSON)), _H.ticket_id > 0)
    .where(_H.at >= bindparam("since"))
    .order_by(_H.id.desc())
)


def unbound(db: Db, person_key: str, line: str, since: datetime) -> list[str]:
    """Event keys of what that person said there since then without a ticket, oldest first."""
    return _UNBOUND.scalars(db.conn, {"person": person_key, "line": line, "since": since})


_UNBOUND = Ready(
    select(_H.event_key)
    .where(_H.person_key == bindparam("person"), _H.line == bindparam("line"))
    .where(_H.ticket_id == 0, _H.at >= bindparam("since"), _H.kind == "chat")
    .order_by(_H.id)
)


def bind(db: Db, event_key: str, ticket_id: int) -> None:
    """From now on that message belongs to the ticket."""
    where = _H.event_key == event_key
    db.conn.execute(update(HeardRow).where(where).values(ticket_id=ticket_id))
