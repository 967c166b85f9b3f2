"""The row of what other systems filed (外部来件), defined apart from the rest of the tables.

One row for each accepted POST, report or further word: under which key it came, which public id it
was given, and on which ticket it stands. Imported by ``storage.tables``, used by ``storage.filed``.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, Moment


class FiledRow(SQLModel, table=True):
    """A report of another system; ``about`` names the first report when it only adds to one.

    ``ticket_id`` is the ticket that goes on, ``first_ticket_id`` the one before any merge.
    """

    __tablename__ = "filed_requests"
    __table_args__ = (Index("ix_filed_client", "client", "at"),)
    id: int = Field(default=None, primary_key=True, sa_type=Id)
    key: str = Field(unique=True)
    request: str = Field(unique=True)
    client: str
    about: str = Field(default="", index=True)
    body_hash: str
    service_code: str = ""
    at: datetime = Field(sa_type=Moment)
    ticket_id: int = Field(default=0, index=True, sa_type=Id)
    first_ticket_id: int = Field(default=0, index=True, sa_type=Id)
    words_sealed: str = Field(default="", sa_type=Text)
