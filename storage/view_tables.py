"""The lists of tickets that somebody keeps by name (常用清单): rows of ``storage.saved_views``.

Imported by ``storage.tables`` so that the schema knows them. Name and address are sealed: a search
word in it was typed by a person and may be anybody's name.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import moment, row_id


class SavedViewRow(SQLModel, table=True):
    """``user`` calls that address of the list by a name of his own."""

    __tablename__ = "saved_views"
    __table_args__ = (Index("ix_saved_views_user", "user", "id"),)
    id: int = row_id()
    key: str = Field(unique=True)
    user: str
    at: datetime = moment()
    name_sealed: str = Field(default="", sa_type=Text)
    address_sealed: str = Field(default="", sa_type=Text)
