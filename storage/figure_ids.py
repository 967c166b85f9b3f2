"""Which tickets a period touches (哪些单): found by ids, for the tables have no index of time.

Ids of tickets and of journal rows grow with time, so a moment is found among them by halving;
what is open has its index. What may be a little out of order is caught by a margin, and the read
looks at the moments themselves. Called by ``storage.figures`` and ``figure_sums``.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from config.vocabulary import Stage
from storage.database import table_of
from storage.joint_counts import Span
from storage.session import Db
from storage.tables import JournalRow, TicketRow
from storage.tickets import ENDED

_T, _J = table_of(TicketRow).c, table_of(JournalRow).c
_OPEN = tuple(stage for stage in Stage if stage not in ENDED)
_MARGIN = 200
_LONGEST_PROMISE = timedelta(days=60)


def of(db: Db, span: Span) -> set[int]:
    """The ids of what was opened, is open, ended since, or was promised for then."""
    far = _first(db, _T.id, _T.opened_at, span.since - _LONGEST_PROMISE)
    moved = _first(db, _J.id, _J.at, span.since)
    promised = (_T.id >= far, _T.finish_at >= span.since, _T.finish_at < span.until)
    found = (
        select(_T.id).where(opened_in(db, span)),
        select(_T.id).where(_T.stage.in_(_OPEN)),
        select(_T.id).where(*promised),
        select(_J.ticket_id).where(_J.id >= moved, _J.to_stage.in_(ENDED)).distinct(),
    )
    return {one for wanted in found for one in db.conn.execute(wanted).scalars()}


def opened_in(db: Db, span: Span) -> ColumnElement[bool]:
    """The condition of what was opened in ``span``, with the ids in which it lies."""
    begin = _first(db, _T.id, _T.opened_at, span.since)
    end = _first(db, _T.id, _T.opened_at, span.until) + 2 * _MARGIN
    return and_(_T.id.between(begin, end), _T.opened_at >= span.since, _T.opened_at < span.until)


def closed_in(db: Db, span: Span) -> ColumnElement[bool]:
    """The condition of what was closed in ``span``, by the steps that were taken then."""
    begin = _first(db, _J.id, _J.at, span.since)
    end = _first(db, _J.id, _J.at, span.until) + 2 * _MARGIN
    ended = select(_J.ticket_id).where(_J.id.between(begin, end), _J.to_stage.in_(ENDED))
    return and_(_T.id.in_(ended), _T.closed_at >= span.since, _T.closed_at < span.until)


def _first(db: Db, key: Any, at: Any, moment: datetime) -> int:
    """An id before which nothing is as young as ``moment``."""
    low = 0
    high = int(db.conn.execute(select(func.max(key))).scalar_one() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = db.conn.execute(select(at).where(key >= middle).order_by(key).limit(1)).scalar()
        if found is None or found >= moment:
            high = middle
        else:
            low = middle + 1
    return max(0, low - _MARGIN)
