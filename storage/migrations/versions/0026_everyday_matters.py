"""Kind words, opinions by the month, searches for missing people.

New tables only: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "praises",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("words_sealed", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_praises_ticket_id", "praises", ["ticket_id"])
    op.create_table(
        "opinions",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_index("ux_opinions", "opinions", ["month", "grid"], unique=True)
    op.create_table(
        "searches",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("begins_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.create_index("ux_searches", "searches", ["ticket_id", "chat", "begins_at"], unique=True)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("searches")
    op.drop_table("opinions")
    op.drop_table("praises")
