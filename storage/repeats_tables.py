"""Rows of repeats (重复): what was found, and what the checks of effect saw.

No row names or keys a person: ``subject`` is a digest that leads nowhere, and it goes with its row.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class FindingRow(SQLModel, table=True):
    """A finding and its focus ticket; its members are ``ticket_links`` of the same kind."""

    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_kind", "kind", "id"),
        Index("ix_findings_found", "found_at"),
    )
    id: int = row_id()
    ticket_id: int = Field(unique=True, sa_type=Id)
    kind: str
    level: str
    subject: str = Field(index=True)
    grid: str = ""
    category: str = ""
    found_at: datetime = moment()


class EffectRow(SQLModel, table=True):
    """What was seen so many days after a ticket was closed: how often it came again."""

    __tablename__ = "effects"
    __table_args__ = (Index("ix_effects_days", "days", "checked_at"),)
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    closed_at: datetime = moment()
    days: int
    repeats: int
    checked_at: datetime = moment()
