"""Pauses as intervals, approvals by a second person, links; a clock of its own on each ticket.

Tables are new and the column is nullable: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, add the column."""
    op.create_table(
        "pauses",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("begins_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
    )
    op.create_index("ix_pauses_ticket_id", "pauses", ["ticket_id"])
    op.create_table(
        "approvals",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("data", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("reason_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("decided_by", sa.String(), nullable=False, server_default=""),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index("ix_approvals_open", "approvals", ["ticket_id", "decided_at"])
    op.create_table(
        "ticket_links",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_index("ix_ticket_links_other_id", "ticket_links", ["other_id"])
    op.create_index(
        "ux_ticket_links", "ticket_links", ["ticket_id", "other_id", "kind"], unique=True
    )
    op.add_column("tickets", sa.Column("clock_at", MOMENT, nullable=True))
    op.execute(
        "INSERT INTO pauses (key, ticket_id, kind, begins_at) "
        "SELECT 'upgrade:' || number, id, 'reporter', stage_at FROM tickets WHERE stage = 'waiting'"
    )


def downgrade() -> None:
    """Back to limits that are shifted."""
    op.drop_column("tickets", "clock_at")
    op.drop_table("ticket_links")
    op.drop_table("approvals")
    op.drop_table("pauses")
