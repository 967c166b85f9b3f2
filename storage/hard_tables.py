"""Messages of which the readers were not sure (待判): for a person to judge, kept for days only.

Rows of ``storage.hard_ones``, imported by ``storage.tables`` so that the schema knows them. Masked
words and where they were said, never who spoke; the key is a digest that leads to no event.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import moment, row_id


class HardOneRow(SQLModel, table=True):
    """One message; ``guess`` is its likeliest category, ``verdict`` what somebody said it is."""

    __tablename__ = "hard_ones"
    __table_args__ = (Index("ix_hard_ones_open", "verdict", "id"), Index("ix_hard_ones_at", "at"))
    id: int = row_id()
    key: str = Field(unique=True)
    chat: str
    grid: str = ""
    at: datetime = moment()
    guess: str = ""
    rules_version: str = ""
    masked_sealed: str = Field(default="", sa_type=Text)
    card: str = ""
    shown_to: str = ""
    shown_at: datetime | None = moment(nullable=True, default=None)
    verdict: str = ""
    judged_by: str = ""
    judged_at: datetime | None = moment(nullable=True, default=None)
