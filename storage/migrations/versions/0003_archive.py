"""The archive: who refused it, rows that did not open, and messages that were taken back.

All three tables are new, so a process of the revision before can go on working beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "archive_consents",
        sa.Column("person_key", sa.String(), primary_key=True),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "archive_parked",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("row_sealed", sa.Text(), nullable=False),
        sa.Column("parked_at", MOMENT, nullable=False),
    )
    op.create_table(
        "recalls",
        sa.Column("event_key", sa.String(), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("recalls")
    op.drop_table("archive_parked")
    op.drop_table("archive_consents")
