"""The database (数据库): SQLite in one file by default, PostgreSQL when its URL is given.

One engine for the writer thread, one read-only pool of four threads for pages. The few
differences between the two databases (upsert, locking clause, pragmas) live here and nowhere
else. SQLite runs WAL with ``synchronous=FULL``: only that lost nothing in simulated power cuts.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlmodel import SQLModel

from config.faults import StartupFault
from storage import tables
from storage.known import remember
from storage.ready import Ready

T = TypeVar("T")
READ_THREADS = 4
FROZEN_AFTER_S = 5.0
# A wire that was cut without a word is given up after some fifteen seconds, not after two hours.
_WIRE = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
_NO_USE_NOW = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "busy_timeout=5000")


class Database:
    """Connections to one database; ``close`` gives them back.

    PostgreSQL cuts off a writer that stands still inside a transaction for ``frozen_after_s``:
    a stopped process must not keep its leases and rows locked for the others.
    """

    def __init__(self, url: str, frozen_after_s: float = FROZEN_AFTER_S) -> None:
        self.url = normal_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self.writer_engine = _writer_engine(self.url, frozen_after_s)
        self._reader_engine = _reader_engine(self.url, self.writer_engine)
        remember(self.writer_engine)
        self._readers = ThreadPoolExecutor(READ_THREADS, thread_name_prefix="read")

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """What ``fn`` returns from a read-only connection, run in a pool thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self.read_now, fn)

    def read_now(self, fn: Callable[[Connection], T]) -> T:
        """The same in this thread (commands, tests)."""
        with self._reader_engine.connect() as conn:
            return fn(conn)

    def disconnect(self) -> None:
        """Give all connections back; the next use opens new ones."""
        self._reader_engine.dispose()
        self.writer_engine.dispose()

    def close(self) -> None:
        """The same for good."""
        self._readers.shutdown(wait=True, cancel_futures=True)
        self.disconnect()

    def create_all(self) -> None:
        """Make all tables at once, without migrations (temporary databases of ``replay``)."""
        SQLModel.metadata.create_all(self.writer_engine)


def table_of(row: type[SQLModel]) -> Table:
    """The Core table behind a row class."""
    found: Table = row.__table__  # type: ignore[attr-defined]  # SQLModel sets it at class creation
    return found


def insert_new(conn: Connection, row: type[SQLModel], values: dict[str, Any]) -> int | None:
    """Id of the new row, or None when its unique key was there already."""
    table = table_of(row)
    told = next(iter(table.primary_key.columns)).name
    statement = _insert_one(table, conn.dialect.name, told, tuple(values))
    found: int | None = statement.scalar(conn, values)
    return found


def insert_keys(
    conn: Connection, row: type[SQLModel], key: str, values: list[dict[str, Any]]
) -> set[str]:
    """Store all of them by one statement; the unique ``key`` of those that were not there."""
    table, dialect_name = table_of(row), conn.dialect.name
    if len(values) == 1:
        return set(_insert_one(table, dialect_name, key, tuple(values[0])).scalars(conn, values[0]))
    return set(conn.execute(_inserting(table, dialect_name, key), values).scalars())


def insert_many(conn: Connection, row: type[SQLModel], values: list[dict[str, Any]]) -> None:
    """Store all of them by one statement; a row whose unique key was there already is left."""
    if values:
        _insert_silently(table_of(row), conn.dialect.name, tuple(values[0])).run_all(conn, values)


@cache
def _insert_one(table: Table, dialect_name: str, told: str, names: tuple[str, ...]) -> Ready:
    return Ready(_inserting(table, dialect_name, told), names)


@cache
def _insert_silently(table: Table, dialect_name: str, names: tuple[str, ...]) -> Ready:
    return Ready(_new(table, dialect_name).on_conflict_do_nothing(), names)


@cache
def _inserting(table: Table, dialect_name: str, told: str) -> Any:
    """The insert that answers with the column ``told`` of what was not there."""
    return _new(table, dialect_name).on_conflict_do_nothing().returning(table.c[told])


def _new(table: Table, dialect_name: str) -> Any:
    return (sqlite if dialect_name == "sqlite" else postgresql).insert(table)


