"""Drafts for groups where no program may speak, the cards that show them, and mass sends.

All tables are new, so a process of the revision before can go on working beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make all three."""
    op.create_table(
        "group_drafts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("ticket_id", ID, nullable=False, server_default="0"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("danger", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("door", sa.String(), nullable=False, server_default=""),
        sa.Column("text_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False, server_default="open"),
        sa.Column("handed_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False, server_default=""),
        sa.Column("proved_at", MOMENT, nullable=True),
    )
    op.create_index("ix_group_drafts_open", "group_drafts", ["line", "state"])
    op.create_index("ix_group_drafts_ticket_id", "group_drafts", ["ticket_id"])
    op.create_table(
        "draft_cards",
        sa.Column("task_id", sa.String(), primary_key=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("draft_id", ID, nullable=False, server_default="0"),
        sa.Column("danger", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("out_key", sa.String(), nullable=False),
        sa.Column("shown_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
    )
    op.create_index("ix_draft_cards_line", "draft_cards", ["line", "closed_at"])
    op.create_table(
        "mass_sends",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("out_key", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("chats", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False, server_default="asked"),
        sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("results", sa.Text(), nullable=False, server_default="{}"),
    )


def downgrade() -> None:
    """Drop all three."""
    op.drop_table("mass_sends")
    op.drop_table("draft_cards")
    op.drop_table("group_drafts")
