"""What is known of every group at a glance (群一览): when it was last heard, its pinned notice.

Two questions for all groups at once; what WeCom says of a customer group is ``customer_groups``'.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from storage.database import table_of
from storage.draft_tables import GroupDraftRow
from storage.people_tables import ConversationRow
from storage.session import Db

_C, _G = table_of(ConversationRow).c, table_of(GroupDraftRow).c


def spoken(db: Db, lines: Collection[str]) -> dict[str, datetime]:
    """By line, when somebody last spoke to the bot there; silent lines are left out."""
    where = (_C.line.in_(list(lines)), _C.spoke_at.is_not(None))
    return {r.line: r.spoke_at for r in db.conn.execute(select(_C.line, _C.spoke_at).where(*where))}


def newest_states(db: Db, lines: Collection[str], kind: str) -> dict[str, str]:
    """By line, the state of the newest draft of that kind."""
    newest = (
        select(func.max(_G.id)).where(_G.line.in_(list(lines)), _G.kind == kind).group_by(_G.line)
    )
    found = select(_G.line, _G.state).where(_G.id.in_(newest))
    return {row.line: row.state for row in db.conn.execute(found)}
