"""Group commit: many jobs, one commit; nobody pays for a neighbour's fault."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.database import Database, insert_new, table_of
from storage.tables import MetaRow
from storage.writer import Writer

_META = table_of(MetaRow)


class Gate:
    """A job that holds the writer until ``open``, so that a batch can gather behind it."""

    def __init__(self, writer: Writer) -> None:
        self._inside, self._open = threading.Event(), threading.Event()
        self.future = writer.submit(self._wait)
        assert self._inside.wait(10)

    def _wait(self, conn: Connection) -> None:
        self._inside.set()
        assert self._open.wait(10)

    def open(self) -> None:
        self._open.set()


def _note(name: str) -> Callable[[Connection], str]:
    def job(conn: Connection) -> str:
        insert_new(conn, MetaRow, {"name": name, "value": ""})
        return name

    return job


@pytest.fixture
def database(database: Database) -> Database:
    """With no facts in its table of facts."""
    with database.writer_engine.begin() as conn:
        conn.execute(_META.delete())
    return database


def _names(database: Database) -> set[str]:
    return set(database.read_now(lambda conn: conn.execute(select(_META.c.name)).scalars().all()))


def _make_bonds(database: Database) -> None:
    """Two tables whose bond is looked at only at the commit."""
    with database.writer_engine.begin() as conn:
        conn.execute(text("CREATE TABLE parents (id INTEGER PRIMARY KEY)"))
        conn.execute(
            text(
                "CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER"
                " REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)"
            )
        )


def _orphan(conn: Connection) -> None:
    conn.execute(text("INSERT INTO children (id, parent) VALUES (1, 99)"))


def test_many_jobs_share_one_commit(database: Database, writer: Writer) -> None:
    gate = Gate(writer)
    futures = [writer.submit(_note(f"n{n}")) for n in range(50)]

    gate.open()

    assert [future.result(10) for future in futures] == [f"n{n}" for n in range(50)]
    assert len(_names(database)) == 50
    assert writer.commits == 2


def test_failing_job_undoes_only_itself(database: Database, writer: Writer) -> None:
    def fails(conn: Connection) -> None:
        _note("undone")(conn)
        raise LookupError("no such ticket")

    gate = Gate(writer)
    before, failing, after = (writer.submit(job) for job in (_note("a"), fails, _note("b")))
    gate.open()

    with pytest.raises(LookupError, match="no such ticket"):
        failing.result(10)
    assert (before.result(10), after.result(10)) == ("a", "b")
    assert _names(database) == {"a", "b"}
    assert writer.commits == 2


def test_job_that_the_database_refuses_undoes_only_itself(
    database: Database, writer: Writer
) -> None:
    def twice(conn: Connection) -> None:
        conn.execute(_META.insert().values(name="a", value=""))

    gate = Gate(writer)
    futures = [writer.submit(job) for job in (_note("a"), twice, _note("b"))]
    gate.open()

    with pytest.raises(IntegrityError):
        futures[1].result(10)
    assert futures[2].result(10) == "b"
    assert _names(database) == {"a", "b"}


def test_commit_that_fails_as_a_whole_is_repeated_job_by_job(
    database: Database, writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    _make_bonds(database)
    gate = Gate(writer)
    before, poisonous, after = (writer.submit(job) for job in (_note("a"), _orphan, _note("b")))
    gate.open()

    with pytest.raises(IntegrityError):
        poisonous.result(10)
    assert (before.result(10), after.result(10)) == ("a", "b")
    assert _names(database) == {"a", "b"}
    assert "commit of 3 failed (IntegrityError); one by one" in caplog.messages


def test_nobody_is_told_before_the_commit(database: Database, writer: Writer) -> None:
    gate = Gate(writer)
    first = writer.submit(_note("a"))
    told_early: list[bool] = []
    second = writer.submit(lambda conn: told_early.append(first.done()))

    gate.open()
    second.result(10)

    assert first.done()
    assert told_early == [False]


def test_connection_killed_in_the_middle_loses_no_job(postgres_database: Database) -> None:
    writer = Writer(postgres_database)
    writer.start()
    killed: list[int] = []

    def dies_once(conn: Connection) -> str:
        own = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
        if not killed:
            killed.append(own)
            _kill(postgres_database, own)
        return _note("c")(conn)

    gate = Gate(writer)
    futures = [writer.submit(job) for job in (_note("a"), dies_once, _note("b"))]
    gate.open()

    assert [future.result(10) for future in futures] == ["a", "c", "b"]
    assert _names(postgres_database) == {"a", "b", "c"}
    writer.stop()


def test_connection_killed_while_nobody_writes_does_not_lose_the_next_job(
    postgres_database: Database,
) -> None:
    writer = Writer(postgres_database)
    writer.start()
    own = writer.submit(lambda conn: conn.execute(text("SELECT pg_backend_pid()")).scalar_one())
    _kill(postgres_database, own.result(10))

    assert writer.submit(_note("a")).result(10) == "a"

    assert _names(postgres_database) == {"a"}
    writer.stop()


def test_database_that_is_gone_fails_the_job_and_not_the_writer(
    postgres_database: Database,
) -> None:
    writer = Writer(postgres_database)
    writer.start()

    def dies(conn: Connection) -> None:
        _kill(postgres_database, conn.execute(text("SELECT pg_backend_pid()")).scalar_one())
        conn.execute(text("SELECT 1"))

    with pytest.raises(OperationalError):
        writer.submit(dies).result(10)

    assert writer.submit(_note("a")).result(10) == "a"
    writer.stop()


def _kill(database: Database, pid: int) -> None:
    def kill(conn: Connection) -> None:
        ended = "SELECT pg_terminate_backend(:pid, 5000)"  # waits until the other one is gone
        assert conn.execute(text(ended), {"pid": pid}).scalar_one()

    database.read_now(kill)


def test_job_nobody_waits_for_any_more_is_left_out(database: Database, writer: Writer) -> None:
    gate = Gate(writer)
    given_up = writer.submit(_note("a"))
    assert given_up.cancel()

    gate.open()

    assert writer.submit(_note("b")).result(10) == "b"
    assert _names(database) == {"b"}


async def test_reader_of_a_result_who_leaves_does_not_stop_the_job(
    database: Database, writer: Writer
) -> None:
    gate = Gate(writer)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(writer.do(_note("a")), 0.05)

    gate.open()

    assert await writer.do(_note("b")) == "b"
    assert _names(database) == {"a", "b"}


def test_stop_finishes_what_was_handed_in(database: Database) -> None:
    writer = Writer(database)
    writer.start()
    gate = Gate(writer)
    futures: list[Future[str]] = [writer.submit(_note(f"n{n}")) for n in range(70)]
    stopping = threading.Thread(target=writer.stop)
    stopping.start()

    gate.open()
    stopping.join(10)

    assert all(future.done() for future in futures)
    assert len(_names(database)) == 70


def test_who_gave_way_in_a_knot_is_tried_once_more(
    database: Database, writer: Writer, url: str
) -> None:
    """Two processes that write the same keys in opposite order: PostgreSQL lets one go first."""
    if database.writer_engine.dialect.name == "sqlite":
        return  # one writer at a time: there is no knot
    meets, other = threading.Barrier(2), Database(url)
    tries: list[str] = []

    def both(first: str, second: str) -> Callable[[Connection], None]:
        def job(conn: Connection) -> None:
            tries.append(first)
            insert_new(conn, MetaRow, {"name": first, "value": ""})
            if tries.count(first) == 1:
                meets.wait(10)
            insert_new(conn, MetaRow, {"name": second, "value": ""})

        return job

    beside = Writer(other)
    beside.start()
    futures = [writer.submit(both("a", "b")), beside.submit(both("b", "a"))]

    assert [future.result(30) for future in futures] == [None, None]
    assert len(tries) > 2, "one of them was tried again"
    assert {"a", "b"} <= _names(database)
    beside.stop()
    other.close()
