"""The rows (表): SQLModel classes that define every table and nothing else.

One schema for SQLite and PostgreSQL. Columns named ``*_sealed`` hold AES-GCM values of
``storage.sealed``; ``person_key`` and ``line`` are keyed or hashed names, so that no resident's
account, name, phone or words stand in clear. The road of an event uses these through prepared
Core statements in the other modules of this floor; pages may use them through ORM sessions.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, Integer, Text, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment on both databases (SQLite has no zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC; without zone for SQLite."""
        if value is None:
            return None
        moved = value.astimezone(UTC)
        return moved.replace(tzinfo=None) if dialect.name == "sqlite" else moved

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id: Any = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Any:
    return Field(default=None, primary_key=True, sa_type=Id)


def _moment(**more: Any) -> Any:
    return Field(sa_type=Moment, **more)


class InboxRow(SQLModel, table=True):
    """An event that was accepted; undone until ``done_at``."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_undone",
            "partition",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )
    id: int = _id()
    key: str = Field(unique=True)
    line: str
    partition: int
    kind: str
    danger: bool = False
    payload_sealed: str = Field(sa_type=Text)
    event_at: datetime = _moment()
    received_at: datetime = _moment()
    tries: int = 0
    retry_at: datetime | None = _moment(nullable=True, default=None)
    done_at: datetime | None = _moment(nullable=True, default=None)
    dead: bool = False
    answer_sealed: str = Field(default="", sa_type=Text)


class TicketRow(SQLModel, table=True):
    """A ticket (工单) as it stands now; its story is in the journal."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_stage", "stage", "grid"),
        Index("ix_tickets_grid", "grid", "opened_at"),
        Index("ix_tickets_carrier", "carrier", "opened_at"),
    )
    id: int = _id()
    number: str = Field(unique=True)
    serial: str = Field(index=True)
    version: int
    stage: str
    prior_stage: str = ""
    category: str
    urgency: str
    danger: str
    danger_class: str = ""
    protected: bool = False
    origin: str
    grid: str = ""
    chat: str = ""
    line: str
    owner: str = Field(default="", index=True)
    past_owners: str = ""
    department: str = ""
    unit: str = ""
    reporter_key: str = Field(default="", index=True)
    reporter_sealed: str = Field(default="", sa_type=Text)
    carrier: str = ""
    masked_sealed: str = Field(default="", sa_type=Text)
    original_sealed: str = Field(default="", sa_type=Text)
    place: str = Field(default="{}", sa_type=Text)
    place_key: str = Field(default="", index=True)
    opened_at: datetime = _moment()
    stage_at: datetime = _moment()
    due_at: datetime | None = _moment(nullable=True, default=None)
    closed_at: datetime | None = _moment(nullable=True, default=None)
    finish_at: datetime | None = _moment(nullable=True, default=None)
    reopen_count: int = 0
    return_count: int = 0
    urged_count: int = 0
    closing_code: str = ""
    result_sealed: str = Field(default="", sa_type=Text)
    rating: int | None = None
    rules_version: str = ""


class JournalRow(SQLModel, table=True):
    """One step of a ticket; rows are only ever added."""

    __tablename__ = "journal"
    id: int = _id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    at: datetime = _moment()
    actor: str
    act: str
    from_stage: str = ""
    to_stage: str = ""
    reason_sealed: str = Field(default="", sa_type=Text)
    rules_version: str = ""


class TimerRow(SQLModel, table=True):
    """Something to remember at ``due_at`` (business time)."""

    __tablename__ = "timers"
    __table_args__ = (
        Index(
            "ix_timers_due",
            "due_at",
            sqlite_where=text("posted_at IS NULL"),
            postgresql_where=text("posted_at IS NULL"),
        ),
    )
    id: int = _id()
    key: str = Field(unique=True)
    ticket_id: int = Field(default=0, index=True, sa_type=Id)
    line: str
    kind: str
    due_at: datetime = _moment()
    data: str = "{}"
    posted_at: datetime | None = _moment(nullable=True, default=None)
    done_at: datetime | None = _moment(nullable=True, default=None)


