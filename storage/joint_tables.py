"""Rows of what is done together (联动的表): tags of tickets, tallies, the big loop.

A part of ``storage.tables``. No row names a reporter; a tally knows kind, grid and day alone.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class TagRow(SQLModel, table=True):
    """Another of the 五联 than the category's own; somebody said so."""

    __tablename__ = "ticket_tags"
    ticket_id: int = Field(primary_key=True, sa_type=Id)
    tag: str
    by: str
    at: datetime = moment()


class TallyRow(SQLModel, table=True):
    """Something that is counted and is no matter of its own: 劝阻饮酒, a patrol that reported."""

    __tablename__ = "tallies"
    __table_args__ = (Index("ix_tallies_counted", "kind", "at"),)
    id: int = row_id()
    key: str = Field(unique=True)
    kind: str
    grid: str = ""
    at: datetime = moment()
    ticket_id: int = Field(default=0, index=True, sa_type=Id)
    grave: bool = False


class BigLoopRow(SQLModel, table=True):
    """A ticket that went from the police loop to the town centre, and how it came back."""

    __tablename__ = "big_loops"
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    owner: str
    sent_by: str
    sent_at: datetime = moment()
    back_by: str = ""
    back_at: datetime | None = moment(nullable=True, default=None)
