"""The first schema: every table of ``storage/tables.py`` as it was released.

Written out instead of derived from the models, so that this step stays what it was when they
change. Ids are 64 bits; SQLite counts only in a column that is called INTEGER.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "inbox",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("payload_sealed", sa.Text(), nullable=False),
        sa.Column("event_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("retry_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("dead", sa.Boolean(), nullable=False),
        sa.Column("answer_sealed", sa.Text(), nullable=False),
    )
    op.create_index(
        "ix_inbox_undone",
        "inbox",
        ["partition", "id"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "tickets",
        sa.Column("id", ID, primary_key=True),
        sa.Column("number", sa.String(), nullable=False, unique=True),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("prior_stage", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("danger", sa.String(), nullable=False),
        sa.Column("danger_class", sa.String(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("past_owners", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("reporter_key", sa.String(), nullable=False),
        sa.Column("reporter_sealed", sa.Text(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("masked_sealed", sa.Text(), nullable=False),
        sa.Column("original_sealed", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("place_key", sa.String(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("stage_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("finish_at", MOMENT, nullable=True),
        sa.Column("reopen_count", sa.Integer(), nullable=False),
        sa.Column("return_count", sa.Integer(), nullable=False),
        sa.Column("urged_count", sa.Integer(), nullable=False),
        sa.Column("closing_code", sa.String(), nullable=False),
        sa.Column("result_sealed", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rules_version", sa.String(), nullable=False),
    )
    op.create_index("ix_tickets_owner", "tickets", ["owner"])
    op.create_index("ix_tickets_place_key", "tickets", ["place_key"])
    op.create_index("ix_tickets_reporter_key", "tickets", ["reporter_key"])
    op.create_index("ix_tickets_serial", "tickets", ["serial"])
    op.create_index("ix_tickets_stage", "tickets", ["stage", "grid"])
    op.create_index("ix_tickets_grid", "tickets", ["grid", "opened_at"])
    op.create_index("ix_tickets_carrier", "tickets", ["carrier", "opened_at"])
    op.create_table(
        "journal",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("from_stage", sa.String(), nullable=False),
        sa.Column("to_stage", sa.String(), nullable=False),
        sa.Column("reason_sealed", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.String(), nullable=False),
    )
    op.create_index("ix_journal_ticket_id", "journal", ["ticket_id"])
    op.create_table(
        "timers",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("posted_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
    )
    op.create_index(
        "ix_timers_due",
        "timers",
        ["due_at"],
        sqlite_where=sa.text("posted_at IS NULL"),
        postgresql_where=sa.text("posted_at IS NULL"),
    )
    op.create_index("ix_timers_ticket_id", "timers", ["ticket_id"])
    op.create_table(
        "outgoing",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("if_in_doubt", sa.String(), nullable=False),
        sa.Column("after_key", sa.String(), nullable=False),
        sa.Column("body_sealed", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
    )
    op.create_index(
        "ix_outgoing_pending",
        "outgoing",
        ["lane", "due_at"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_outgoing_ticket_id", "outgoing", ["ticket_id"])
    op.create_table(
        "receipts",
        sa.Column("outgoing_id", ID, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("msgid", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
    )
    op.create_table(
        "cards",
        sa.Column("task_id", sa.String(), primary_key=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("shown_at", MOMENT, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("code_until", MOMENT, nullable=True),
    )
    op.create_index("ix_cards_ticket_id", "cards", ["ticket_id"])
    op.create_table(
        "people",
        sa.Column("person_key", sa.String(), primary_key=True),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("helped_on", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("identity_sealed", sa.Text(), nullable=False),
    )
    op.create_table(
        "conversations",
        sa.Column("line", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("spoke_at", MOMENT, nullable=True),
        sa.Column("chat_sealed", sa.Text(), nullable=False),
    )
    op.create_table(
        "heard",
        sa.Column("id", ID, primary_key=True),
        sa.Column("event_key", sa.String(), nullable=False, unique=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("masked_sealed", sa.Text(), nullable=False),
    )
    op.create_index("ix_heard_who", "heard", ["person_key", "line", "at"])
    op.create_table(
        "asks",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("data", sa.String(), nullable=False),
    )
    op.create_index("ix_asks_person", "asks", ["person_key", "answered_at"])
    op.create_index("ix_asks_ticket_id", "asks", ["ticket_id"])
    op.create_table(
        "ratings",
        sa.Column("id", ID, primary_key=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("rated_at", MOMENT, nullable=True),
        sa.Column("words_sealed", sa.Text(), nullable=False),
    )
    op.create_index("ix_ratings_ticket_id", "ratings", ["ticket_id"])
    op.create_table(
        "drafts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text_sealed", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
    )
    op.create_index("ix_drafts_ticket_id", "drafts", ["ticket_id"])
    op.create_table(
        "duties",
        sa.Column("id", ID, primary_key=True),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("begins_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
    )
    op.create_index("ix_duties_user", "duties", ["user"])
    op.create_table(
        "serials",
        sa.Column("day", sa.String(), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )


def downgrade() -> None:
    """Drop all tables."""
    for table in (
        "meta",
        "leases",
        "serials",
        "duties",
        "drafts",
        "ratings",
        "asks",
        "heard",
        "conversations",
        "people",
        "cards",
        "receipts",
        "outgoing",
        "timers",
        "journal",
        "tickets",
        "inbox",
    ):
        op.drop_table(table)
