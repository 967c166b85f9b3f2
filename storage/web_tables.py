"""Who is logged in to the pages, and who looked at what (登录与查看): rows of ``storage.web``.

Imported by ``storage.tables`` so that the schema knows them. ``key`` of a session is the part of
its cookie that is no secret; the cookie itself is signed and stored nowhere.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class WebSessionRow(SQLModel, table=True):
    """One login of one member of staff on one device; over at ``until`` or ``ended_at``."""

    __tablename__ = "web_sessions"
    __table_args__ = (Index("ix_web_sessions_user", "user", "until"),)
    id: int = row_id()
    key: str = Field(unique=True)
    user: str
    device: str = ""
    opened_at: datetime = moment()
    until: datetime = moment()
    ended_at: datetime | None = moment(nullable=True, default=None)


class ViewRow(SQLModel, table=True):
    """Somebody saw personal data on a page: ``what`` it was, of which ticket when of one."""

    __tablename__ = "views"
    # No id comes again: the audit chain knows rows by it.
    __table_args__ = (Index("ix_views_user", "user", "id"), {"sqlite_autoincrement": True})
    id: int = row_id()
    key: str = Field(unique=True)
    at: datetime = moment()
    user: str
    what: str
    ticket_id: int = Field(default=0, index=True, sa_type=Id)
