"""Statements made ready: the same rows, values and faults as SQLAlchemy gives, by both drivers."""

from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    bindparam,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from storage import tickets
from storage.columns import among
from storage.database import Database, insert_new, table_of
from storage.people_tables import PersonRow
from storage.ready import Ready
from storage.session import Db
from storage.tables import InboxRow, TicketRow, TimerRow
from tests.storage.rows import NOW, ticket

_T = table_of(TicketRow)
_NUMBERS = ("GH260304-0001K", "GH260304-0002K", "GH260304-0003K")


@pytest.fixture
def ids(db: Db) -> list[int]:
    """Three tickets."""
    return [tickets.create(db, ticket(number, grid="三格")).id for number in _NUMBERS]


def test_all_rows_are_those_of_sqlalchemy(db: Db, ids: list[int]) -> None:
    asked = select(_T).where(_T.c.grid == bindparam("grid")).order_by(_T.c.id)

    found = Ready(asked).rows(db.conn, {"grid": "三格"})

    assert [tuple(row) for row in found] == [
        tuple(row) for row in db.conn.execute(asked, {"grid": "三格"})
    ]
    assert [row.id for row in found] == ids


def test_moment_is_the_same_whatever_way_it_goes(db: Db, ids: list[int]) -> None:
    after = Ready(select(_T.c.opened_at).where(_T.c.opened_at >= bindparam("since")))

    assert after.scalars(db.conn, {"since": NOW}) == [NOW] * len(ids)


def test_nothing_found_is_none(db: Db) -> None:
    one = Ready(select(_T.c.number).where(_T.c.id == bindparam("ticket")))

    assert one.first(db.conn, {"ticket": 7}) is None
    assert one.scalar(db.conn, {"ticket": 7}) is None


def test_fixed_list_and_limit_stand_in_the_statement(db: Db, ids: list[int]) -> None:
    asked = select(_T.c.id).where(_T.c.stage.in_(tickets.OPEN)).order_by(_T.c.id).limit(2)

    assert Ready(asked).scalars(db.conn) == ids[:2]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_list_of_any_length_is_one_statement(db: Db, ids: list[int], count: int) -> None:
    some = Ready(select(_T.c.id).where(among(_T.c.id, "ids")).order_by(_T.c.id))
    named = Ready(select(_T.c.number).where(among(_T.c.number, "names")).order_by(_T.c.id))

    assert some.scalars(db.conn, {"ids": ids[:count]}) == ids[:count]
    assert named.scalars(db.conn, {"names": _NUMBERS[:count]}) == list(_NUMBERS[:count])


