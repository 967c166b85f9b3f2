"""Statements made ready once (备好的语句): compiled at first use, then given to the driver.

SQLAlchemy takes some twenty times as long around a small statement as SQLite takes for it, and a
report's Turn asks a hundred. What SQLAlchemy knows is kept: the SQL of either database, how values
go in and come out, when a transaction begins, what a fault of the driver means. A list that has
another length every time is given as one value (``columns.among``); a fixed one may stand in it.

What was read in this transaction already is not asked again (``storage.known``).
Called by what a Turn asks of ``storage``; all else goes through ``Connection.execute``.
"""

from collections import namedtuple
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler

from storage.known import Known, known_to

Values = Mapping[str, Any]
_NONE: Values = {}
_Process = Callable[[Any], Any]


class Ready:
    """One statement; its methods take a connection and the values of its bound names.

    ``names``: the columns of an insert or update whose values are given when it runs.
    Every method raises what ``Connection.execute`` raises.
    """

    def __init__(self, statement: Any, names: Iterable[str] | None = None) -> None:
        self._statement = statement
        self._names = None if names is None else list(names)
        self._forms: dict[str, _Form] = {}
        self._writes = statement.table.name if statement.is_dml else ""

    def rows(self, conn: Connection, values: Values = _NONE) -> list[Any]:
        """All rows, their columns by name; the list is not the caller's to change."""
        known = self._known(conn)
        asked = None if known is None or self._writes else _asking(self, values)
        if known is None or asked is None:
            return self._fetched(conn, values)
        rows = known.get(asked)
        if rows is None:
            rows = self._fetched(conn, values)
            known.keep(asked, self._tables, rows)
        return rows

    def first(self, conn: Connection, values: Values = _NONE) -> Any | None:
        """The first row, or None."""
        return next(iter(self.rows(conn, values)), None)

    def scalars(self, conn: Connection, values: Values = _NONE) -> list[Any]:
        """The first column of all rows."""
        return [row[0] for row in self.rows(conn, values)]

    def scalar(self, conn: Connection, values: Values = _NONE) -> Any:
        """The first column of the first row, or None."""
        row = self.first(conn, values)
        return None if row is None else row[0]

    def run(self, conn: Connection, values: Values = _NONE) -> int:
        """How many rows it changed."""
        self._known(conn)
        form = self._form(conn)
        return int(_driven(conn, form.sql, form.given(values)).rowcount)

    def run_all(self, conn: Connection, many: Sequence[Values]) -> None:
        """The same with each of ``many``."""
        self._known(conn)
        form = self._form(conn)
        _driven(conn, form.sql, [form.given(values) for values in many], many=True)

    def _known(self, conn: Connection) -> Known | None:
        """What this transaction has read, without the table that is written to now."""
        if not conn.in_transaction():
            conn.begin()
        known = known_to(conn)
        if known is not None and self._writes:
            known.forget(self._writes)
        return known

    def _fetched(self, conn: Connection, values: Values) -> list[Any]:
        form = self._form(conn)
        return form.named(_driven(conn, form.sql, form.given(values)).fetchall())

    @cached_property
    def _tables(self) -> frozenset[str]:
        """Where its rows come from."""
        parts = visitors.iterate(self._statement)
        return frozenset(part.name for part in parts if isinstance(part, Table))

    def _form(self, conn: Connection) -> "_Form":
        name = conn.dialect.name
        if name not in self._forms:
            self._forms[name] = _Form(self._statement, conn.dialect, self._names)
        return self._forms[name]


class _Form:
    """A statement as one database takes it."""

    def __init__(self, statement: Any, dialect: Dialect, names: list[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        standing = {column.key: _default(column) for column in compiled.insert_prefetch}
        self._asked = _asked(compiled, dialect, standing)
        whole = compiled.construct_expanded_state({**dict.fromkeys(self._asked), **standing})
        self.sql = whole.statement
        self._order = whole.positiontup
        self._fixed = _fixed(compiled, dialect, whole.parameters, self._asked)
        self._coming = _coming(compiled, dialect)
        keys = [entry.keyname for entry in compiled._result_columns]
        self._row: Any = namedtuple("Found", keys, rename=True)  # type: ignore[misc]

    def given(self, values: Values) -> Any:
        """The values as the driver takes them: by place, or by name."""
        known = dict(self._fixed)
        for name, process in self._asked.items():
            value = values[name]
            known[name] = value if process is None else process(value)
        return known if self._order is None else [known[name] for name in self._order]

    def named(self, found: list[Any]) -> list[Any]:
        """The rows of the driver with the names and types of the statement's columns."""
        make = self._row._make
        return [make(self._came(row)) for row in found] if self._coming else list(map(make, found))

    def _came(self, row: Any) -> list[Any]:
        values = list(row)
        for at, process in self._coming:
            values[at] = process(values[at])
        return values


def _asking(statement: Ready, values: Values) -> Hashable:
    """The statement with its values, one for each reading."""
    plain = (v if isinstance(v, Hashable) else tuple(v) for v in values.values())
    return (statement, *values, *plain)


def _default(column: Any) -> Any:
    """What a column holds when an insert does not name it."""
    if not column.default.is_scalar:
        raise TypeError(f"{column}: a default that is another one every time")
    return column.default.arg


def _asked(compiled: SQLCompiler, dialect: Dialect, standing: Values) -> dict[str, _Process | None]:
    """The names whose values come with the call, and how each goes to the driver."""
    return {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for bind, name in compiled.bind_names.items()
        if bind.required and name not in standing
    }


def _fixed(
    compiled: SQLCompiler, dialect: Dialect, whole: Values, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """The values that stand in the statement itself, as the driver takes them."""
    kinds = {name: bind.type for bind, name in compiled.bind_names.items()}
    return {
        name: _gone(value, kinds.get(name), dialect)
        for name, value in whole.items()
        if name not in asked
    }


def _gone(value: Any, kind: Any, dialect: Dialect) -> Any:
    """A value as the driver takes it, without its Enum."""
    value = value.value if isinstance(value, Enum) else value
    process = kind.dialect_impl(dialect).bind_processor(dialect) if kind is not None else None
    return value if process is None else process(value)


def _coming(compiled: SQLCompiler, dialect: Dialect) -> list[tuple[int, _Process]]:
    """How what comes back is changed, by its place in the row."""
    kinds = [entry.type.dialect_impl(dialect) for entry in compiled._result_columns]
    found = [(at, kind.result_processor(dialect, None)) for at, kind in enumerate(kinds)]
    return [(at, process) for at, process in found if process is not None]


def _driven(conn: Connection, sql: str, given: Any, *, many: bool = False) -> Any:
    """The driver's cursor after the statement; a fault is told as SQLAlchemy tells it."""
    wire, cursor = conn.connection, None
    try:
        cursor = wire.cursor()  # a wire that is known to be broken has none
        for listener in conn.dispatch.before_cursor_execute:
            listener(conn, cursor, sql, given, None, many)
        (cursor.executemany if many else cursor.execute)(sql, given)
    except conn.dialect.loaded_dbapi.Error as fault:
        conn._handle_dbapi_exception(fault, sql, None, cursor, None)
    return cursor
