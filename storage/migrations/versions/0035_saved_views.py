"""Lists of tickets that somebody keeps by name (常用清单).

The table is new: a process of the revision before goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "saved_views",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=False),
        sa.Column("address_sealed", sa.Text(), nullable=False),
    )
    op.create_index("ix_saved_views_user", "saved_views", ["user", "id"])


def downgrade() -> None:
    """Its rows go with it."""
    op.drop_table("saved_views")
