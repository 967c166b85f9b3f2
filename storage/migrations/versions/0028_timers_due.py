"""The index of waiting timers leaves out those that were cleared (停表的不再翻).

A cleared timer is never posted, so it stayed in the index for ever and each look of the clock read
over it. Processes of the revision before use the new index as they used the old one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

WAITING = sa.text("posted_at IS NULL AND done_at IS NULL")
UNPOSTED = sa.text("posted_at IS NULL")


def upgrade() -> None:
    """Make it anew."""
    _index(WAITING)


def downgrade() -> None:
    """As it was."""
    _index(UNPOSTED)


def _index(where: sa.TextClause) -> None:
    op.drop_index("ix_timers_due", "timers")
    op.create_index(
        "ix_timers_due", "timers", ["due_at"], sqlite_where=where, postgresql_where=where
    )
