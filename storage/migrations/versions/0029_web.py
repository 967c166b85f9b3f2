"""Logins of the pages and the book of looks (登录、查看记录).

Both tables are new: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "web_sessions",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.create_index("ix_web_sessions_user", "web_sessions", ["user", "until"])
    op.create_table(
        "views",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
    )
    op.create_index("ix_views_user", "views", ["user", "id"])
    op.create_index("ix_views_ticket_id", "views", ["ticket_id"])


def downgrade() -> None:
    """Their rows go with them."""
    op.drop_table("views")
    op.drop_table("web_sessions")