def test_list_is_looked_up_in_its_index(db: Db, ids: list[int]) -> None:
    sql: list[str] = []

    def explained(_conn: Any, cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        # In the statement's own words: the driver's cursor takes them as they are.
        explain = "EXPLAIN QUERY PLAN " if db.conn.dialect.name == "sqlite" else "EXPLAIN "
        sql.extend(str(row[-1]) for row in cursor.execute(explain + statement, given).fetchall())

    if db.conn.dialect.name != "sqlite":  # three rows are read faster than their index
        db.conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
    event.listen(db.conn, "before_cursor_execute", explained)
    Ready(select(_T.c.number).where(among(_T.c.id, "ids"))).rows(db.conn, {"ids": ids})

    plan = "\n".join(sql)
    assert "SEARCH tickets USING INTEGER PRIMARY KEY" in plan or "Index Scan using" in plan, plan


def test_change_says_how_many_rows_it_touched(db: Db, ids: list[int]) -> None:
    change = Ready(update(_T).where(_T.c.id == bindparam("ticket")), ("owner",))

    assert change.run(db.conn, {"ticket": ids[0], "owner": "heyun"}) == 1
    assert change.run(db.conn, {"ticket": 0, "owner": "heyun"}) == 0
    assert tickets.get(db, ids[0]).owner == "heyun"


def test_column_that_is_not_named_takes_its_default(db: Db) -> None:
    key: Any = insert_new(db.conn, PersonRow, {"person_key": "p", "first_at": NOW, "last_at": NOW})

    row = db.conn.execute(select(table_of(PersonRow))).one()
    assert key == "p"
    assert (row.helped_on, row.grid, row.identity_sealed) == ("", "", "")


def test_default_of_its_own_every_time_is_refused(db: Db) -> None:
    counting = iter(range(9))
    table = Table(
        "odd",
        MetaData(),
        Column("id", Integer),
        Column("n", Integer, default=lambda: next(counting)),
    )

    with pytest.raises(TypeError, match="another one every time"):
        Ready(insert(table), ("id",)).run(db.conn, {"id": 1})


def test_many_rows_by_one_call(db: Db) -> None:
    change = Ready(update(_T).where(_T.c.number == bindparam("of")), ("owner",))
    for number in _NUMBERS:
        tickets.create(db, ticket(number))

    change.run_all(db.conn, [{"of": number, "owner": number[-2:]} for number in _NUMBERS])

    owners = Ready(select(_T.c.owner).order_by(_T.c.id)).scalars(db.conn)
    assert owners == [number[-2:] for number in _NUMBERS]


def test_fault_of_the_driver_is_sqlalchemys(db: Db) -> None:
    bad = Ready(select(func.no_such_function_here(_T.c.id)))

    with pytest.raises((OperationalError, ProgrammingError)) as caught, db.conn.begin_nested():
        bad.rows(db.conn)

    assert "no_such_function_here" in str(caught.value.statement)
    assert not caught.value.params  # what people said is in no fault
    assert db.conn.execute(select(func.count()).select_from(_T)).scalar_one() == 0


def test_broken_constraint_is_told_as_such(db: Db) -> None:
    plain: dict[str, Any] = {"key": None, "line": "l", "kind": "k", "due_at": NOW}
    with pytest.raises(IntegrityError), db.conn.begin_nested():
        Ready(insert(table_of(TimerRow)), plain).run(db.conn, plain)


def test_value_that_no_database_takes_is_said_as_it_is(db: Db) -> None:
    one = Ready(select(_T.c.id).where(_T.c.number == bindparam("of")))

    with pytest.raises(UnicodeEncodeError), db.conn.begin_nested():
        one.first(db.conn, {"of": "\ud83d"})


def test_wire_that_broke_is_given_up(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("no wire")
    ask = Ready(select(func.count()).select_from(table_of(InboxRow)))
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = "
    with database.writer_engine.connect() as conn, database.writer_engine.connect() as other:
        pid = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        other.exec_driver_sql(kill + str(int(pid)))
        with pytest.raises(OperationalError) as caught:
            ask.scalar(conn)
        assert caught.value.connection_invalidated
        assert conn.invalidated
        conn.rollback()
        assert ask.scalar(conn) == 0


def test_wire_that_the_driver_knows_to_be_broken_is_given_up(database: Database) -> None:
    ask = Ready(select(func.count()).select_from(table_of(InboxRow)))
    with database.writer_engine.connect() as conn:
        raw: Any = conn.connection.dbapi_connection
        raw.close()
        with pytest.raises(DBAPIError) as caught:
            ask.scalar(conn)
        assert caught.value.statement
        assert database.is_sqlite or caught.value.connection_invalidated


def test_transaction_begins_by_itself(database: Database) -> None:
    with database.writer_engine.connect() as conn:
        Ready(select(func.count()).select_from(_T)).scalar(conn)

        assert conn.in_transaction()


def test_whoever_listens_hears_it(database: Database) -> None:
    heard: list[str] = []

    def listen(_conn: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        heard.append(sql)

    event.listen(database.writer_engine, "before_cursor_execute", listen)
    with database.writer_engine.connect() as conn:
        Ready(select(func.count()).select_from(_T)).scalar(conn)

    assert "tickets" in heard[-1]
