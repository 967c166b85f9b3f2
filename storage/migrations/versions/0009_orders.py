"""Orders of 政民沟通 and their grids.

Both tables are new, so a process of the revision before can go on working beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "orders",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("ticket_id", ID, nullable=False, server_default="0"),
        sa.Column("grid_id", sa.String(), nullable=False, server_default=""),
        sa.Column("steps", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("processors", sa.String(), nullable=False, server_default=""),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.create_index("ix_orders_ticket_id", "orders", ["ticket_id"])
    op.create_table(
        "order_grids",
        sa.Column("grid_id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False, server_default=""),
        sa.Column("grid", sa.String(), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("order_grids")
    op.drop_table("orders")
