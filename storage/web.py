"""Logins of the pages, and the book of who looked at what (登录、查看记录).

Written by ``handlers.paging`` in the Turn of a ``Paged`` event; read by the pages themselves. A
session that is not in the book, or has ended there, is none, however well it is signed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from storage.database import insert_new, table_of
from storage.session import Db
from storage.web_tables import ViewRow, WebSessionRow

_S, _V = table_of(WebSessionRow).c, table_of(ViewRow).c
_MOST = 200


@dataclass(frozen=True, slots=True)
class Login:
    """One login that is still good."""

    key: str
    user: str
    device: str
    opened_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class View:
    """One look at personal data."""

    id: int
    at: datetime
    user: str
    what: str
    ticket_id: int


def begin(db: Db, login: Login) -> None:
    """Write a login down."""
    insert_new(db.conn, WebSessionRow, {f: getattr(login, f) for f in Login.__slots__})


def is_good(db: Db, user: str, key: str, now: datetime) -> bool:
    """True while that person's login has neither ended nor run out."""
    mine = (_S.key == key, _S.user == user)
    found = select(_S.id).where(*mine, _S.until > now, _S.ended_at.is_(None))
    return db.conn.execute(found).first() is not None


def logins(db: Db, user: str, now: datetime) -> list[Login]:
    """That person's logins that are still good, newest first."""
    rows = db.conn.execute(
        select(_S.key, _S.user, _S.device, _S.opened_at, _S.until)
        .where(_S.user == user, _S.until > now, _S.ended_at.is_(None))
        .order_by(_S.id.desc())
    )
    return [Login(*row) for row in rows]


def end(db: Db, user: str, now: datetime, key: str = "") -> int:
    """How many of that person's logins were ended; all of them when no ``key`` is given."""
    statement = update(WebSessionRow).where(_S.user == user, _S.ended_at.is_(None))
    if key:
        statement = statement.where(_S.key == key)
    return int(db.conn.execute(statement.values(ended_at=now)).rowcount)


def note_view(db: Db, key: str, user: str, what: str, ticket_id: int, at: datetime) -> None:
    """Write a look down; the same event twice is one look."""
    values = {"key": key, "at": at, "user": user, "what": what, "ticket_id": ticket_id}
    insert_new(db.conn, ViewRow, values)


def views(db: Db, before: int = 0, user: str = "", most: int = _MOST) -> list[View]:
    """Looks, newest first; ``before`` an id for the next page, ``user`` one person's alone."""
    statement = select(_V.id, _V.at, _V.user, _V.what, _V.ticket_id).order_by(_V.id.desc())
    if before:
        statement = statement.where(_V.id < before)
    if user:
        statement = statement.where(_V.user == user)
    return [View(*row) for row in db.conn.execute(statement.limit(most))]
