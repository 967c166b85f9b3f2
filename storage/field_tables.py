"""Rows of work outside (外勤的表): guided forms, hazards, promised dates.

A part of ``storage.tables``. A form that has ended knows neither who filled it in nor, where it
was no registration, what was said: coverage is counted without names.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id


class FormRow(SQLModel, table=True):
    """A guided form in a private chat: checklist, visit, registration; ``data`` is sealed.

    ``ticks`` are the numbers of a visit's points that were gone through (``1,3``).
    """

    __tablename__ = "forms"
    __table_args__ = (
        Index("ix_forms_open", "person_key", "ended_at"),
        Index("ix_forms_counted", "form", "grid", "ended_at"),
    )
    id: int = row_id()
    key: str = Field(unique=True)
    form: str
    person_key: str = ""
    grid: str = ""
    began_at: datetime = moment()
    until: datetime = moment()
    ended_at: datetime | None = moment(nullable=True, default=None)
    ticket_id: int = Field(default=0, index=True, sa_type=Id)
    found: int = 0
    ticks: str = ""
    data_sealed: str = Field(default="", sa_type=Text)
    forget_at: datetime | None = moment(nullable=True, default=None)
    forgotten_at: datetime | None = moment(nullable=True, default=None)


class HazardRow(SQLModel, table=True):
    """What a ticket of kind 隐患 has besides: class, place kind, deadline, notice, recheck."""

    __tablename__ = "hazards"
    __table_args__ = (Index("ux_hazards_notice", "notice_year", "notice", unique=True),)
    id: int = row_id()
    ticket_id: int = Field(unique=True, sa_type=Id)
    hazard: str
    place_kind: str = ""
    grid: str = ""
    found_by: str = ""
    found_at: datetime = moment()
    due_at: datetime = moment()
    notice_year: int | None = Field(default=None, nullable=True)
    notice: int | None = Field(default=None, nullable=True)
    rechecks: int = 0
    fixed_at: datetime | None = moment(nullable=True, default=None)


class PromiseRow(SQLModel, table=True):
    """A date that was agreed for a ticket (约好的日子); a newer one ends the one before."""

    __tablename__ = "promises"
    __table_args__ = (Index("ix_promises_at", "at", "ended_at"),)
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    at: datetime = moment()
    made_by: str = ""
    ended_at: datetime | None = moment(nullable=True, default=None)
