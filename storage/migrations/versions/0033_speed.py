"""Indexes for lists and figures over years of tickets (多年的单子也快).

A list goes by one column and the id, figures by the moment something happened. Nothing but indexes:
a process of the revision before goes on beside it. The ones of owner and serial alone give way to
those that know one column more.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# Name, table, columns, condition.
MADE: tuple[tuple[str, str, list[str], str], ...] = (
    ("ix_tickets_opened", "tickets", ["opened_at"], ""),
    ("ix_tickets_closed", "tickets", ["closed_at", "opened_at"], "closed_at IS NOT NULL"),
    ("ix_tickets_never_closed", "tickets", ["stage_at"], "closed_at IS NULL"),
    ("ix_tickets_same_serial", "tickets", ["serial", "stage"], ""),
    ("ix_tickets_of_owner", "tickets", ["owner", "id"], ""),
    ("ix_tickets_of_carrier", "tickets", ["carrier", "id"], ""),
    ("ix_tickets_of_grid", "tickets", ["grid", "id"], ""),
    ("ix_tickets_of_department", "tickets", ["department", "id"], ""),
    ("ix_tickets_of_category", "tickets", ["category", "id"], ""),
    ("ix_tickets_supervised", "tickets", ["id"], "urged_count >= 2 OR reopen_count >= 2"),
    ("ix_journal_at", "journal", ["at"], ""),
    ("ix_outgoing_created", "outgoing", ["created_at"], ""),
    ("ix_mediations_state", "mediations", ["state", "id"], ""),
    ("ix_mediations_started", "mediations", ["started_at"], ""),
    ("ix_mediations_ended", "mediations", ["ended_at"], ""),
    ("ix_diversions_of_department", "diversions", ["department", "id"], ""),
    ("ix_findings_kind", "findings", ["kind", "id"], ""),
    ("ix_findings_found", "findings", ["found_at"], ""),
    ("ix_effects_days", "effects", ["days", "checked_at"], ""),
    ("ix_approvals_waiting", "approvals", ["id"], "decided_at IS NULL"),
    ("ix_group_drafts_state", "group_drafts", ["state"], ""),
)


def upgrade() -> None:
    """Make them."""
    for name, table, columns, where in MADE:
        op.create_index(name, table, columns, **_condition(where))
    for name in ("ix_tickets_owner", "ix_tickets_serial"):
        op.drop_index(name, "tickets")


def downgrade() -> None:
    """As it was."""
    op.create_index("ix_tickets_owner", "tickets", ["owner"])
    op.create_index("ix_tickets_serial", "tickets", ["serial"])
    for name, table, _, _ in reversed(MADE):
        op.drop_index(name, table)


def _condition(where: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
