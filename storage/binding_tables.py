"""Rows of a binding (绑定的表): which accounts one person has proved to be hers.

Keyed hashes only: nothing here says who anybody is, and no row names two accounts together.
"""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.columns import Id, Moment


class SamePersonRow(SQLModel, table=True):
    """An account that belongs to the person ``whole``, a random word that means nothing else."""

    __tablename__ = "same_people"
    person_key: str = Field(primary_key=True)
    whole: str = Field(index=True)
    bound_at: datetime = Field(sa_type=Moment)


class BindCodeRow(SQLModel, table=True):
    """The code that an account was given and that waits to be said elsewhere, hashed."""

    __tablename__ = "bind_codes"
    person_key: str = Field(primary_key=True)
    code_key: str = Field(unique=True)
    until: datetime = Field(sa_type=Moment)


class BindTryRow(SQLModel, table=True):
    """A wrong code, by conversation: too many and none is looked at for a while."""

    __tablename__ = "bind_tries"
    id: int = Field(default=None, primary_key=True, sa_type=Id)
    line: str = Field(index=True)
    at: datetime = Field(sa_type=Moment)
