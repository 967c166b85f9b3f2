"""What other systems filed: their key, their public id, the ticket it stands on.

The table is new, so a process of the revision before can go on working beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "filed_requests",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("request", sa.String(), nullable=False, unique=True),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False, server_default=""),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("service_code", sa.String(), nullable=False, server_default=""),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ticket_id", ID, nullable=False, server_default="0"),
        sa.Column("first_ticket_id", ID, nullable=False, server_default="0"),
        sa.Column("words_sealed", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_filed_client", "filed_requests", ["client", "at"])
    for name in ("about", "ticket_id", "first_ticket_id"):
        op.create_index(f"ix_filed_requests_{name}", "filed_requests", [name])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("filed_requests")
