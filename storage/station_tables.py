"""Rows of station life (站里日常的表): pauses, what waits for a second person, links of tickets.

A part of ``storage.tables``; sealed columns as there.
"""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class PauseRow(SQLModel, table=True):
    """The clock of a ticket stood still; ``kind`` says what it waited for."""

    __tablename__ = "pauses"
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    kind: str
    begins_at: datetime = moment()
    ends_at: datetime | None = moment(nullable=True, default=None)


class ApprovalRow(SQLModel, table=True):
    """Something that one person asked for and another one decides."""

    __tablename__ = "approvals"
    __table_args__ = (
        Index("ix_approvals_open", "ticket_id", "decided_at"),
        Index(
            "ix_approvals_waiting",
            "id",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(sa_type=Id)
    act: str
    asked_by: str
    asked_at: datetime = moment()
    data: str = Field(default="{}", sa_type=Text)
    reason_sealed: str = Field(default="", sa_type=Text)
    decided_by: str = ""
    decided_at: datetime | None = moment(nullable=True, default=None)
    is_granted: bool = False


class LinkRow(SQLModel, table=True):
    """Two tickets that belong together and stay two; ``kind`` says how."""

    __tablename__ = "ticket_links"
    __table_args__ = (Index("ux_ticket_links", "ticket_id", "other_id", "kind", unique=True),)
    id: int = row_id()
    ticket_id: int = Field(sa_type=Id)
    other_id: int = Field(index=True, sa_type=Id)
    kind: str
    made_at: datetime = moment()


class FactRow(SQLModel, table=True):
    """Something that must be known of a ticket before it may end, or of who tried what; added."""

    __tablename__ = "ticket_facts"
    __table_args__ = (Index("ix_ticket_facts", "ticket_id", "kind"),)
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(sa_type=Id)
    kind: str
    by: str = ""
    at: datetime = moment()
    words_sealed: str = Field(default="", sa_type=Text)
