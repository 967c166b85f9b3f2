"""Kinds of columns (列): ids and moments that mean the same on SQLite and PostgreSQL.

Used by every module that defines tables.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Integer, func
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
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
