"""What a Turn of ours leaves in the database (一条话留下的行), as inserts that anybody can repeat.

Read from the database of our own program after it has worked ``count`` messages: for each table
how many rows a message leaves, and one as the pattern. What is unique becomes ``table.column:{}``.
"""

from typing import Any

from sqlalchemy import Connection, Inspector, Table, func, inspect, select
from sqlmodel import SQLModel

from storage.database import Database

_NOT_OURS = frozenset({"leases", "processes", "meta", "alembic_version", "serials"})


def left_by(url: str, count: int) -> list[tuple[str, list[tuple[str, object]], int]]:
    """Table, columns with values, rows for each message; the inbox first."""
    database = Database(url)
    tables = [t for t in SQLModel.metadata.sorted_tables if t.name not in _NOT_OURS]
    tables.sort(key=lambda table: table.name != "inbox")
    looker = inspect(database.writer_engine)
    found = database.read_now(
        lambda conn: [
            _insert(conn, looker, table, round(_many(conn, table) / count)) for table in tables
        ]
    )
    database.close()
    return [one for one in found if one[2]]


def _many(conn: Connection, table: Table) -> int:
    return conn.execute(select(func.count()).select_from(table)).scalar_one()


def _insert(
    conn: Connection, looker: Inspector, table: Table, count: int
) -> tuple[str, list[tuple[str, object]], int]:
    """The newest row of the table as a pattern."""
    if not count:
        return table.name, [], 0
    first = next(iter(table.primary_key.columns))
    row = conn.execute(select(table).order_by(first.desc()).limit(1)).mappings().one()
    unique = {
        name for one in looker.get_unique_constraints(table.name) for name in one["column_names"]
    }
    unique |= {column.name for column in table.primary_key.columns}
    return (
        table.name,
        [
            (name, _pattern(table.name, name, value, name in unique))
            for name, value in row.items()
            if not (name == "id" and isinstance(value, int)) and value is not None
        ],
        count,
    )


def _pattern(table: str, name: str, value: Any, is_unique: bool) -> object:
    if is_unique:
        return f"{table}.{name}:{{}}"
    return value if isinstance(value, int | float | str | bool) else str(value)
