"""Changes of the site's rules (改规则): who proposed what, who decided, what came of it.

Rows of ``storage.changes``, imported by ``storage.tables`` so that the schema knows them. A row is
a whole file as it should become, never a part of one; the text before it is kept beside it.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage.columns import moment, row_id


class RuleChangeRow(SQLModel, table=True):
    """One change of one file, or (``kind`` reload) the order to read the folder again.

    ``base`` is the hash of the file it was made from; ``report_sealed`` what the trial found;
    ``version`` the rules in force once it is done.
    """

    __tablename__ = "rule_changes"
    __table_args__ = (
        Index("ix_rule_changes_state", "state", "id"),
        Index("ix_rule_changes_at", "at"),
        {"sqlite_autoincrement": True},  # no id comes again: the audit chain knows rows by it
    )
    id: int = row_id()
    key: str = Field(unique=True)
    kind: str
    file: str = ""
    by: str
    at: datetime = moment()
    base: str = ""
    state: str
    grave: bool = False
    why_sealed: str = Field(default="", sa_type=Text)
    before_sealed: str = Field(default="", sa_type=Text)
    text_sealed: str = Field(default="", sa_type=Text)
    report_sealed: str = Field(default="", sa_type=Text)
    decided_by: str = ""
    decided_at: datetime | None = moment(nullable=True, default=None)
    done_at: datetime | None = moment(nullable=True, default=None)
    version: str = ""
