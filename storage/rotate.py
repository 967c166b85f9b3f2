"""Changing keys (换密钥): every sealed cell closed again, every lookup key made again.

Two commands use it. ``rotate`` after a new encryption key: values closed by an older one are
closed by the current one, so that the old key can be thrown away. ``rekey`` after a new HMAC key:
a lookup key cannot be turned back, so the accounts are taken from the sealed identities.
Which columns there are is read from ``storage/tables.py``: all that are called ``*_sealed``,
and all person keys.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Row, RowMapping, Table, and_, delete, or_, select, update

from storage import audit_chain
from storage.database import Database, table_of
from storage.people import identity_about
from storage.people_tables import PersonRow
from storage.sealed import Seal
from storage.session import Db
from storage.tables import MetaRow, TicketRow

BATCH = 500
_ABOUT = {
    "inbox": "inbox:{key}",
    "tickets": "ticket:{number}",
    "journal": "journal:{key}",
    "outgoing": "outgoing:{key}",
    "people": "person:{person_key}",
    "conversations": "conversation:{line}",
    "ratings": "rating:{ticket_id}:{round}",
    "drafts": "draft:{key}",
    "group_drafts": "group_draft:{key}",
    "heard": "heard:{event_key}",
    "corrections": "correction:{key}",
    "samples": "sample:{key}",
    "archive_parked": "parked:{key}",
    "filed_requests": "filed:{key}",
    "ticket_facts": "fact:{key}",
    "approvals": "approval:{key}",
    "subtasks": "subtask:{key}",
    "meetings": "meeting:{key}",
    "mediations": "mediation:{key}",
    "mediation_sessions": "mediation_session:{key}",
    "mediation_papers": "mediation_paper:{key}",
    "forms": "forms.data:{key}",
    "log_corrections": "log:{key}",
    "diversions": "diversion:{key}",
    "praises": "praise:{key}",
    "rule_changes": "rule_change:{key}",
    "hard_ones": "hard_one:{key}",
    "saved_views": "saved_view:{key}",
}
_TABLES = MetaRow.metadata.sorted_tables
_PEOPLE = table_of(PersonRow).c
_TICKETS = table_of(TicketRow).c
_PERSON_KEYS = ("person_key", "reporter_key")


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """``changed`` cells have their new key; ``lost`` keys belong to accounts nobody knows."""

    changed: int
    lost: int


def rotate(db: Db, batch: int = BATCH) -> int:
    """Number of values closed again with the current key, all in this transaction.

    Reads ``batch`` rows at a time. Raises: SealBroken, if a value does not open.
    """
    return _rotate(lambda: nullcontext(db), batch)


def rotate_in_batches(database: Database, seal: Seal, batch: int = BATCH) -> int:
    """The same with a transaction for each ``batch`` rows, beside bots that are at work.

    A value that a bot changes meanwhile is left to it. Raises: SealBroken, as ``rotate``.
    """

    @contextmanager
    def begin() -> Iterator[Db]:
        with database.writer_engine.begin() as conn:
            yield Db(conn, seal)

    return _rotate(begin, batch)


def sealed_columns(table: Table) -> list[Column[Any]]:
    """Columns of ``table`` that hold sealed values."""
    return [column for column in table.columns if column.name.endswith("_sealed")]


def _rotate(begin: Callable[[], AbstractContextManager[Db]], batch: int) -> int:
    changed = 0
    for table in _TABLES:
        after: Any = None
        while sealed_columns(table):
            with begin() as db:
                rows = _page(db, table, after, batch)
                changed += sum(_reseal(db, table, row) for row in rows)
            if len(rows) < batch:
                break
            after = rows[-1][0]
    return changed


def _page(db: Db, table: Table, after: Any, batch: int) -> list[Row[Any]]:
    """The next rows with a sealed value; their id comes first."""
    key = _id_of(table)
    filled = or_(*(column != "" for column in sealed_columns(table)))
    where = filled if after is None else and_(filled, key > after)
    names = [column for column in table.columns if column is not key]
    return list(db.conn.execute(select(key, *names).where(where).order_by(key).limit(batch)))


def about(table: Table, cells: RowMapping) -> str:
    """What nails the sealed values of that row to it."""
    return _ABOUT[table.name].format(**cells)


def _reseal(db: Db, table: Table, row: Row[Any]) -> int:
    cells = row._mapping
    changed = 0
    for column in sealed_columns(table):
        value: str = cells[column.name]
        if value and db.seal.needs_rotation(value):
            changed += _replace(db, column, row[0], value, about(table, cells))
    return changed


def _replace(db: Db, column: Column[Any], row_id: Any, value: str, about: str) -> int:
    where = (_id_of(column.table) == row_id, column == value)
    fresh = {column.name: db.seal.reseal(value, about)}
    return db.conn.execute(update(column.table).where(*where).values(fresh)).rowcount


def _id_of(table: Any) -> Column[Any]:
    key: Column[Any] = next(iter(table.primary_key.columns))
    return key


def rekey(db: Db, old_seal: Seal) -> Rekeyed:
    """Give every person the key that ``db.seal`` makes instead of the one of ``old_seal``.

    ``db.seal`` holds all encryption keys and the new HMAC key. No bot may be at work. Done twice
    it changes nothing more. A person whose account was never kept stays under a key that
    matches nobody, which means that the bot meets her anew.
    """
    known = {old_seal.person_key(user): db.seal.person_key(user) for user in _users(db)}
    changed = sum(_rekey_person(db, old, new) for old, new in known.items())
    columns = [c for table in _TABLES for c in table.columns if c.name in _PERSON_KEYS]
    lost: set[str] = set()
    for column in columns:
        for old in db.conn.execute(select(column).where(column != "").distinct()).scalars().all():
            if old in known:
                new = {column.name: known[old]}
                changed += db.conn.execute(
                    update(column.table).where(column == old).values(new)
                ).rowcount
            elif old not in known.values():
                lost.add(old)
    return Rekeyed(changed + audit_chain.rekey(db, old_seal), len(lost))


def _users(db: Db) -> set[str]:
    """Every account that stands sealed in this database."""
    people = db.conn.execute(
        select(_PEOPLE.person_key, _PEOPLE.identity_sealed).where(_PEOPLE.identity_sealed != "")
    )
    users = {db.seal.open(r.identity_sealed, identity_about(r.person_key)) for r in people}
    voices = db.conn.execute(select(_TICKETS.number, _TICKETS.reporter_sealed))
    for row in voices:
        people_of_it = json.loads(db.seal.open(row.reporter_sealed, f"ticket:{row.number}"))
        users |= {voice["user"] for voice in people_of_it}
    return users


def _rekey_person(db: Db, old: str, new: str) -> int:
    """Move one row of people; it joins the new one if the person spoke again meanwhile."""
    row = db.conn.execute(select(*_PEOPLE).where(_PEOPLE.person_key == old)).first()
    if row is None or old == new:
        return 0
    met = db.conn.execute(select(_PEOPLE.first_at).where(_PEOPLE.person_key == new)).first()
    if met is not None:
        db.conn.execute(delete(PersonRow).where(_PEOPLE.person_key == old))
        first = {"first_at": min(row.first_at, met.first_at)}
        return db.conn.execute(
            update(PersonRow).where(_PEOPLE.person_key == new).values(first)
        ).rowcount
    sealed = row.identity_sealed
    if sealed:
        sealed = db.seal.close(db.seal.open(sealed, identity_about(old)), identity_about(new))
    values = {"person_key": new, "identity_sealed": sealed}
    return db.conn.execute(
        update(PersonRow).where(_PEOPLE.person_key == old).values(values)
    ).rowcount
