"""What goes when (保留期): deletion records, legal holds; logs of a day; words said in groups.

Tables are new and the columns are nullable: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, add the columns."""
    op.create_table(
        "deletions",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_table(
        "legal_holds",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("begins_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("agreed_by", sa.String(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("end_asked_by", sa.String(), nullable=False, server_default=""),
        sa.Column("end_agreed_by", sa.String(), nullable=False, server_default=""),
    )
    op.create_index("ix_legal_holds_ticket_id", "legal_holds", ["ticket_id"])
    op.create_table(
        "log_corrections",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("words_sealed", sa.Text(), nullable=False),
    )
    op.create_index("ux_log_corrections", "log_corrections", ["user", "day"], unique=True)
    op.create_table(
        "group_words",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
    )
    op.create_index("ix_group_words_line", "group_words", ["line", "due_at"])
    op.add_column("people", sa.Column("noted_at", MOMENT, nullable=True))
    op.add_column("tickets", sa.Column("anonymised_at", MOMENT, nullable=True))


def downgrade() -> None:
    """What was anonymised stays so."""
    op.drop_column("tickets", "anonymised_at")
    op.drop_column("people", "noted_at")
    op.drop_table("group_words")
    op.drop_table("log_corrections")
    op.drop_table("legal_holds")
    op.drop_table("deletions")
