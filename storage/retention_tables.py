"""Rows of what goes and what must stay (保留期的表), of daily logs and of words in groups.

A part of ``storage.tables``; nothing here says who reported anything.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class DeletionRow(SQLModel, table=True):
    """So many rows of one kind went by one rule; never whose."""

    __tablename__ = "deletions"
    id: int = row_id()
    at: datetime = moment()
    rule: str
    kind: str
    count: int


class LegalHoldRow(SQLModel, table=True):
    """Nothing of this ticket goes until ``ends_at``; two persons put it on, two take it off."""

    __tablename__ = "legal_holds"
    id: int = row_id()
    ticket_id: int = Field(index=True, sa_type=Id)
    begins_at: datetime = moment()
    asked_by: str
    agreed_by: str
    ends_at: datetime | None = moment(nullable=True, default=None)
    end_asked_by: str = ""
    end_agreed_by: str = ""


class LogCorrectionRow(SQLModel, table=True):
    """The one correction that somebody made to his own log of a day."""

    __tablename__ = "log_corrections"
    __table_args__ = (Index("ux_log_corrections", "user", "day", unique=True),)
    id: int = row_id()
    key: str = Field(unique=True)
    user: str
    day: str
    at: datetime = moment()
    words_sealed: str = Field(sa_type=Text)


class GroupWordsRow(SQLModel, table=True):
    """A message to a group that belongs to no ticket; ``key`` is its outgoing row."""

    __tablename__ = "group_words"
    __table_args__ = (Index("ix_group_words_line", "line", "due_at"),)
    id: int = row_id()
    key: str = Field(unique=True)
    line: str
    due_at: datetime = moment()
