"""The rows (表): SQLModel classes that define every table and nothing else.

One schema for SQLite and PostgreSQL. Columns named ``*_sealed`` hold AES-GCM values of
``storage.sealed``; ``person_key`` and ``line`` are keyed or hashed names, so that no resident's
account, name, phone or words stand in clear. The road of an event uses these through prepared
Core statements in the other modules of this floor; pages may use them through ORM sessions.
"""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from storage.columns import Id, moment, row_id

# 督办: urged twice or done again twice; few are.
SUPERVISED = "urged_count >= 2 OR reopen_count >= 2"


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
    id: int = row_id()
    key: str = Field(unique=True)
    line: str
    partition: int
    kind: str
    danger: bool = False
    payload_sealed: str = Field(sa_type=Text)
    event_at: datetime = moment()
    received_at: datetime = moment()
    tries: int = 0
    retry_at: datetime | None = moment(nullable=True, default=None)
    done_at: datetime | None = moment(nullable=True, default=None)
    dead: bool = False
    answer_sealed: str = Field(default="", sa_type=Text)


class TicketRow(SQLModel, table=True):
    """A ticket (工单) as it stands now; its story is in the journal."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_stage", "stage", "grid"),
        Index("ix_tickets_same_serial", "serial", "stage"),
        Index("ix_tickets_grid", "grid", "opened_at"),
        Index("ix_tickets_carrier", "carrier", "opened_at"),
        Index("ix_tickets_opened", "opened_at"),
        Index(
            "ix_tickets_closed",
            "closed_at",
            "opened_at",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        Index(
            "ix_tickets_never_closed",
            "stage_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_tickets_of_owner", "owner", "id"),
        Index("ix_tickets_of_carrier", "carrier", "id"),
        Index("ix_tickets_of_grid", "grid", "id"),
        Index("ix_tickets_of_department", "department", "id"),
        Index("ix_tickets_of_category", "category", "id"),
        Index(
            "ix_tickets_supervised",
            "id",
            sqlite_where=text(SUPERVISED),
            postgresql_where=text(SUPERVISED),
        ),
    )
    id: int = row_id()
    number: str = Field(unique=True)
    serial: str
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
    owner: str = ""
    past_owners: str = ""
    barred: str = Field(default="", sa_type=Text)
    department: str = ""
    unit: str = ""
    reporter_key: str = Field(default="", index=True)
    reporter_sealed: str = Field(default="", sa_type=Text)
    carrier: str = ""
    masked_sealed: str = Field(default="", sa_type=Text)
    original_sealed: str = Field(default="", sa_type=Text)
    place: str = Field(default="{}", sa_type=Text)
    place_key: str = Field(default="", index=True)
    opened_at: datetime = moment()
    stage_at: datetime = moment()
    clock_at: datetime | None = moment(nullable=True, default=None)
    due_at: datetime | None = moment(nullable=True, default=None)
    closed_at: datetime | None = moment(nullable=True, default=None)
    finish_at: datetime | None = moment(nullable=True, default=None)
    reopen_count: int = 0
    return_count: int = 0
    urged_count: int = 0
    closing_code: str = ""
    result_sealed: str = Field(default="", sa_type=Text)
    rating: int | None = None
    rules_version: str = ""
    anonymised_at: datetime | None = moment(nullable=True, default=None)


class JournalRow(SQLModel, table=True):
    """One step of a ticket; rows are only ever added."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_at", "at"),)
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    at: datetime = moment()
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
            sqlite_where=text("posted_at IS NULL AND done_at IS NULL"),
            postgresql_where=text("posted_at IS NULL AND done_at IS NULL"),
        ),
    )
    id: int = row_id()
    key: str = Field(unique=True)
    ticket_id: int = Field(default=0, index=True, sa_type=Id)
    line: str
    kind: str
    due_at: datetime = moment()
    data: str = "{}"
    posted_at: datetime | None = moment(nullable=True, default=None)
    done_at: datetime | None = moment(nullable=True, default=None)


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
        Index(
            "ix_outgoing_after",
            "after_key",
            sqlite_where=text("state = 'pending' AND after_key != ''"),
            postgresql_where=text("state = 'pending' AND after_key != ''"),
        ),
        Index("ix_outgoing_created", "created_at"),
    )
    id: int = row_id()
    key: str = Field(unique=True)
    lane: str
    line: str
    ticket_id: int = Field(default=0, index=True, sa_type=Id)
    danger: bool = False
    if_in_doubt: str = "resend"
    after_key: str = ""
    body_sealed: str = Field(sa_type=Text)
    created_at: datetime = moment()
    due_at: datetime = moment()
    state: str = "pending"
    tries: int = 0
    why: str = ""


class ReceiptRow(SQLModel, table=True):
    """What WeCom answered to an outgoing row."""

    __tablename__ = "receipts"
    outgoing_id: int = Field(primary_key=True, sa_type=Id)
    at: datetime = moment()
    msgid: str = ""
    note: str = ""


class CardRow(SQLModel, table=True):
    """A card that a member of staff was shown, and the newest code to replace it."""

    __tablename__ = "cards"
    task_id: str = Field(primary_key=True)
    ticket_id: int = Field(index=True, sa_type=Id)
    user: str
    shown_at: datetime = moment()
    code: str = ""
    code_until: datetime | None = moment(nullable=True, default=None)


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
from storage import audit_tables as audit_tables  # noqa: E402
from storage import binding_tables as binding_tables  # noqa: E402
from storage import change_tables as change_tables  # noqa: E402
from storage import customer_group_tables as customer_group_tables  # noqa: E402
from storage import divert_tables as divert_tables  # noqa: E402
from storage import draft_tables as draft_tables  # noqa: E402
from storage import duty_tables as duty_tables  # noqa: E402
from storage import everyday_tables as everyday_tables  # noqa: E402
from storage import field_tables as field_tables  # noqa: E402
from storage import filed_tables as filed_tables  # noqa: E402
from storage import handover_tables as handover_tables  # noqa: E402
from storage import hard_tables as hard_tables  # noqa: E402
from storage import joint_tables as joint_tables  # noqa: E402
from storage import kf_tables as kf_tables  # noqa: E402
from storage import machine_tables as machine_tables  # noqa: E402
from storage import mediation_tables as mediation_tables  # noqa: E402
from storage import order_tables as order_tables  # noqa: E402
from storage import people_tables as people_tables  # noqa: E402
from storage import publicity_tables as publicity_tables  # noqa: E402
from storage import repeats_tables as repeats_tables  # noqa: E402
from storage import retention_tables as retention_tables  # noqa: E402
from storage import staff_tables as staff_tables  # noqa: E402
from storage import station_tables as station_tables  # noqa: E402
from storage import team_tables as team_tables  # noqa: E402
from storage import view_tables as view_tables  # noqa: E402
from storage import web_tables as web_tables  # noqa: E402
