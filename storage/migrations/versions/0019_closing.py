"""What must be known before a ticket may end, and who is barred from it.

The table is new and the column has a default: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table, add the column."""
    op.create_table(
        "ticket_facts",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False, server_default=""),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("words_sealed", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_ticket_facts", "ticket_facts", ["ticket_id", "kind"])
    op.add_column("tickets", sa.Column("barred", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("tickets", "barred")
    op.drop_table("ticket_facts")
