"""Changes of the site's rules (改规则), and messages that a person judges (待判).

The tables are new: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
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
    op.create_table(
        "hard_ones",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *(
            sa.Column(name, sa.String(), nullable=False, unique=name == "key")
            for name in ("key", "chat", "grid", "guess", "rules_version", "card", "shown_to")
        ),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("verdict", "judged_by")),
        sa.Column("masked_sealed", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.Column("judged_at", MOMENT, nullable=True),
    )
    op.create_index("ix_hard_ones_open", "hard_ones", ["verdict", "id"])
    op.create_index("ix_hard_ones_at", "hard_ones", ["at"])


def downgrade() -> None:
    """Their rows go with them."""
    op.drop_table("hard_ones")
    op.drop_table("rule_changes")