def upsert(
    conn: Connection, row: type[SQLModel], values: dict[str, Any], change: dict[str, Any]
) -> None:
    """Insert ``values``; where the primary key exists, set ``change`` instead."""
    table, dialect_name = table_of(row), conn.dialect.name
    if all(name in values and values[name] is value for name, value in change.items()):
        _upsert(table, dialect_name, tuple(values), tuple(change)).run(conn, values)
        return
    statement = _new(table, dialect_name).values(**values)
    keys = list(table.primary_key.columns)
    conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=change))


@cache
def _upsert(
    table: Table, dialect_name: str, names: tuple[str, ...], changed: tuple[str, ...]
) -> Ready:
    """The same ready, for changes that are among the values."""
    statement = _new(table, dialect_name)
    keys = list(table.primary_key.columns)
    new = {name: statement.excluded[name] for name in changed}
    return Ready(statement.on_conflict_do_update(index_elements=keys, set_=new), names)


def is_away(fault: BaseException) -> bool:
    """True when the database takes nothing now (gone, restarting, disk full): waiting helps."""
    if not isinstance(fault, OperationalError):
        return False
    code = getattr(fault.orig, "sqlite_errorcode", None)  # extended: the low byte is the kind
    return code is None or (code & 0xFF) in _NO_USE_NOW


def normal_url(url: str) -> str:
    """The URL with our one driver for each database.

    Raises: StartupFault for a database that is neither SQLite nor PostgreSQL.
    """
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith(("postgresql+psycopg://", "sqlite:///")) and _is_whole(url):
        return url
    raise StartupFault(
        "DATABASE_URL 只认 sqlite:///文件路径 或 postgresql://用户:密码@主机/库名,请改成其中一种。"
    )


def _is_whole(url: str) -> bool:
    """False for an address that cannot be taken apart, as one whose port is a word."""
    try:
        make_url(url)
    except (ArgumentError, ValueError):
        return False
    return True


def sqlite_path(url: str) -> Path:
    """The database file of a SQLite URL."""
    return Path(make_url(url).database or "")


class FileLock:
    """Holds a SQLite file for one process; a second one is refused with a sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        self._handle = -1

    def __enter__(self) -> "FileLock":
        """Hold it. Raises: StartupFault when another process does."""
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            os.close(self._handle)
            raise StartupFault(
                "这个数据目录已经有一个警格在运行。SQLite 只能一个进程用;"
                "要多个进程请换 PostgreSQL(设置 DATABASE_URL)。"
            ) from fault
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        os.close(self._handle)


def _writer_engine(url: str, frozen_after_s: float) -> Engine:
    if not url.startswith("sqlite"):
        return _postgres_writer(url, frozen_after_s)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 5})
    _sqlite_manners(engine, begin="BEGIN IMMEDIATE", pragmas=("journal_mode=WAL", *_PRAGMAS))
    return engine


def _postgres_writer(url: str, frozen_after_s: float) -> Engine:
    engine = create_engine(url, pool_size=2, max_overflow=2, connect_args=_WIRE)

    @event.listens_for(engine, "connect")
    def on_connect(raw: Any, _record: Any) -> None:
        raw.execute(f"SET idle_in_transaction_session_timeout = {int(frozen_after_s * 1000)}")
        raw.commit()

    return engine


def _reader_engine(url: str, writer: Engine) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            pool_size=READ_THREADS,
            connect_args=_WIRE,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
        )
    if sqlite_path(url).name in ("", ":memory:"):
        return writer
    engine = create_engine(
        f"sqlite:///file:{sqlite_path(url)}?mode=ro&uri=true",
        connect_args={"check_same_thread": False, "timeout": 5},
    )
    _sqlite_manners(engine, begin="BEGIN", pragmas=("query_only=ON", "wal_autocheckpoint=0"))
    return engine


def _sqlite_manners(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
    """Take transactions out of the driver's hands; otherwise savepoints commit by themselves."""

    @event.listens_for(engine, "connect")
    def on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(conn: Connection) -> None:
        conn.exec_driver_sql(begin)


__all__ = [
    "Database",
    "FileLock",
    "insert_new",
    "is_away",
    "normal_url",
    "table_of",
    "tables",
    "upsert",
]
