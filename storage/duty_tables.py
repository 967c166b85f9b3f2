"""Rows of the ladder, of hard matters and of wake drills (督办、疑难件、叫醒演练).

A part of ``storage.tables``. What was answered stands in the ticket's journal.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class PaperRow(SQLModel, table=True):
    """A step of the ladder that has a number and waits for an answer: 督办, 通报 or 联席."""

    __tablename__ = "ladder_papers"
    __table_args__ = (Index("ux_ladder_papers", "ticket_id", "kind", "round", unique=True),)
    id: int = row_id()
    ticket_id: int = Field(sa_type=Id)
    kind: str
    round: int = 1
    unit: str = ""
    made_at: datetime = moment()
    due_at: datetime | None = moment(nullable=True, default=None)
    answered_by: str = ""
    answered_at: datetime | None = moment(nullable=True, default=None)


class HardRow(SQLModel, table=True):
    """A ticket that two persons called hard (疑难件)."""

    __tablename__ = "hard_tickets"
    ticket_id: int = Field(primary_key=True, sa_type=Id, sa_column_kwargs={"autoincrement": False})
    since: datetime = moment()
    told_at: datetime | None = moment(nullable=True, default=None)


class DrillRow(SQLModel, table=True):
    """A wake drill: when, who asked for it, whether it is over."""

    __tablename__ = "drills"
    id: int = row_id()
    key: str = Field(unique=True)
    at: datetime = moment()
    asked_by: str
    ended_at: datetime | None = moment(nullable=True, default=None)


class DrillCallRow(SQLModel, table=True):
    """One person who was called in a drill, and when he said that he is awake."""

    __tablename__ = "drill_calls"
    __table_args__ = (Index("ux_drill_calls", "drill_id", "user", unique=True),)
    id: int = row_id()
    drill_id: int = Field(sa_type=Id)
    user: str
    called_at: datetime = moment()
    awake_at: datetime | None = moment(nullable=True, default=None)
    phone: str = ""
