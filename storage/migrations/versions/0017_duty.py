"""Papers of the ladder, hard matters, wake drills.

All tables are new: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ladder_papers",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("unit", sa.String(), nullable=False, server_default=""),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False, server_default=""),
        sa.Column("answered_at", MOMENT, nullable=True),
    )
    op.create_index(
        "ux_ladder_papers", "ladder_papers", ["ticket_id", "kind", "round"], unique=True
    )
    op.create_table(
        "hard_tickets",
        sa.Column("ticket_id", ID, primary_key=True, autoincrement=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
    )
    op.create_table(
        "drills",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.create_table(
        "drill_calls",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("drill_id", ID, nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("awake_at", MOMENT, nullable=True),
        sa.Column("phone", sa.String(), nullable=False, server_default=""),
    )
    op.create_index("ux_drill_calls", "drill_calls", ["drill_id", "user"], unique=True)


def downgrade() -> None:
    """Forget them."""
    for table in ("drill_calls", "drills", "hard_tickets", "ladder_papers"):
        op.drop_table(table)
