"""微信客服: the session of each customer, and whose own conversation a place is.

The new columns have defaults, so a process of the revision before can go on working beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table and add both columns."""
    op.create_table(
        "kf_sessions",
        sa.Column("line", sa.String(), primary_key=True),
        sa.Column("heard_at", MOMENT, nullable=True),
        sa.Column("said", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("state", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("state_at", MOMENT, nullable=True),
    )
    for name in ("person_key", "can"):
        column = sa.Column(name, sa.String(), nullable=False, server_default="")
        op.add_column("conversations", column)
    op.create_index("ix_conversations_person_key", "conversations", ["person_key"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_conversations_person_key", "conversations")
    for name in ("can", "person_key"):
        op.drop_column("conversations", name)
    op.drop_table("kf_sessions")
