"""The audit's books (存证的册子): which rows are evidence, what of them counts, how they may go.

Steps of tickets, looks at personal data, changes of the rules, records of what was deleted. Their
plain columns are digested; sealed words are not, because they go before their row does, and are
nailed to it by their own cipher. A row goes only by ``delete``, which leaves its digest behind:
the database itself refuses any other way (triggers of revision 0036).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, func, insert, select, true

from storage.audit_tables import AuditGoneRow
from storage.change_tables import RuleChangeRow
from storage.changes import OPEN
from storage.database import table_of
from storage.retention_tables import DeletionRow
from storage.sealed import Seal
from storage.session import Db
from storage.tables import JournalRow
from storage.web_tables import ViewRow

_GONE = table_of(AuditGoneRow)


@dataclass(frozen=True, slots=True)
class Book:
    """One book. ``whole``: a row is final when it is written, so that ranges of ids are sealed."""

    table: Table
    label: str
    columns: tuple[str, ...]
    is_final: ColumnElement[bool]
    whole: bool = True
    about: str = ""

    @property
    def name(self) -> str:
        """The name of its table."""
        return self.table.name

    @property
    def sealed(self) -> tuple[str, ...]:
        """Its columns of sealed words, which must open."""
        return tuple(c.name for c in self.table.c if c.name.endswith("_sealed"))

    def digest(self, row: Row[Any]) -> str:
        """64 hex digits of the plain columns of ``row``."""
        cells = [_plain(getattr(row, name)) for name in ("id", *self.columns)]
        return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


_STEP = ("key", "ticket_id", "at", "actor", "act", "from_stage", "to_stage", "rules_version")
_CHANGE = ("key", "kind", "file", "by", "at", "base", "state", "grave", "decided_by")
_CHANGES = table_of(RuleChangeRow)
BOOKS: Mapping[str, Book] = {
    book.name: book
    for book in (
        Book(table_of(JournalRow), "台账", _STEP, true(), about="journal:{key}"),
        Book(table_of(ViewRow), "查看记录", ("key", "at", "user", "what", "ticket_id"), true()),
        Book(table_of(DeletionRow), "删除记录", ("at", "rule", "kind", "count"), true()),
        Book(
            _CHANGES,
            "规则修改",
            (*_CHANGE, "decided_at", "done_at", "version"),
            _CHANGES.c.state.not_in(OPEN),
            whole=False,
            about="rule_change:{key}",
        ),
    )
}


def delete_rows(db: Db, table: Table, *where: ColumnElement[bool]) -> int:
    """How many rows of ``table`` went; those of a book of the audit leave their digests.

    Of a book whose ids could come again (SQLite without AUTOINCREMENT) the newest row stays.
    """
    book = BOOKS.get(table.name)
    if book is not None:
        if not table.dialect_options["sqlite"]["autoincrement"]:
            where = (*where, table.c.id < select(func.max(table.c.id)).scalar_subquery())
        _leave_digests(db, book, db.conn.execute(select(table).where(*where)))
    return db.conn.execute(delete(table).where(*where)).rowcount


def _leave_digests(db: Db, book: Book, rows: Iterable[Row[Any]]) -> None:
    left = [gone(db.seal, book.name, row.id, row.id, book.digest(row)) for row in rows]
    if left:
        db.conn.execute(insert(_GONE), left)


def gone(seal: Seal, book: str, first: int, last: int, digest: str) -> dict[str, Any]:
    """The values of what stands for rows that went."""
    values = {"book": book, "first_id": first, "last_id": last, "digest": digest}
    return {**values, "mac": gone_mac(seal, book, first, last, digest)}


def gone_mac(seal: Seal, book: str, first: int, last: int, digest: str) -> str:
    """What only who holds the keys can write beside a digest."""
    return seal.mac("gone", book, first, last, digest)
