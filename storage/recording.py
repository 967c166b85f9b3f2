"""已录入接报案系统: how many crimes were put into the police's own system, and which were not.

A read for the morning audit and for 录入情况. Called by ``handlers.recording`` and by reports.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from config.vocabulary import Stage
from storage.columns import looked_at
from storage.database import table_of
from storage.repeats import FOCUS
from storage.session import Db
from storage.station_tables import FactRow
from storage.tables import TicketRow
from storage.ticket_facts import Fact

_T = table_of(TicketRow).c
_F = table_of(FactRow).c
_NEVER_WAS = (Stage.DRAFT, Stage.REJECTED, Stage.MERGED, Stage.VOID)


@dataclass(frozen=True, slots=True)
class Figures:
    """Crimes of a span: recorded, not recorded with a reason, and the ids that say neither."""

    crimes: int
    recorded: int
    explained: int
    missing: tuple[int, ...]


def figures(db: Db, categories: Collection[str], since: datetime, until: datetime) -> Figures:
    """Of the tickets of these categories opened from ``since`` up to ``until``."""
    opened = (_T.opened_at >= since, _T.opened_at < until, _T.origin != FOCUS)
    real = (looked_at(_T.category).in_(list(categories)), _T.stage.not_in(_NEVER_WAS))
    ids = list(db.conn.execute(select(_T.id).where(*opened, *real).order_by(_T.id)).scalars())
    said = (Fact.RECORDED, Fact.UNRECORDED)
    rows = db.conn.execute(
        select(_F.ticket_id, _F.kind)
        .where(_F.ticket_id.in_(ids), _F.kind.in_(said))
        .order_by(_F.id)
    )
    last = {row.ticket_id: row.kind for row in rows}
    recorded = sum(kind == Fact.RECORDED for kind in last.values())
    missing = tuple(one for one in ids if one not in last)
    return Figures(len(ids), recorded, len(last) - recorded, missing)
