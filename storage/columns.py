"""Kinds of columns (列): ids, moments and lists that mean the same on SQLite and PostgreSQL.

Used by every module that defines tables.
"""

import json
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, DateTime, Integer, Text, func
from sqlalchemy import bindparam as bound
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment on both databases (SQLite has no zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC; without zone for SQLite."""
        if value is None:
            return None
        moved = value.astimezone(UTC)
        return moved.replace(tzinfo=None) if dialect.name == "sqlite" else moved

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        """SQLite's text in one step: lists and figures read moments by the ten thousand."""
        return (
            _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)
        )

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC, whatever the zone of the connection."""
        return None if value is None else value.astimezone(UTC)


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class Several(TypeDecorator[Collection[Any]]):
    """A list given as one value: JSON for SQLite, an array for PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, member: TypeEngine[Any]) -> None:
        super().__init__()
        self.member = member

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text, or an array of the column's own type."""
        kind = Text() if dialect.name == "sqlite" else ARRAY(self.member)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        """The list as that database takes it; none is an empty one."""
        members = list(value or ())
        return json.dumps(members) if dialect.name == "sqlite" else members


class _Members(FunctionElement[Any]):
    inherit_cache = True


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """``column IN`` the list that is given as ``name``: one SQL whatever its length."""
    return column.bool_op("IN")(_Members(bound(name, type_=Several(column.type))))


@compiles(_Members, "sqlite")
def _of_json(element: _Members, compiler: SQLCompiler, **how: Any) -> str:
    (given,) = (compiler.process(part, **how) for part in element.clauses)
    return f"(SELECT value FROM json_each({given}))"  # noqa: S608  # the name of a value


@compiles(_Members, "postgresql")
def _of_array(element: _Members, compiler: SQLCompiler, **how: Any) -> str:
    (given,) = (compiler.process(part, **how) for part in element.clauses)
    return f"(SELECT unnest({given}))"


def looked_at(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same value, in a form that no index knows: where another condition is the narrower one.

    A database without statistics would take the first index that fits and gather years.
    """
    return func.coalesce(column, column)


Id: Any = BigInteger().with_variant(Integer, "sqlite")


def row_id() -> Any:
    """A primary key that counts up on both databases."""
    return Field(default=None, primary_key=True, sa_type=Id)


def moment(**more: Any) -> Any:
    """A column of moments; ``more`` goes to ``Field``."""
    return Field(sa_type=Moment, **more)
