"""Who left the corp and who was renamed (人员变动): the rows behind ``storage.staff``.

Imported by ``storage.tables`` so that the schema knows them.
"""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.columns import Id, Moment


class StaffChangeRow(SQLModel, table=True):
    """A member of staff left (``left``) or got another userid (``renamed``)."""

    __tablename__ = "staff_changes"
    id: int = Field(default=None, primary_key=True, sa_type=Id)
    key: str = Field(unique=True)
    user: str = Field(index=True)
    kind: str
    new_user: str = ""
    at: datetime = Field(sa_type=Moment)
