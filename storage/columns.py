"""Kinds of columns (列): ids and moments that mean the same on SQLite and PostgreSQL.

Used by every module that defines tables.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer
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

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id: Any = BigInteger().with_variant(Integer, "sqlite")


def row_id() -> Any:
    """A primary key that counts up on both databases."""
    return Field(default=None, primary_key=True, sa_type=Id)


def moment(**more: Any) -> Any:
    """A column of moments; ``more`` goes to ``Field``."""
    return Field(sa_type=Moment, **more)
