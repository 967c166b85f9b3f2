"""What is done together (联动): tags of tickets, tallies, the big loop.

All tables are new: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ticket_tags",
        sa.Column("ticket_id", ID, primary_key=True, autoincrement=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "tallies",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("grave", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_tallies_counted", "tallies", ["kind", "at"])
    op.create_index("ix_tallies_ticket_id", "tallies", ["ticket_id"])
    op.create_table(
        "big_loops",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("back_by", sa.String(), nullable=False),
        sa.Column("back_at", MOMENT, nullable=True),
    )
    op.create_index("ix_big_loops_ticket_id", "big_loops", ["ticket_id"])


def downgrade() -> None:
    """Their rows go with them."""
    op.drop_table("big_loops")
    op.drop_table("tallies")
    op.drop_table("ticket_tags")
