"""Lists of tickets that somebody keeps by name (常用清单): his own, nobody else reads them.

Written by ``handlers.saved_views`` in the Turn of a ``Paged`` event; read by the list itself. They
go with the person: the night after he has left the roster, at once where the address book says so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from storage.database import insert_new, table_of
from storage.session import Db
from storage.view_tables import SavedViewRow

_C = table_of(SavedViewRow).c


@dataclass(frozen=True, slots=True)
class SavedView:
    """One of them; ``address`` is the path of the list with its filter."""

    id: int
    name: str
    address: str


def of(db: Db, user: str) -> list[SavedView]:
    """That person's, in the order in which they were kept."""
    columns = (_C.id, _C.key, _C.name_sealed, _C.address_sealed)
    rows = db.conn.execute(select(*columns).where(_C.user == user).order_by(_C.id))
    return [
        SavedView(row.id, *(db.seal.open(cell, _about(row.key)) for cell in row[2:]))
        for row in rows
    ]


def keep(db: Db, key: str, user: str, name: str, address: str, at: datetime) -> None:
    """Write it; the same key again changes nothing."""
    sealed = {
        "name_sealed": db.seal.close(name, _about(key)),
        "address_sealed": db.seal.close(address, _about(key)),
    }
    insert_new(db.conn, SavedViewRow, {"key": key, "user": user, "at": at, **sealed})


def drop(db: Db, user: str, *ids: int) -> None:
    """Delete these of that person; all of his when none is named."""
    statement = delete(SavedViewRow).where(_C.user == user)
    db.conn.execute(statement.where(_C.id.in_(ids)) if ids else statement)


def forget_others(db: Db, users: Collection[str]) -> int:
    """Delete what belongs to none of these; how many went."""
    statement = delete(SavedViewRow).where(_C.user.not_in(list(users)))
    return int(db.conn.execute(statement).rowcount)


def move_user(db: Db, old: str, new: str) -> None:
    """They belong to ``new`` now."""
    db.conn.execute(update(SavedViewRow).where(_C.user == old).values(user=new))


def _about(key: str) -> str:
    return f"saved_view:{key}"
