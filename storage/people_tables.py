"""The rows about talk and people (人和话的表): who spoke, asks, ratings, duty, samples.

A part of ``storage.tables``; sealed and keyed columns as there.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class PersonRow(SQLModel, table=True):
    """Somebody who spoke to the bot, known by a keyed hash only."""

    __tablename__ = "people"
    person_key: str = Field(primary_key=True)
    first_at: datetime = moment()
    last_at: datetime = moment()
    helped_on: str = ""
    grid: str = ""
    identity_sealed: str = Field(default="", sa_type=Text)
    noted_at: datetime | None = moment(nullable=True, default=None)


class ConversationRow(SQLModel, table=True):
    """A place to hear and speak, and the last right to answer there."""

    __tablename__ = "conversations"
    line: str = Field(primary_key=True)
    kind: str
    door: str
    grid: str = ""
    spoke_at: datetime | None = moment(nullable=True, default=None)
    chat_sealed: str = Field(default="", sa_type=Text)
    person_key: str = Field(default="", index=True)
    can: str = ""


class HeardRow(SQLModel, table=True):
    """What was said lately, masked: context for the next message, kept for days only."""

    __tablename__ = "heard"
    __table_args__ = (Index("ix_heard_who", "person_key", "line", "at"),)
    id: int = row_id()
    event_key: str = Field(unique=True)
    line: str
    person_key: str
    at: datetime = moment()
    kind: str
    category: str = ""
    ticket_id: int = Field(default=0, sa_type=Id)
    masked_sealed: str = Field(default="", sa_type=Text)


class AskRow(SQLModel, table=True):
    """A question that waits for a person's answer."""

    __tablename__ = "asks"
    __table_args__ = (Index("ix_asks_person", "person_key", "answered_at"),)
    id: int = row_id()
    key: str = Field(unique=True)
    kind: str
    person_key: str
    ticket_id: int = Field(index=True, sa_type=Id)
    asked_at: datetime = moment()
    until: datetime = moment()
    answered_at: datetime | None = moment(nullable=True, default=None)
    data: str = "{}"


class RatingRow(SQLModel, table=True):
    """A resident's judgement of one result."""

    __tablename__ = "ratings"
    id: int = row_id()
    ticket_id: int = Field(index=True, sa_type=Id)
    round: int
    asked_at: datetime = moment()
    score: int | None = None
    rated_at: datetime | None = moment(nullable=True, default=None)
    words_sealed: str = Field(default="", sa_type=Text)


class DraftRow(SQLModel, table=True):
    """Something a named human must say or do, because no program may."""

    __tablename__ = "drafts"
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    user: str
    kind: str
    text_sealed: str = Field(sa_type=Text)
    made_at: datetime = moment()
    done_at: datetime | None = moment(nullable=True, default=None)


class DutyRow(SQLModel, table=True):
    """Somebody said 忙, 请假 or 顶班 in chat."""

    __tablename__ = "duties"
    id: int = row_id()
    user: str = Field(index=True)
    kind: str
    other: str = ""
    begins_at: datetime = moment()
    ends_at: datetime = moment()


class CorrectionRow(SQLModel, table=True):
    """How a matter was read and what staff made of it; it goes when its ticket goes."""

    __tablename__ = "corrections"
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(
        index=True, sa_type=Id, foreign_key="tickets.id", ondelete="CASCADE", nullable=False
    )
    at: datetime = moment()
    read_as: str
    corrected_to: str = ""
    rules_version: str = ""
    masked_sealed: str = Field(default="", sa_type=Text)


class SampleRow(SQLModel, table=True):
    """One decision that a named person judges 对 or 错; nothing of it says who spoke."""

    __tablename__ = "samples"
    __table_args__ = (Index("ix_samples_at", "at"), Index("ix_samples_drawn", "drawn_on"))
    id: int = row_id()
    key: str = Field(unique=True)
    kind: str
    at: datetime = moment()
    chat: str = ""
    move: str = ""
    category: str = ""
    ticket_id: int = Field(default=0, sa_type=Id)
    rules_version: str = ""
    masked_sealed: str = Field(default="", sa_type=Text)
    drawn_on: str = ""
    is_right: bool | None = Field(default=None, nullable=True)
    judged_at: datetime | None = moment(nullable=True, default=None)
