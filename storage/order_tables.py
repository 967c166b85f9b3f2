"""Rows of 政民沟通 (政民沟通的表): which order became which ticket, which grid is which.

Nothing of what anybody wrote stands here: ``steps`` holds digests only.
"""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, Moment


class OrderRow(SQLModel, table=True):
    """An order of WeCom that was seen; ``ticket_id`` 0 when it was over before we saw it."""

    __tablename__ = "orders"
    key: str = Field(primary_key=True)
    ticket_id: int = Field(default=0, index=True, sa_type=Id)
    grid_id: str = ""
    steps: str = Field(default="[]", sa_type=Text)
    processors: str = ""
    seen_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, nullable=True, sa_type=Moment)


class OrderGridRow(SQLModel, table=True):
    """A grid of WeCom under the name it last had, and which of ours it is."""

    __tablename__ = "order_grids"
    grid_id: str = Field(primary_key=True)
    name: str = ""
    grid: str = ""
