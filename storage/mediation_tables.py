"""Rows of mediations (调解): one beside a ticket, its sessions, its papers.

A part of ``storage.tables``; sealed columns as there. Minutes and terms are never in a journal.
``ticket_id`` stands in each, so that nothing outlives its ticket.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class MediationRow(SQLModel, table=True):
    """A mediation beside a ticket; it runs once both sides have agreed."""

    __tablename__ = "mediations"
    __table_args__ = (
        Index("ix_mediations_state", "state", "id"),
        Index("ix_mediations_started", "started_at"),
        Index("ix_mediations_ended", "ended_at"),
    )
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    version: int = 0
    force: str
    mediator: str
    state: str
    score: int = 0
    side_a: str = ""
    side_b: str = ""
    started_at: datetime = moment()
    eventful_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True, default=None)
    result: str = ""
    promised_at: datetime | None = moment(nullable=True, default=None)
    kept_a: str = ""
    kept_b: str = ""
    terms_sealed: str = Field(default="", sa_type=Text)


class MediationSessionRow(SQLModel, table=True):
    """One time people sat together, or a date for it; ``minutes_sealed`` is its force's."""

    __tablename__ = "mediation_sessions"
    id: int = row_id()
    key: str = Field(unique=True)
    mediation_id: int = Field(index=True, sa_type=Id)
    ticket_id: int = Field(index=True, sa_type=Id)
    kind: str
    at: datetime = moment()
    force: str
    by: str
    minutes_sealed: str = Field(default="", sa_type=Text)


class MediationPaperRow(SQLModel, table=True):
    """A paper that was written, with its number; its words are sealed."""

    __tablename__ = "mediation_papers"
    id: int = row_id()
    key: str = Field(unique=True)
    mediation_id: int = Field(index=True, sa_type=Id)
    ticket_id: int = Field(index=True, sa_type=Id)
    form: str
    number: str = Field(unique=True)
    made_at: datetime = moment()
    made_by: str
    words_sealed: str = Field(default="", sa_type=Text)
