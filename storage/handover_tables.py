"""Who took a shift over from whom, and how much lay open then (交接班).

Rows of ``storage.handovers``, imported by ``storage.tables`` so that the schema knows them. Counts
only: what they counted stands in the tickets themselves.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class HandoverRow(SQLModel, table=True):
    """``user`` took over the shift of his role at ``at`` from ``before`` (empty: the first one)."""

    __tablename__ = "handovers"
    __table_args__ = (Index("ix_handovers_role", "role", "id"),)
    id: int = row_id()
    key: str = Field(unique=True)
    role: str
    user: str
    before: str = ""
    at: datetime = moment()
    danger: int = Field(default=0, sa_type=Id)
    unsigned: int = Field(default=0, sa_type=Id)
    promised: int = Field(default=0, sa_type=Id)
    drafts: int = Field(default=0, sa_type=Id)
    wishes: int = Field(default=0, sa_type=Id)
