"""Rows of what humans must say (代发、群发): drafts for groups where no program may speak.

A draft is a task with its own receipt: heard, on a phone, sent, proved. ``group_drafts`` holds the
words sealed and the four moments; ``draft_cards`` says which card shows which drafts to whom.
Imported by ``storage.tables``, so that one metadata knows every table.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class GroupDraftRow(SQLModel, table=True):
    """One sentence that somebody who may speak in a group has to say there."""

    __tablename__ = "group_drafts"
    __table_args__ = (
        Index("ix_group_drafts_open", "line", "state"),
        Index("ix_group_drafts_state", "state"),
    )
    id: int = row_id()
    key: str = Field(unique=True)
    chat: str
    line: str
    ticket_id: int = Field(default=0, index=True, sa_type=Id)
    kind: str
    danger: bool = False
    door: str = ""
    text_sealed: str = Field(default="", sa_type=Text)
    said_at: datetime = moment()
    made_at: datetime = moment()
    expires_at: datetime = moment()
    state: str = "open"
    handed_at: datetime | None = moment(nullable=True, default=None)
    reminded_at: datetime | None = moment(nullable=True, default=None)
    ended_at: datetime | None = moment(nullable=True, default=None)
    ended_by: str = ""
    proved_at: datetime | None = moment(nullable=True, default=None)


class DraftCardRow(SQLModel, table=True):
    """A card that shows drafts of one group to one person; ``out_key`` leads to its receipt."""

    __tablename__ = "draft_cards"
    __table_args__ = (Index("ix_draft_cards_line", "line", "closed_at"),)
    task_id: str = Field(primary_key=True)
    line: str
    draft_id: int = Field(default=0, sa_type=Id)
    danger: bool = False
    user: str
    out_key: str
    shown_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True, default=None)


class MassSendRow(SQLModel, table=True):
    """A mass send that one member was asked to confirm; ``results`` is JSON group → outcome."""

    __tablename__ = "mass_sends"
    id: int = row_id()
    key: str = Field(unique=True)
    out_key: str
    asked_by: str
    sender: str
    chats: str = Field(sa_type=Text)
    asked_at: datetime = moment()
    state: str = "asked"
    reminded: int = 0
    checked_at: datetime | None = moment(nullable=True, default=None)
    results: str = Field(default="{}", sa_type=Text)
