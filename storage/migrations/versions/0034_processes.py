"""Processes that live (进程); an index of rows that wait for another.

The table is new: a process of the revision before goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None
needs = "0033"  # of what came before nobody has tried it


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "processes",
        sa.Column("owner", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("host", "loops", "head")),
        sa.Column("seeks", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("started", "until")),
    )
    waits = sa.text("state = 'pending' AND after_key != ''")
    op.create_index(
        "ix_outgoing_after", "outgoing", ["after_key"], sqlite_where=waits, postgresql_where=waits
    )


def downgrade() -> None:
    """Their rows go with it."""
    op.drop_index("ix_outgoing_after", "outgoing")
    op.drop_table("processes")
