"""What a transaction has read: asked once, and anew as soon as it may be different."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, select, text, update
from sqlalchemy.engine import Connection

from storage import people, tickets
from storage.columns import among
from storage.database import Database, table_of
from storage.duties import Duty, duties_now, set_duty
from storage.ready import Ready
from storage.session import Db
from storage.tables import SerialRow, TicketRow
from tests.storage.rows import NOW, ticket

_T = table_of(TicketRow)
_OWNER = Ready(select(_T.c.owner).where(_T.c.number == bindparam("of")))
_SET = Ready(update(_T).where(_T.c.number == bindparam("of")), ("owner",))
_NUMBER = "GH260304-0001K"


@pytest.fixture
def asked(database: Database) -> Iterator[list[str]]:
    """Every statement that reaches the database."""
    found: list[str] = []

    def listen(_conn: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        found.append(sql)

    event.listen(database.writer_engine, "before_cursor_execute", listen)
    yield found
    event.remove(database.writer_engine, "before_cursor_execute", listen)


def _owner(db: Db) -> str:
    return str(_OWNER.scalar(db.conn, {"of": _NUMBER}))


def test_same_question_reaches_the_database_once(db: Db, asked: list[str]) -> None:
    tickets.create(db, ticket(_NUMBER))
    first = _owner(db)
    asked.clear()

    assert _owner(db) == first
    assert asked == []


def test_other_values_are_another_question(db: Db) -> None:
    tickets.create(db, ticket(_NUMBER, owner="heyun"))

    assert _owner(db) == "heyun"
    assert _OWNER.scalar(db.conn, {"of": "GH260304-0002K"}) is None


def test_lists_are_told_apart_by_what_is_in_them(db: Db) -> None:
    some = Ready(select(_T.c.number).where(among(_T.c.number, "names")))
    tickets.create(db, ticket(_NUMBER))

    assert some.scalars(db.conn, {"names": ["nobody"]}) == []
    assert some.scalars(db.conn, {"names": [_NUMBER]}) == [_NUMBER]
    assert some.scalars(db.conn, {"names": {_NUMBER: 1}.keys()}) == [_NUMBER]


def _ready(conn: Connection) -> None:
    _SET.run(conn, {"of": _NUMBER, "owner": "new"})


def _ready_many(conn: Connection) -> None:
    _SET.run_all(conn, [{"of": _NUMBER, "owner": "new"}])


def _core(conn: Connection) -> None:
    conn.execute(update(_T).values(owner="new"))


def _words(conn: Connection) -> None:
    conn.execute(text("UPDATE tickets SET owner = 'new'"))


def _driver(conn: Connection) -> None:
    conn.exec_driver_sql("UPDATE tickets SET owner = 'new'")


@pytest.mark.parametrize("write", [_ready, _ready_many, _core, _words, _driver])
def test_write_is_seen_whatever_way_it_goes(db: Db, write: Callable[[Connection], None]) -> None:
    tickets.create(db, ticket(_NUMBER, owner="old"))
    assert _owner(db) == "old"

    write(db.conn)

    assert _owner(db) == "new"


def test_insert_is_seen(db: Db) -> None:
    assert duties_now(db, NOW) == []
    busy = Duty("lin", "busy")

    set_duty(db, busy, NOW, NOW + timedelta(hours=1))

    assert duties_now(db, NOW) == [busy]


def test_write_elsewhere_leaves_it_known(db: Db, asked: list[str]) -> None:
    tickets.create(db, ticket(_NUMBER))
    _owner(db)
    people.met(db, "somebody", NOW)
    asked.clear()

    _owner(db)

    assert asked == []


def test_table_inside_a_question_counts(db: Db) -> None:
    days = table_of(SerialRow)
    named = select(days.c.day)
    one = Ready(select(_T.c.owner).where(_T.c.number.in_(named)))
    tickets.create(db, ticket(_NUMBER, owner="heyun"))
    assert one.scalars(db.conn) == []

    Ready(insert(days), ("day", "last")).run(db.conn, {"day": _NUMBER, "last": 1})

    assert one.scalars(db.conn) == ["heyun"]


def test_what_was_undone_is_not_known(db: Db) -> None:
    tickets.create(db, ticket(_NUMBER, owner="old"))
    with db.conn.begin_nested() as part:
        _ready(db.conn)
        assert _owner(db) == "new"
        part.rollback()

    assert _owner(db) == "old"


def test_next_transaction_asks_anew(database: Database) -> None:
    count = Ready(select(table_of(SerialRow).c.last))
    with database.writer_engine.connect() as conn:
        with conn.begin():
            assert count.scalar(conn) is None
        with database.writer_engine.begin() as other:
            Ready(insert(table_of(SerialRow)), ("day", "last")).run(other, {"day": "d", "last": 3})
        with conn.begin():
            assert count.scalar(conn) == 3
            conn.rollback()
        assert count.scalar(conn) == 3


def test_years_are_not_remembered(db: Db, asked: list[str]) -> None:
    every = Ready(select(table_of(SerialRow).c.day))
    rows = [{"day": str(number), "last": 1} for number in range(100)]
    Ready(insert(table_of(SerialRow)), ("day", "last")).run_all(db.conn, rows)
    every.rows(db.conn)
    asked.clear()

    assert len(every.rows(db.conn)) == 100
    assert len(asked) == 1
