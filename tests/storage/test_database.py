"""The two databases: transactions, savepoints, readers that cannot write, one process per file."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from config.faults import StartupFault
from storage import database as module
from storage.database import (
    Database,
    FileLock,
    insert_new,
    is_away,
    normal_url,
    table_of,
    upsert,
)
from storage.tables import MetaRow
from tests.servers.process import free_port

_META = table_of(MetaRow)


def _note(conn: Connection, name: str, value: str = "x") -> None:
    insert_new(conn, MetaRow, {"name": name, "value": value})


@pytest.fixture
def database(database: Database) -> Database:
    """With no facts in its table of facts."""
    with database.writer_engine.begin() as conn:
        conn.execute(_META.delete())
    return database


def _names(database: Database) -> set[str]:
    return set(database.read_now(lambda conn: conn.execute(select(_META.c.name)).scalars().all()))


def test_released_savepoint_disappears_when_the_outer_transaction_rolls_back(
    database: Database,
) -> None:
    conn = database.writer_engine.connect()
    outer = conn.begin()
    with conn.begin_nested():
        _note(conn, "inside")
    assert conn.execute(select(func.count()).select_from(_META)).scalar_one() == 1

    outer.rollback()
    conn.close()

    assert _names(database) == set()


def test_savepoint_rolled_back_leaves_its_neighbours(database: Database) -> None:
    with database.writer_engine.begin() as conn:
        with conn.begin_nested():
            _note(conn, "first")
        undone = conn.begin_nested()
        _note(conn, "second")
        undone.rollback()
        with conn.begin_nested():
            _note(conn, "third")

    assert _names(database) == {"first", "third"}


def test_nobody_sees_what_is_not_committed(database: Database) -> None:
    with database.writer_engine.begin() as conn:
        _note(conn, "secret")

        assert _names(database) == set()

    assert _names(database) == {"secret"}


def test_reader_cannot_write(database: Database) -> None:
    def write(conn: Connection) -> None:
        conn.execute(_META.insert().values(name="forbidden", value=""))
        conn.commit()

    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        database.read_now(write)

    assert _names(database) == set()


async def test_pages_read_beside_the_loop(database: Database) -> None:
    thread = await database.read(lambda conn: threading.current_thread().name)

    assert thread.startswith("read")


def test_insert_new_says_whether_the_key_was_there(database: Database) -> None:
    with database.writer_engine.begin() as conn:
        first = insert_new(conn, MetaRow, {"name": "a", "value": "1"})
        again = insert_new(conn, MetaRow, {"name": "a", "value": "2"})

        assert first is not None
        assert again is None
        assert conn.execute(select(_META.c.value)).scalar_one() == "1"


def test_upsert_changes_only_what_it_is_told(database: Database) -> None:
    with database.writer_engine.begin() as conn:
        upsert(conn, MetaRow, {"name": "a", "value": "1"}, {"value": "2"})
        assert conn.execute(select(_META.c.value)).scalar_one() == "1"

        upsert(conn, MetaRow, {"name": "a", "value": "1"}, {"value": "2"})
        assert conn.execute(select(_META.c.value)).scalar_one() == "2"


def test_second_process_on_the_same_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "jingge.db"

    with FileLock(path), pytest.raises(StartupFault, match="已经有一个警格在运行"), FileLock(path):
        pytest.fail("two hold the same file")

    with FileLock(path):
        pass


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("sqlite:////srv/jingge.db", "sqlite:////srv/jingge.db"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
    ],
)
def test_url_gets_our_driver(given: str, wanted: str) -> None:
    assert normal_url(given) == wanted


def test_other_databases_are_refused_with_a_sentence() -> None:
    with pytest.raises(StartupFault, match="DATABASE_URL"):
        normal_url("mysql://h/d")


def test_wrong_statement_is_no_absence_of_the_database(database: Database) -> None:
    with database.writer_engine.connect() as conn, pytest.raises(DBAPIError) as wrong:
        conn.execute(text("SELECT x FROM no_such_table"))

    assert not is_away(wrong.value)


def test_database_that_does_not_answer_is_away() -> None:
    database = Database(f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    with pytest.raises(OperationalError) as gone:
        database.writer_engine.connect()
    database.close()

    assert is_away(gone.value)


def test_sqlite_keeps_what_power_cuts_need(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.writer_engine.connect() as conn:
        found = {
            name: conn.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    database.close()

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_second_writer_of_a_sqlite_file_waits_before_it_reads(sqlite_url: str) -> None:
    first, second = Database(sqlite_url), Database(sqlite_url)
    waiting = second.writer_engine.connect()
    waiting.connection.execute("PRAGMA busy_timeout=0")

    with first.writer_engine.begin(), pytest.raises(OperationalError, match="locked") as locked:
        waiting.begin()

    assert is_away(locked.value)
    waiting.close()
    for database in (first, second):
        database.close()


def test_deleted_words_are_overwritten_in_the_file(tmp_path: Path, sqlite_url: str) -> None:
    words = "虚构路九号的旧话"
    database = Database(sqlite_url)
    database.create_all()
    with database.writer_engine.begin() as conn:
        _note(conn, "heard", words)
    _empty_the_log(sqlite_url)
    file = tmp_path / "jingge.db"
    assert words.encode() in file.read_bytes()

    with database.writer_engine.begin() as conn:
        conn.execute(_META.delete())
    _empty_the_log(sqlite_url)

    assert words.encode() not in file.read_bytes()
    database.close()


def _empty_the_log(url: str) -> None:
    raw = sqlite3.connect(module.sqlite_path(url))
    busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    raw.close()
    assert busy == 0


def test_reader_sees_a_file_that_another_program_wrote(sqlite_url: str) -> None:
    writing = Database(sqlite_url)
    writing.create_all()
    reading = Database(sqlite_url)

    with writing.writer_engine.begin() as conn:
        _note(conn, "seen")

    assert _names(reading) == {"seen"}
    reading.close()
    writing.close()
