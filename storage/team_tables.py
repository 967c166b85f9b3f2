"""Rows of work done together (联办的表): sub-tasks of tickets, meetings that were called.

A part of ``storage.tables``; sealed columns as there.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class SubtaskRow(SQLModel, table=True):
    """What one person does of a ticket; ``state`` is open, taken, done or dropped."""

    __tablename__ = "subtasks"
    __table_args__ = (Index("ix_subtasks_user", "user", "state"),)
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    user: str
    made_by: str
    made_at: datetime = moment()
    due_at: datetime = moment()
    state: str
    taken_at: datetime | None = moment(nullable=True, default=None)
    ended_at: datetime | None = moment(nullable=True, default=None)
    words_sealed: str = Field(default="", sa_type=Text)
    feedback_sealed: str = Field(default="", sa_type=Text)


class MeetingRow(SQLModel, table=True):
    """A meeting about a ticket (召集); ``answers`` is JSON of userid → coming, not or empty."""

    __tablename__ = "meetings"
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    called_by: str
    called_at: datetime = moment()
    begins_at: datetime = moment()
    answers: str = Field(default="{}", sa_type=Text)
    ended_at: datetime | None = moment(nullable=True, default=None)
    place_sealed: str = Field(default="", sa_type=Text)
    topic_sealed: str = Field(default="", sa_type=Text)
    minutes_sealed: str = Field(default="", sa_type=Text)
