"""Rows of the archive (会话存档的表): consent, rows set aside, and messages taken back.

Imported by ``storage.tables``, which is where everybody else finds them.
"""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from storage.columns import moment, row_id


class ArchiveConsentRow(SQLModel, table=True):
    """Whether a person lets the archive be read (同意存档), as she last said."""

    __tablename__ = "archive_consents"
    person_key: str = Field(primary_key=True)
    agreed: bool
    at: datetime = moment()


class ArchiveParkedRow(SQLModel, table=True):
    """A row of the archive that did not open; tried again when a key may have come."""

    __tablename__ = "archive_parked"
    id: int = row_id()
    key: str = Field(unique=True)
    version: int
    why: str
    row_sealed: str = Field(sa_type=Text)
    parked_at: datetime = moment()


class RecallRow(SQLModel, table=True):
    """A message that its sender took back (撤回); its words are shown nowhere any more."""

    __tablename__ = "recalls"
    event_key: str = Field(primary_key=True)
    at: datetime = moment()
