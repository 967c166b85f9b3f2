"""Findings of matters that come again, and what the checks of effect saw.

New tables only: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "findings",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("ticket_id", ID, nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False, server_default=""),
        sa.Column("category", sa.String(), nullable=False, server_default=""),
        sa.Column("found_at", MOMENT, nullable=False),
    )
    op.create_index("ix_findings_subject", "findings", ["subject"])
    op.create_table(
        "effects",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
    )
    op.create_index("ix_effects_ticket_id", "effects", ["ticket_id"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("effects")
    op.drop_table("findings")
