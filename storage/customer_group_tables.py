"""Rows of customer groups (客户群): whose they are, how big, when somebody was last heard there.

Who is in a group is not kept: residents are a number, only staff are known by account. ``wanted``
and ``look_at`` say that WeCom has to be asked, since a letter told of a change. Imported by
``storage.tables``, so that one metadata knows every table.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import moment, row_id


class CustomerGroupRow(SQLModel, table=True):
    """One group that holds WeChat residents; ``state`` as in ``storage.customer_groups``."""

    __tablename__ = "customer_groups"
    __table_args__ = (Index("ix_customer_groups_look", "look_at"),)
    id: int = row_id()
    chat: str = Field(unique=True)
    line: str = Field(index=True)
    state: str = "new"
    name: str = ""
    owner: str = ""
    owner_left: bool = False
    staff: str = Field(default="", sa_type=Text)
    members: int = 0
    residents: int = 0
    version: str = ""
    first_at: datetime = moment()
    seen_at: datetime | None = moment(nullable=True, default=None)
    change: str = ""
    wanted: str = ""
    tries: int = 0
    look_at: datetime | None = moment(nullable=True, default=None)
    grid: str = ""
    officer: str = ""
    asked_user: str = ""
    asked_at: datetime | None = moment(nullable=True, default=None)
    asked_card: str = ""
    bound_by: str = ""
    bound_at: datetime | None = moment(nullable=True, default=None)
    joined: int = 0
    heard_at: datetime | None = moment(nullable=True, default=None)
    staff_at: datetime | None = moment(nullable=True, default=None)
    closed_at: datetime | None = moment(nullable=True, default=None)
