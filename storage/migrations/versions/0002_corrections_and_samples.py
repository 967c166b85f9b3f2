"""Corrections by staff, and the daily sample of decisions.

A correction hangs on its ticket and is deleted with it by the database itself. Both tables are
new, so a process of the revision before can go on working beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "corrections",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, sa.ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("read_as", sa.String(), nullable=False),
        sa.Column("corrected_to", sa.String(), nullable=False, server_default=""),
        sa.Column("rules_version", sa.String(), nullable=False, server_default=""),
        sa.Column("masked_sealed", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_corrections_ticket_id", "corrections", ["ticket_id"])
    op.create_table(
        "samples",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("chat", sa.String(), nullable=False, server_default=""),
        sa.Column("move", sa.String(), nullable=False, server_default=""),
        sa.Column("category", sa.String(), nullable=False, server_default=""),
        sa.Column("ticket_id", ID, nullable=False, server_default="0"),
        sa.Column("rules_version", sa.String(), nullable=False, server_default=""),
        sa.Column("masked_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("drawn_on", sa.String(), nullable=False, server_default=""),
        sa.Column("is_right", sa.Boolean(), nullable=True),
        sa.Column("judged_at", MOMENT, nullable=True),
    )
    op.create_index("ix_samples_at", "samples", ["at"])
    op.create_index("ix_samples_drawn", "samples", ["drawn_on"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("samples")
    op.drop_table("corrections")
