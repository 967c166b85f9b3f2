"""Rows of diversion (分流的表): what went to which department by which row, and wide events.

A part of ``storage.tables``; sealed columns as there.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class DiversionRow(SQLModel, table=True):
    """A ticket went to a department: by which row of which version, until when, how it ended."""

    __tablename__ = "diversions"
    __table_args__ = (
        Index("ix_diversions_at", "at"),
        Index("ix_diversions_of_department", "department", "id"),
    )
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    round: str
    list_version: str
    row_id: str = ""
    department: str
    at: datetime = moment()
    by: str = ""
    due_at: datetime | None = moment(nullable=True, default=None)
    minder: str = ""
    letter: str = ""
    their_number: str = ""
    reminded: int = 0
    listed_at: datetime | None = moment(nullable=True, default=None)
    ended_at: datetime | None = moment(nullable=True, default=None)
    ended_how: str = ""
    reason_sealed: str = Field(default="", sa_type=Text)
    answer_sealed: str = Field(default="", sa_type=Text)


class WideRow(SQLModel, table=True):
    """A wide event (大面积事件) and its parent ticket."""

    __tablename__ = "wide_events"
    id: int = row_id()
    key: str = Field(unique=True)
    kind: str
    ticket_id: int = Field(unique=True, sa_type=Id)
    grids: str = ""
    began_at: datetime = moment()
    by: str = ""


class WideLineRow(SQLModel, table=True):
    """One line of it in one group; ``chat`` empty is the proposal to the command room."""

    __tablename__ = "wide_event_lines"
    __table_args__ = (Index("ux_wide_event_lines", "ticket_id", "chat", unique=True),)
    id: int = row_id()
    ticket_id: int = Field(sa_type=Id)
    chat: str
    said_at: datetime = moment()