class OutgoingRow(SQLModel, table=True):
    """Something to say; ``state`` is pending, sent, parked or dropped."""

    __tablename__ = "outgoing"
    __table_args__ = (
        Index(
            "ix_outgoing_pending",
            "lane",
            "due_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )
    id: int = _id()
    key: str = Field(unique=True)
    lane: str
    line: str
    ticket_id: int = Field(default=0, index=True, sa_type=Id)
    danger: bool = False
    if_in_doubt: str = "resend"
    after_key: str = ""
    body_sealed: str = Field(sa_type=Text)
    created_at: datetime = _moment()
    due_at: datetime = _moment()
    state: str = "pending"
    tries: int = 0
    why: str = ""


class ReceiptRow(SQLModel, table=True):
    """What WeCom answered to an outgoing row."""

    __tablename__ = "receipts"
    outgoing_id: int = Field(primary_key=True, sa_type=Id)
    at: datetime = _moment()
    msgid: str = ""
    note: str = ""


class CardRow(SQLModel, table=True):
    """A card that a member of staff was shown, and the newest code to replace it."""

    __tablename__ = "cards"
    task_id: str = Field(primary_key=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    user: str
    shown_at: datetime = _moment()
    code: str = ""
    code_until: datetime | None = _moment(nullable=True, default=None)


class PersonRow(SQLModel, table=True):
    """Somebody who spoke to the bot, known by a keyed hash only."""

    __tablename__ = "people"
    person_key: str = Field(primary_key=True)
    first_at: datetime = _moment()
    last_at: datetime = _moment()
    helped_on: str = ""
    grid: str = ""
    identity_sealed: str = Field(default="", sa_type=Text)


class ConversationRow(SQLModel, table=True):
    """A place to hear and speak, and the last right to answer there."""

    __tablename__ = "conversations"
    line: str = Field(primary_key=True)
    kind: str
    door: str
    grid: str = ""
    spoke_at: datetime | None = _moment(nullable=True, default=None)
    chat_sealed: str = Field(default="", sa_type=Text)
    person_key: str = Field(default="", index=True)
    can: str = ""


class HeardRow(SQLModel, table=True):
    """What was said lately, masked: context for the next message, kept for days only."""

    __tablename__ = "heard"
    __table_args__ = (Index("ix_heard_who", "person_key", "line", "at"),)
    id: int = _id()
    event_key: str = Field(unique=True)
    line: str
    person_key: str
    at: datetime = _moment()
    kind: str
    category: str = ""
    ticket_id: int = Field(default=0, sa_type=Id)
    masked_sealed: str = Field(default="", sa_type=Text)


class AskRow(SQLModel, table=True):
    """A question that waits for a person's answer."""

    __tablename__ = "asks"
    __table_args__ = (Index("ix_asks_person", "person_key", "answered_at"),)
    id: int = _id()
    key: str = Field(unique=True)
    kind: str
    person_key: str
    ticket_id: int = Field(index=True, sa_type=Id)
    asked_at: datetime = _moment()
    until: datetime = _moment()
    answered_at: datetime | None = _moment(nullable=True, default=None)
    data: str = "{}"


class RatingRow(SQLModel, table=True):
    """A resident's judgement of one result."""

    __tablename__ = "ratings"
    id: int = _id()
    ticket_id: int = Field(index=True, sa_type=Id)
    round: int
    asked_at: datetime = _moment()
    score: int | None = None
    rated_at: datetime | None = _moment(nullable=True, default=None)
    words_sealed: str = Field(default="", sa_type=Text)


class DraftRow(SQLModel, table=True):
    """Something a named human must say or do, because no program may."""

    __tablename__ = "drafts"
    id: int = _id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    user: str
    kind: str
    text_sealed: str = Field(sa_type=Text)
    made_at: datetime = _moment()
    done_at: datetime | None = _moment(nullable=True, default=None)


class DutyRow(SQLModel, table=True):
    """Somebody said 忙, 请假 or 顶班 in chat."""

    __tablename__ = "duties"
    id: int = _id()
    user: str = Field(index=True)
    kind: str
    other: str = ""
    begins_at: datetime = _moment()
    ends_at: datetime = _moment()


class CorrectionRow(SQLModel, table=True):
    """How a matter was read and what staff made of it; it goes when its ticket goes."""

    __tablename__ = "corrections"
    id: int = _id()
    key: str = Field(unique=True)
    ticket_id: int = Field(
        index=True, sa_type=Id, foreign_key="tickets.id", ondelete="CASCADE", nullable=False
    )
    at: datetime = _moment()
    read_as: str
    corrected_to: str = ""
    rules_version: str = ""
    masked_sealed: str = Field(default="", sa_type=Text)


class SampleRow(SQLModel, table=True):
    """One decision that a named person judges 对 or 错; nothing of it says who spoke."""

    __tablename__ = "samples"
    __table_args__ = (Index("ix_samples_at", "at"), Index("ix_samples_drawn", "drawn_on"))
    id: int = _id()
    key: str = Field(unique=True)
    kind: str
    at: datetime = _moment()
    chat: str = ""
    move: str = ""
    category: str = ""
    ticket_id: int = Field(default=0, sa_type=Id)
    rules_version: str = ""
    masked_sealed: str = Field(default="", sa_type=Text)
    drawn_on: str = ""
    is_right: bool | None = Field(default=None, nullable=True)
    judged_at: datetime | None = _moment(nullable=True, default=None)


class SerialRow(SQLModel, table=True):
    """Last serial of a day."""

    __tablename__ = "serials"
    day: str = Field(primary_key=True)
    last: int


class LeaseRow(SQLModel, table=True):
    """Who may work a partition, a lane or the clock now; ``epoch`` is the fence."""

    __tablename__ = "leases"
    name: str = Field(primary_key=True)
    owner: str
    epoch: int
    until: float


class MetaRow(SQLModel, table=True):
    """Small facts about this database: key check, last cron hours."""

    __tablename__ = "meta"
    name: str = Field(primary_key=True)
    value: str


# Parts of the house that brought tables of their own; one metadata knows every table.
from storage import archive_tables as archive_tables  # noqa: E402
from storage import binding_tables as binding_tables  # noqa: E402
from storage import draft_tables as draft_tables  # noqa: E402
from storage import filed_tables as filed_tables  # noqa: E402
from storage import kf_tables as kf_tables  # noqa: E402
from storage import order_tables as order_tables  # noqa: E402
from storage import staff_tables as staff_tables  # noqa: E402
