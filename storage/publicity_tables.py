"""Rows of publicity (宣传): lines that were proposed, the groups of each, groups that opted out.

Imported by ``storage.tables``, so that one metadata knows every table. Nothing here says who read
anything or why a line was proposed but for the topic; a case leaves no trace.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class PublicityRow(SQLModel, table=True):
    """One wording for one day and one approver; ``key`` keeps it from being proposed twice."""

    __tablename__ = "publicity"
    __table_args__ = (Index("ix_publicity_state", "state", "day"),)
    id: int = row_id()
    key: str = Field(unique=True)
    day: str = Field(index=True)
    topic: str
    variant: str
    cause: str = "calendar"
    text: str = Field(sa_type=Text)
    approver: str
    proposed_at: datetime = moment()
    state: str = "proposed"
    decided_by: str = ""
    decided_at: datetime | None = moment(nullable=True, default=None)
    is_changed: bool = False


class PublicityPostRow(SQLModel, table=True):
    """That line in one group; ``out_key`` is the outgoing row or the draft that says it."""

    __tablename__ = "publicity_posts"
    __table_args__ = (
        Index("ix_publicity_posts_chat", "chat", "due_at"),
        Index("ux_publicity_posts", "proposal", "chat", unique=True),
    )
    id: int = row_id()
    proposal: int = Field(sa_type=Id)
    chat: str
    variant: str
    due_at: datetime = moment()
    state: str = "waiting"
    out_key: str = ""
    said_at: datetime | None = moment(nullable=True, default=None)
    why: str = ""
    residents: int = Field(default=0, sa_type=Id)
    asked: int = Field(default=0, sa_type=Id)
    answered: int = Field(default=0, sa_type=Id)


class PublicityOutRow(SQLModel, table=True):
    """That group hears no publicity until ``ended_at``."""

    __tablename__ = "publicity_outs"
    __table_args__ = (Index("ix_publicity_outs_chat", "chat", "ended_at"),)
    id: int = row_id()
    chat: str
    at: datetime = moment()
    by: str
    reason: str = ""
    ended_at: datetime | None = moment(nullable=True, default=None)
