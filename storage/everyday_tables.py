"""Rows of everyday matters (日常小事的表): kind words, opinions by the month, searches in groups.

A part of ``storage.tables``; sealed columns as there.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class PraiseRow(SQLModel, table=True):
    """Kind words for a member of staff; never who said them."""

    __tablename__ = "praises"
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    user: str
    at: datetime = moment()
    words_sealed: str = Field(default="", sa_type=Text)


class OpinionRow(SQLModel, table=True):
    """One opinion more in that grid and month; neither words nor who."""

    __tablename__ = "opinions"
    __table_args__ = (Index("ux_opinions", "month", "grid", unique=True),)
    id: int = row_id()
    month: str
    grid: str
    count: int


class SearchRow(SQLModel, table=True):
    """A search for somebody missing went to that group; it runs until ``ended_at``."""

    __tablename__ = "searches"
    __table_args__ = (Index("ux_searches", "ticket_id", "chat", "begins_at", unique=True),)
    id: int = row_id()
    ticket_id: int = Field(sa_type=Id)
    chat: str
    begins_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True, default=None)
