"""Lines of publicity, their groups, and groups that opted out (宣传).

The tables are new: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "publicity",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        *_words("day", "topic", "variant", "cause"),
        sa.Column("text", sa.Text(), nullable=False),
        *_words("approver"),
        sa.Column("proposed_at", MOMENT, nullable=False),
        *_words("state", "decided_by"),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("is_changed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_publicity_day", "publicity", ["day"])
    op.create_index("ix_publicity_state", "publicity", ["state", "day"])
    op.create_table(
        "publicity_posts",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("proposal", ID, nullable=False),
        *_words("chat", "variant"),
        sa.Column("due_at", MOMENT, nullable=False),
        *_words("state", "out_key"),
        sa.Column("said_at", MOMENT, nullable=True),
        *_words("why"),
        *(sa.Column(name, ID, nullable=False) for name in ("residents", "asked", "answered")),
    )
    op.create_index("ix_publicity_posts_chat", "publicity_posts", ["chat", "due_at"])
    op.create_index("ux_publicity_posts", "publicity_posts", ["proposal", "chat"], unique=True)
    op.create_table(
        "publicity_outs",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *_words("chat"),
        sa.Column("at", MOMENT, nullable=False),
        *_words("by", "reason"),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.create_index("ix_publicity_outs_chat", "publicity_outs", ["chat", "ended_at"])


def downgrade() -> None:
    """Their rows go with them."""
    for name in ("publicity_outs", "publicity_posts", "publicity"):
        op.drop_table(name)
