"""Which points of a visit were gone through: one column of ``forms``.

The column has a default: a process of the revision before goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("forms") as forms:
        forms.add_column(sa.Column("ticks", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("forms") as forms:
        forms.drop_column("ticks")
