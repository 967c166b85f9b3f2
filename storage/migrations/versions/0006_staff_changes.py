"""Who left the corp and who got another userid.

A new table, so a process of the revision before can go on working beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "staff_changes",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("new_user", sa.String(), nullable=False, server_default=""),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_staff_changes_user", "staff_changes", ["user"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("staff_changes")
