"""The audit chain (存证链): its links, digests of what went by a rule, and books that only grow.

Triggers on both databases refuse to change a final row of the audit, and to delete one whose
digest was not left behind first. On SQLite two books get ids that never come again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None
needs = "0036"  # older programs delete rows of the audit, which its triggers refuse

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Book -> columns that never change, and the condition under which they no longer do.
BOOKS = {
    "journal": ("key, ticket_id, at, actor, act, from_stage, to_stage, rules_version", ""),
    "views": ('key, at, "user", what, ticket_id', ""),
    "deletions": ("at, rule, kind, count", ""),
    "rule_changes": (
        'key, kind, file, "by", at, base, state, grave, decided_by, decided_at, done_at, version',
        "OLD.state NOT IN ('new', 'waiting', 'approved')",
    ),
}
NEVER_AGAIN = ("views", "rule_changes")
SAYS = "audit rows are only added"
FUNCTION = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT 1 FROM audit_gone WHERE book = TG_TABLE_NAME AND first_id = OLD.id
  ) THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'audit rows are only added';
END $$
"""


def upgrade() -> None:
    """Make the tables, then the triggers."""
    numbers = ("first_id", "last_id")
    op.create_table(
        "audit_links",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, ID, nullable=False) for name in numbers),
        sa.Column("count", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False, unique=name == "prev")
            for name in ("book", "digest", "prev", "mac")
        ),
    )
    op.create_index("ix_audit_links_book", "audit_links", ["book", "last_id"])
    op.create_table(
        "audit_gone",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *(sa.Column(name, ID, nullable=False) for name in numbers),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("book", "digest", "mac")),
    )
    op.create_index("ux_audit_gone", "audit_gone", ["book", "first_id"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        for name in NEVER_AGAIN:
            kwargs = {"sqlite_autoincrement": True}
            with op.batch_alter_table(name, recreate="always", table_kwargs=kwargs):
                pass
        _guard_sqlite()
    else:
        op.execute(FUNCTION)
        _guard_postgres()


def downgrade() -> None:
    """The triggers go, the chain goes; the books stay."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in BOOKS:
        for what in ("update", "delete"):
            where = "" if is_sqlite else f" ON {name}"
            op.execute(f"DROP TRIGGER {name}_no_{what}{where}")
    if not is_sqlite:
        op.execute("DROP FUNCTION audit_refuse()")
    op.drop_table("audit_gone")
    op.drop_table("audit_links")


def _guard_sqlite() -> None:
    for name, (columns, when) in BOOKS.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        left = f"SELECT 1 FROM audit_gone WHERE book = '{name}' AND first_id = OLD.id"  # noqa: S608
        op.execute(
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE OF id, {columns} ON {name} "
            f"{f'WHEN {when}' if when else ''} {refuse}"
        )
        op.execute(
            f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} "
            f"WHEN NOT EXISTS ({left}) {refuse}"
        )


def _guard_postgres() -> None:
    for name, (columns, when) in BOOKS.items():
        refuse = "EXECUTE FUNCTION audit_refuse()"
        op.execute(
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE OF id, {columns} ON {name} "
            f"FOR EACH ROW {f'WHEN ({when})' if when else ''} {refuse}"
        )
        op.execute(f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} FOR EACH ROW {refuse}")
