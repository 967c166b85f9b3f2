"""Rows of the machine itself (机器): which processes live. Written by ``storage.processes``."""

from sqlmodel import Field, SQLModel


class ProcessRow(SQLModel, table=True):
    """One running process: what it does, which leases it seeks, until when it counts as alive."""

    __tablename__ = "processes"
    owner: str = Field(primary_key=True)
    host: str
    pid: int
    loops: str
    head: str
    seeks: str
    started: float
    until: float
