"""The audit chain (存证链): rows of the audit's books sealed link by link, and looked at again.

A link holds a digest over a range of rows, the ``mac`` of the link before, and a ``mac`` that only
who holds the keys can make. Sealing comes after the commit and beside it, so no Turn pays for it.
``bot.engine.sealer`` adds links, ``commands.verify`` calls ``verify``. What was changed before its
link was made cannot be seen; a chain cut at its end shows only against a head kept elsewhere.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, text, update

from storage.audit_books import BOOKS, Book, gone, gone_mac
from storage.audit_tables import AuditGoneRow, AuditLinkRow
from storage.database import Database, table_of
from storage.sealed import Seal, SealBroken
from storage.session import Db

MOST = 1000
CODE_DIGITS = 12
_LINKS, _GONE = table_of(AuditLinkRow), table_of(AuditGoneRow)
_L, _G = _LINKS.c, _GONE.c
_LOCK_WAIT_MS = 100  # less than PostgreSQL waits before it sends a vacuum away


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link, not yet or already in the database."""

    at: datetime
    book: str
    first_id: int
    last_id: int
    count: int
    digest: str
    prev: str

    def mac(self, seal: Seal) -> str:
        """What nails this link to all before it."""
        return seal.mac(
            self.at.astimezone(UTC).isoformat(), self.book, self.first_id, self.last_id,
            self.count, self.digest, self.prev,
        )  # fmt: skip


@dataclass(slots=True)
class Found:
    """What ``verify`` saw: links and rows that hold, rows not sealed yet, the first fault."""

    links: int = 0
    head: str = ""
    at: datetime | None = None
    rows: Counter[str] = field(default_factory=Counter)
    unsealed: Counter[str] = field(default_factory=Counter)
    heads: set[str] = field(default_factory=set)
    fault: str = ""

    def has(self, code: str) -> bool:
        """True when that head was once the end of this chain."""
        return any(head.startswith(code.lower()) for head in self.heads)


# -- sealing --------------------------------------------------------------------------------------


def settled(database: Database, book: Book) -> int:
    """The id up to which every row of ``book`` has been committed or will never be.

    On PostgreSQL ids are given before the commit: for a moment no other process may be writing
    there. Raises: OperationalError, when somebody still is; then the next round will do.
    """
    newest = select(func.coalesce(func.max(book.table.c.id), 0))
    if database.is_sqlite:
        return int(database.read_now(lambda conn: conn.execute(newest).scalar_one()))
    with database.writer_engine.begin() as conn:
        conn.execute(text(f"SET LOCAL lock_timeout = {_LOCK_WAIT_MS}"))
        conn.execute(text(f"LOCK TABLE {book.name} IN SHARE MODE"))
        return int(conn.execute(newest).scalar_one())


def waits(db: Db, book: Book) -> bool:
    """True when rows of ``book`` are there that no link holds."""
    return _first_free(db, book) is not None


def next_link(db: Db, book: Book, upto: int, at: datetime) -> Link | None:
    """The link that should come next for ``book``; None when there is nothing to seal."""
    first = _first_free(db, book)
    if first is None or first > upto:
        return None
    last = first
    if book.whole:
        first = _sealed_upto(db, book) + 1
        ids = select(book.table.c.id).where(book.table.c.id.between(first, upto))
        found = list(db.conn.execute(ids.order_by(book.table.c.id).limit(MOST)).scalars())
        last = found[-1] if len(found) == MOST else upto
    kept = dict(_digests(db, book, first, last))
    return Link(
        at=at, book=book.name, first_id=first, last_id=last, count=len(kept),
        digest=_together(kept), prev=head(db),
    )  # fmt: skip


def add(db: Db, link: Link) -> str:
    """The new head. Raises: IntegrityError, when the chain has gone on meanwhile."""
    values = {name: getattr(link, name) for name in Link.__slots__}
    mac = link.mac(db.seal)
    db.conn.execute(insert(_LINKS).values(**values, mac=mac))
    return mac


def head(db: Db) -> str:
    """The ``mac`` of the last link; empty when there is none."""
    last = select(_L.mac).order_by(_L.id.desc()).limit(1)
    return str(db.conn.execute(last).scalar() or "")


def length(db: Db) -> int:
    """How many links there are."""
    return int(db.conn.execute(select(func.count(_L.id))).scalar_one())


def fold(db: Db, most: int = 20) -> int:
    """How many links lost the digests of their rows, because every row has gone by a rule."""
    return sum(_fold(db, book, most) for book in BOOKS.values())


def _fold(db: Db, book: Book, most: int) -> int:
    oldest = select(func.min(book.table.c.id)).scalar_subquery()
    single = select(_G.id).where(
        _G.book == book.name,
        _G.first_id.between(_L.first_id, _L.last_id),
        _G.first_id == _G.last_id,
    )
    over = (_L.book == book.name, _L.first_id < _L.last_id, _L.last_id < func.coalesce(oldest, 0))
    links = db.conn.execute(select(_LINKS).where(*over, single.exists()).limit(most)).all()
    for one in links:
        db.conn.execute(
            delete(_GONE).where(
                _G.book == book.name, _G.first_id.between(one.first_id, one.last_id)
            )
        )
        whole = gone(db.seal, book.name, one.first_id, one.last_id, one.digest)
        db.conn.execute(insert(_GONE).values(whole))
    return len(links)


def _first_free(db: Db, book: Book) -> int | None:
    c = book.table.c
    found = select(c.id).where(_is_free(db, book), book.is_final).order_by(c.id).limit(1)
    return db.conn.execute(found).scalar()


