"""How many matters came from where (来源), and how many of them came again; sums only.

Protected matters are not counted, nor what the station found by itself. Called by
``handlers.origins``.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from config.vocabulary import Stage
from storage.archiving import ended_as
from storage.database import table_of
from storage.repeats import FOCUS
from storage.repeats_tables import EffectRow, FindingRow
from storage.session import Db
from storage.station_tables import LinkRow
from storage.tables import TicketRow

_T = table_of(TicketRow).c
_L = table_of(LinkRow).c
_F = table_of(FindingRow).c
_E = table_of(EffectRow).c
_SATISFIED = 4
_CLOSED = (Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Sum:
    """One origin: opened; of them closed, judged, judged well, and repeated."""

    origin: str
    opened: int
    closed: int
    rated: int
    satisfied: int
    repeats: int


def sums(db: Db, since: datetime) -> list[Sum]:
    """Every origin that anything came from since then, most first."""
    of_finding = exists().where(_L.other_id == _T.id, _L.ticket_id == _F.ticket_id)
    did_not_hold = exists().where(_E.ticket_id == _T.id, _E.repeats > 0)
    repeated = of_finding | did_not_hold
    counts = (_T.protected.is_(False), _T.origin != FOCUS, _T.opened_at >= since)
    opened = func.count(_T.id)
    found = (
        select(
            _T.origin,
            opened,
            func.count(_T.id).filter(ended_as().in_(_CLOSED)),
            func.count(_T.id).filter(_T.rating.is_not(None)),
            func.count(_T.id).filter(_T.rating >= _SATISFIED),
            func.count(_T.id).filter(repeated),
        )
        .where(*counts, ended_as().not_in((Stage.VOID, Stage.REJECTED, Stage.MERGED)))
        .group_by(_T.origin)
        .order_by(opened.desc(), _T.origin)
    )
    return [Sum(*row) for row in db.conn.execute(found)]
