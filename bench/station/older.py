"""The years before (更早的年头): ended matters of a made station once more, some years earlier.

A million tickets made one by one take an hour; copied inside the database they take minutes. A copy
weighs on every index as a real old matter would: other numbers and keys, the same grids, houses and
people, its moments moved back as a whole. Its sealed columns cannot be opened (they are bound to
the first one's number), so that whoever touches an old matter where he need not fails loudly.
Called by ``bench.scale``.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    func,
    insert,
    literal,
    literal_column,
    select,
)  # fmt: skip
from sqlmodel import SQLModel

from storage.columns import Moment
from storage.database import Database, table_of
from storage.divert_tables import DiversionRow
from storage.people_tables import AskRow, CorrectionRow, RatingRow
from storage.repeats_tables import EffectRow
from storage.station_tables import FactRow, PauseRow
from storage.tables import CardRow, JournalRow, OutgoingRow, ReceiptRow, TicketRow, TimerRow
from storage.tickets import ENDED

_COPIED: tuple[type[SQLModel], ...] = (
    TicketRow, JournalRow, TimerRow, OutgoingRow, ReceiptRow, CardRow, RatingRow, AskRow,
    CorrectionRow, DiversionRow, PauseRow, FactRow, EffectRow,
)  # fmt: skip
_OF = {"ticket_id": TicketRow, "outgoing_id": OutgoingRow}
_NAMES = frozenset({"key", "number", "task_id"})


def copy(database: Database, times: int, days: int) -> int:
    """How many tickets there are afterwards: ``times`` more of the ended ones, ``days`` apart."""
    with database.writer_engine.begin() as conn:
        last = {row: _last(conn, row) for row in _COPIED if "id" in table_of(row).c}
    for number in range(1, times + 1):
        with database.writer_engine.connect() as conn:
            if database.is_sqlite:
                conn.exec_driver_sql("PRAGMA cache_size=-400000")
            for row in _COPIED:
                _again(conn, row, last, number, number * days)
            conn.commit()
    with database.writer_engine.connect() as conn:
        if not database.is_sqlite:
            settle(conn)
        return int(conn.execute(select(func.count()).select_from(TicketRow)).scalar_one())


def _last(conn: Connection, row: type[SQLModel]) -> int:
    return int(conn.execute(select(func.max(table_of(row).c.id))).scalar() or 0)


def _again(
    conn: Connection, row: type[SQLModel], last: dict[type[SQLModel], int], number: int, days: int
) -> None:
    table = table_of(row)
    found = {column.name: _moved(conn, table, column, last, number, days) for column in table.c}
    where = [_ended(table, last)]
    if "id" in table.c:
        where.append(table.c.id <= last[row])
    wanted = select(*found.values()).where(*where)
    conn.execute(insert(table).from_select(list(found), wanted))


def _ended(table: Table, last: dict[type[SQLModel], int]) -> ColumnElement[bool]:
    """The rows that hang on one of the first matters that have ended."""
    t = table_of(TicketRow).c
    ids = select(t.id).where(t.stage.in_(ENDED), t.id <= last[TicketRow])
    if table.name == "tickets":
        return t.stage.in_(ENDED)
    if "outgoing_id" in table.c:
        o = table_of(OutgoingRow).c
        return table.c.outgoing_id.in_(select(o.id).where(o.ticket_id.in_(ids)))
    return table.c.ticket_id.in_(ids)


def _moved(
    conn: Connection, table: Table, column: Column[Any], last: Any, number: int, days: int
) -> Any:
    """The column's value in the copy."""
    if column.name in _OF:
        return column + number * last[_OF[column.name]]
    if column.name == "id":
        rows = next(row for row in last if table_of(row) is table)
        return column + number * last[rows]
    if column.name in _NAMES:
        return literal(f"{number}:").concat(column)
    if isinstance(column.type, Moment):
        return _earlier(conn, column, days)
    return column


def _earlier(conn: Connection, column: Column[Any], days: int) -> Any:
    if conn.dialect.name == "sqlite":
        plain: ColumnElement[str] = literal_column(f'"{column.name}"')
        return func.datetime(plain, f"-{days} days").concat(func.substr(plain, 20))
    return column - func.make_interval(0, 0, 0, bindparam(None, days))


def settle(conn: Connection) -> None:
    """PostgreSQL's counters of ids go on behind what was put in; it looks at its tables."""
    free = conn.execution_options(isolation_level="AUTOCOMMIT")
    counted = [t for t in SQLModel.metadata.sorted_tables if isinstance(t.c[0].type, BigInteger)]
    for table in (one for one in counted if one.c[0].name == "id"):
        top = func.coalesce(select(func.max(table.c.id)).scalar_subquery(), 1)
        free.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), top)))
    free.exec_driver_sql("VACUUM ANALYZE")
