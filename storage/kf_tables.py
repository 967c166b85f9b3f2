"""Rows of 微信客服: how each customer's session stands (会话与额度).

WeCom lets a program say five messages within 48 hours of the customer's last words, and nothing
while a human holds the session. ``line`` is the hashed conversation; nothing here says who it is.
"""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.columns import Moment


class KfSessionRow(SQLModel, table=True):
    """One customer at one account: when she last spoke, what was said since, who holds it."""

    __tablename__ = "kf_sessions"
    line: str = Field(primary_key=True)
    heard_at: datetime | None = Field(sa_type=Moment, nullable=True, default=None)
    said: int = 0
    state: int = 0
    state_at: datetime | None = Field(sa_type=Moment, nullable=True, default=None)
