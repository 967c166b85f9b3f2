"""Shifts that were taken over by name (交接班).

The table is new: a process of the revision before goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "handovers",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *(
            sa.Column(name, ID, nullable=False)
            for name in ("danger", "unsigned", "promised", "drafts", "wishes")
        ),
    )
    op.create_index("ix_handovers_role", "handovers", ["role", "id"])


def downgrade() -> None:
    """Its rows go with it."""
    op.drop_table("handovers")
