"""Guided forms, hazards and promised dates; three new tables."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "forms",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False, server_default=""),
        sa.Column("grid", sa.String(), nullable=False, server_default=""),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ticket_id", ID, nullable=False, server_default="0"),
        sa.Column("found", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("data_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("forget_at", MOMENT, nullable=True),
        sa.Column("forgotten_at", MOMENT, nullable=True),
    )
    op.create_index("ix_forms_open", "forms", ["person_key", "ended_at"])
    op.create_index("ix_forms_counted", "forms", ["form", "grid", "ended_at"])
    op.create_index("ix_forms_ticket_id", "forms", ["ticket_id"])
    op.create_table(
        "hazards",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("ticket_id", ID, nullable=False, unique=True),
        sa.Column("hazard", sa.String(), nullable=False),
        sa.Column("place_kind", sa.String(), nullable=False, server_default=""),
        sa.Column("grid", sa.String(), nullable=False, server_default=""),
        sa.Column("found_by", sa.String(), nullable=False, server_default=""),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("notice_year", sa.Integer(), nullable=True),
        sa.Column("notice", sa.Integer(), nullable=True),
        sa.Column("rechecks", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("fixed_at", MOMENT, nullable=True),
    )
    op.create_index("ux_hazards_notice", "hazards", ["notice_year", "notice"], unique=True)
    op.create_table(
        "promises",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False, server_default=""),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.create_index("ix_promises_ticket_id", "promises", ["ticket_id"])
    op.create_index("ix_promises_at", "promises", ["at", "ended_at"])


def downgrade() -> None:
    """Drop them."""
    for name in ("promises", "hazards", "forms"):
        op.drop_table(name)
