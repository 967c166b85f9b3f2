"""Diversions with list version and row; wide events and their lines.

Tables are new: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "diversions",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("list_version", sa.String(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False, server_default=""),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False, server_default=""),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("minder", sa.String(), nullable=False, server_default=""),
        sa.Column("letter", sa.String(), nullable=False, server_default=""),
        sa.Column("their_number", sa.String(), nullable=False, server_default=""),
        sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("listed_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_how", sa.String(), nullable=False, server_default=""),
        sa.Column("reason_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("answer_sealed", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_diversions_ticket_id", "diversions", ["ticket_id"])
    op.create_index("ix_diversions_at", "diversions", ["at"])
    op.create_table(
        "wide_events",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ticket_id", ID, nullable=False, unique=True),
        sa.Column("grids", sa.String(), nullable=False, server_default=""),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False, server_default=""),
    )
    op.create_table(
        "wide_event_lines",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
    )
    op.create_index("ux_wide_event_lines", "wide_event_lines", ["ticket_id", "chat"], unique=True)


def downgrade() -> None:
    """Without the books of diversion."""
    op.drop_table("wide_event_lines")
    op.drop_table("wide_events")
    op.drop_table("diversions")
