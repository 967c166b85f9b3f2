"""Lost and found tickets (失物招领) that are recent enough to be matched."""

from datetime import datetime

from sqlalchemy import select

from config.vocabulary import Stage
from storage.columns import looked_at
from storage.database import table_of
from storage.session import Db
from storage.tables import TicketRow

_T = table_of(TicketRow).c
_NEVER_WAS = (Stage.DRAFT, Stage.REJECTED, Stage.MERGED, Stage.VOID)
_MOST = 200


def recent(db: Db, category: str, since: datetime) -> list[int]:
    """Ids of that category since then, newest first."""
    mine = (looked_at(_T.category) == category, _T.opened_at >= since, _T.stage.not_in(_NEVER_WAS))
    found = select(_T.id).where(*mine, _T.protected.is_(False)).order_by(_T.id.desc())
    return list(db.conn.execute(found.limit(_MOST)).scalars())
