"""Work done together: sub-tasks of tickets, meetings with their minutes.

Both tables are new: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "subtasks",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("words_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("feedback_sealed", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_subtasks_ticket_id", "subtasks", ["ticket_id"])
    op.create_index("ix_subtasks_user", "subtasks", ["user", "state"])
    op.create_table(
        "meetings",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("called_by", sa.String(), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("begins_at", MOMENT, nullable=False),
        sa.Column("answers", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("place_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("topic_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("minutes_sealed", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_meetings_ticket_id", "meetings", ["ticket_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("meetings")
    op.drop_table("subtasks")
