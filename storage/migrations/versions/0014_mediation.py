"""Mediations beside tickets, their sessions and their papers.

New tables only: a process of the revision before goes on beside them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "mediations",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("ticket_id", ID, nullable=False),
        *(sa.Column(n, sa.String(), nullable=False) for n in ("force", "mediator", "state")),
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("score", sa.Integer(), nullable=False, server_default="0"),
        _words("side_a"),
        _words("side_b"),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("eventful_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        _words("result"),
        sa.Column("promised_at", MOMENT, nullable=True),
        _words("kept_a"),
        _words("kept_b"),
        sa.Column("terms_sealed", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_mediations_ticket_id", "mediations", ["ticket_id"])
    op.create_table(
        "mediation_sessions",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("mediation_id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("minutes_sealed", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_mediation_sessions_mediation_id", "mediation_sessions", ["mediation_id"])
    op.create_index("ix_mediation_sessions_ticket_id", "mediation_sessions", ["ticket_id"])
    op.create_table(
        "mediation_papers",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("mediation_id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False, unique=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("words_sealed", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_mediation_papers_mediation_id", "mediation_papers", ["mediation_id"])
    op.create_index("ix_mediation_papers_ticket_id", "mediation_papers", ["ticket_id"])


def downgrade() -> None:
    """Back to tickets alone."""
    op.drop_table("mediation_papers")
    op.drop_table("mediation_sessions")
    op.drop_table("mediations")
