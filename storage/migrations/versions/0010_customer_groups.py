"""Customer groups: which groups with residents there are, and which grid each belongs to.

The table is new, so a process of the revision before can go on working beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
_WORDS = ("name", "owner", "version", "change", "wanted", "grid", "officer")
_MORE_WORDS = ("asked_user", "asked_card", "bound_by")
_MOMENTS = ("seen_at", "look_at", "asked_at", "bound_at", "heard_at", "staff_at", "closed_at")


def upgrade() -> None:
    """Make the table."""
    words = [
        sa.Column(name, sa.String(), nullable=False, server_default="")
        for name in (*_WORDS, *_MORE_WORDS)
    ]
    numbers = [
        sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        for name in ("members", "residents", "tries", "joined")
    ]
    op.create_table(
        "customer_groups",
        sa.Column("id", ID, primary_key=True),
        sa.Column("chat", sa.String(), nullable=False, unique=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False, server_default="new"),
        sa.Column("owner_left", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("staff", sa.Text(), nullable=False, server_default=""),
        sa.Column("first_at", MOMENT, nullable=False),
        *words,
        *numbers,
        *(sa.Column(name, MOMENT, nullable=True) for name in _MOMENTS),
    )
    op.create_index("ix_customer_groups_look", "customer_groups", ["look_at"])
    op.create_index("ix_customer_groups_line", "customer_groups", ["line"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("customer_groups")
