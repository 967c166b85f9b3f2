"""Accounts that one person has proved to be hers, and the codes by which she does.

All tables are new, so a process of the revision before can go on working beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "same_people",
        sa.Column("person_key", sa.String(), primary_key=True),
        sa.Column("whole", sa.String(), nullable=False),
        sa.Column("bound_at", MOMENT, nullable=False),
    )
    op.create_index("ix_same_people_whole", "same_people", ["whole"])
    op.create_table(
        "bind_codes",
        sa.Column("person_key", sa.String(), primary_key=True),
        sa.Column("code_key", sa.String(), nullable=False, unique=True),
        sa.Column("until", MOMENT, nullable=False),
    )
    op.create_table(
        "bind_tries",
        sa.Column("id", ID, primary_key=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_bind_tries_line", "bind_tries", ["line"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("bind_tries")
    op.drop_table("bind_codes")
    op.drop_table("same_people")
