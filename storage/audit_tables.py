"""The links of the audit chain, and what retention took out of sealed books (存证链的表).

A part of ``storage.tables``. A link says nothing of anybody: a book, a range of ids, digests.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class AuditLinkRow(SQLModel, table=True):
    """One link: the rows ``first_id`` to ``last_id`` of ``book`` as they were at ``at``.

    ``prev`` is the ``mac`` of the link before, empty for the first one; being unique it allows no
    fork, whoever seals.
    """

    __tablename__ = "audit_links"
    __table_args__ = (Index("ix_audit_links_book", "book", "last_id"),)
    id: int = row_id()
    at: datetime = moment()
    book: str
    first_id: int = Field(sa_type=Id)
    last_id: int = Field(sa_type=Id)
    count: int
    digest: str
    prev: str = Field(unique=True)
    mac: str


class AuditGoneRow(SQLModel, table=True):
    """A row that went by a rule: its digest stays in its place; later one for a whole link."""

    __tablename__ = "audit_gone"
    __table_args__ = (Index("ux_audit_gone", "book", "first_id", unique=True),)
    id: int = row_id()
    book: str
    first_id: int = Field(sa_type=Id)
    last_id: int = Field(sa_type=Id)
    digest: str
    mac: str
