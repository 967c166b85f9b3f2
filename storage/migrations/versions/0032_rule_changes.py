"""Changes of the site's rules: proposed, decided by a second person, written (改规则).

The table is new: a process of the revision before goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0030"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rule_changes",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *(
            sa.Column(name, sa.String(), nullable=False, unique=name == "key")
            for name in ("key", "kind", "file", "by", "base", "state", "decided_by", "version")
        ),
        *(
            sa.Column(f"{name}_sealed", sa.Text(), nullable=False)
            for name in ("why", "before", "text", "report")
        ),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("grave", sa.Boolean(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
    )
    op.create_index("ix_rule_changes_state", "rule_changes", ["state", "id"])
    op.create_index("ix_rule_changes_at", "rule_changes", ["at"])


def downgrade() -> None:
    """Its rows go with it."""
    op.drop_table("rule_changes")