def _is_free(db: Db, book: Book) -> ColumnElement[bool]:
    c = book.table.c
    if book.whole:
        return c.id > _sealed_upto(db, book)
    return c.id.not_in(select(_L.first_id).where(_L.book == book.name))


def _sealed_upto(db: Db, book: Book) -> int:
    last = select(func.coalesce(func.max(_L.last_id), 0)).where(_L.book == book.name)
    return int(db.conn.execute(last).scalar_one())


def _digests(db: Db, book: Book, first: int, last: int) -> Iterator[tuple[int, str]]:
    """Ids with digests, of rows that stand and of those that went by a rule."""
    for row in _rows(db, book, first, last):
        yield row.id, book.digest(row)
    for one in _gone(db, book, first, last):
        yield one.first_id, one.digest


def _rows(db: Db, book: Book, first: int, last: int) -> list[Row[Any]]:
    found = select(book.table).where(book.table.c.id.between(first, last), book.is_final)
    return list(db.conn.execute(found))


def _gone(db: Db, book: Book, first: int, last: int) -> list[Row[Any]]:
    found = select(_GONE).where(_G.book == book.name, _G.first_id.between(first, last))
    return list(db.conn.execute(found))


def _together(kept: dict[int, str]) -> str:
    lines = "".join(f"{number}:{kept[number]}\n" for number in sorted(kept))
    return hashlib.sha256(lines.encode()).hexdigest()


# -- looking --------------------------------------------------------------------------------------


def verify(db: Db) -> Found:
    """Every link made again from its rows; stops at the first that does not hold."""
    found, upto = Found(), Counter[str]()
    for row in db.conn.execute(select(_LINKS).order_by(_L.id)).all():
        link = Link(**{name: getattr(row, name) for name in Link.__slots__})
        found.links += 1
        if why := _broken(db, link, row.mac, found.head, upto[link.book]):
            found.fault = f"{_name(found.links, link)}：{why}"
            return found
        upto[link.book] = link.last_id
        found.rows[BOOKS[link.book].label] += link.count
        found.head, found.at = row.mac, link.at
        found.heads.add(row.mac)
    for book in BOOKS.values():
        free = select(func.count(book.table.c.id)).where(_is_free(db, book), book.is_final)
        found.unsealed[book.label] = int(db.conn.execute(free).scalar_one())
    return found


def _name(number: int, link: Link) -> str:
    label = BOOKS[link.book].label if link.book in BOOKS else link.book
    return f"第 {number} 环（{label}编号 {link.first_id} 到 {link.last_id}）"


def _broken(db: Db, link: Link, mac: str, prev: str, upto: int) -> str:
    """What is wrong with that link, in words; empty when it holds."""
    book = BOOKS.get(link.book)
    if book is None or mac != link.mac(db.seal):
        return "这一环自己被改过，或者不是用现在的密钥封的"
    if link.prev != prev:
        return "和前一环接不上，前面的环被删过或换过"
    if book.whole and link.first_id != upto + 1:
        return "和这本册子的上一环之间空了一段"
    left = _gone(db, book, link.first_id, link.last_id)
    for one in left:
        if one.mac != gone_mac(db.seal, book.name, one.first_id, one.last_id, one.digest):
            return f"编号 {one.first_id} 的删除凭据是假的"
    rows = _rows(db, book, link.first_id, link.last_id)
    return _words_broken(db.seal, book, rows) or _differs(book, link, rows, left)


def _differs(book: Book, link: Link, rows: list[Row[Any]], left: list[Row[Any]]) -> str:
    if len(left) == 1 and not rows and left[0].last_id > left[0].first_id:
        return "" if left[0].digest == link.digest else "整环的删除凭据对不上"
    kept = {one.first_id: one.digest for one in left}
    if doubled := [row.id for row in rows if row.id in kept]:
        return f"编号 {doubled[0]} 已按期删除，现在又有了"
    kept |= {row.id: book.digest(row) for row in rows}
    if len(kept) != link.count:
        return f"封的时候 {link.count} 行，现在 {len(kept)} 行，有人删过或添过"
    return "" if _together(kept) == link.digest else "行数对，内容变了，有人改过"


def _words_broken(seal: Seal, book: Book, rows: list[Row[Any]]) -> str:
    """Sealed words that are not those of their row."""
    for row in rows:
        for value in (getattr(row, name) for name in book.sealed):
            try:
                if value:
                    seal.open(value, book.about.format(key=row.key))
            except SealBroken as fault:
                return f"编号 {row.id} 的加密内容不对：{fault}"
    return ""


# -- a new HMAC key -------------------------------------------------------------------------------


def rekey(db: Db, old: Seal) -> int:
    """How many links and digests bear a ``mac`` of ``db.seal`` now; what was broken stays so."""
    links = db.conn.execute(select(_LINKS).order_by(_L.id)).all()
    now_of, changed = {"": ""}, 0
    for row in links:
        link = Link(**{name: getattr(row, name) for name in Link.__slots__})
        if row.mac != link.mac(old) or link.prev not in now_of:
            continue
        values: dict[str, Any] = {"prev": now_of[link.prev]}
        fresh = Link(**{name: getattr(link, name) for name in Link.__slots__} | values)
        now_of[row.mac] = values["mac"] = fresh.mac(db.seal)
        changed += db.conn.execute(update(_LINKS).where(_L.id == row.id).values(values)).rowcount
    for row in db.conn.execute(select(_GONE)).all():
        cells = (row.book, row.first_id, row.last_id, row.digest)
        if row.mac == gone_mac(old, *cells):
            values = {"mac": gone_mac(db.seal, *cells)}
            changed += db.conn.execute(update(_GONE).where(_G.id == row.id).values(values)).rowcount
    return changed
