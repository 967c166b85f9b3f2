"""Which tickets a period touches (哪些单): conditions that the indexes of time serve.

Opened then, open now, ended since, or promised for then; the read looks at the moments themselves.
Called by ``storage.figures``, ``figure_sums`` and ``rates``.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select

from storage.columns import looked_at
from storage.database import table_of
from storage.session import Db
from storage.spans import Span
from storage.tables import TicketRow
from storage.tickets import OPEN

_T = table_of(TicketRow).c
_LONGEST_PROMISE = timedelta(days=60)


def of(db: Db, span: Span) -> dict[int, int]:
    """The ids of what was opened, is open, ended since, or was promised for then, in order.

    With the version of what is open, 0 for what has ended.
    """
    far = span.since - _LONGEST_PROMISE
    opened = looked_at(_T.opened_at) < span.until
    promised = (_T.opened_at >= far, _T.opened_at < span.until)
    never_closed = (_T.closed_at.is_(None), _T.stage_at >= span.since)
    found = (
        select(_T.id).where(opened_in(span)),
        select(_T.id).where(*promised, _T.finish_at >= span.since, _T.finish_at < span.until),
        select(_T.id).where(_T.closed_at >= span.since, opened),
        select(_T.id).where(*never_closed, opened),
    )
    ids = {one for wanted in found for one in db.conn.execute(wanted).scalars().all()}
    versions = open_versions(db)
    return {one: versions.get(one, 0) for one in sorted(ids | versions.keys())}


def open_versions(db: Db) -> dict[int, int]:
    """The version of everything that is open, by id."""
    found = select(_T.id, _T.version).where(_T.stage.in_(OPEN))
    return {row[0]: row[1] for row in db.conn.execute(found)}


def opened_in(span: Span) -> ColumnElement[bool]:
    """The condition of what was opened in ``span``."""
    return and_(_T.opened_at >= span.since, _T.opened_at < span.until)


def closed_in(span: Span) -> ColumnElement[bool]:
    """The condition of what was closed in ``span``."""
    return and_(_T.closed_at >= span.since, _T.closed_at < span.until)


def ended_in(since: datetime, until: datetime) -> ColumnElement[bool]:
    """The condition of what ended then: closed, or else when it came where it stands."""
    closed = select(_T.id).where(_T.closed_at >= since, _T.closed_at < until)
    other = select(_T.id).where(_T.closed_at.is_(None), _T.stage_at >= since, _T.stage_at < until)
    return _T.id.in_(closed.union_all(other))


def places(db: Db, span: Span) -> dict[int, str]:
    """The place key of what was opened in ``span``, by id; never from memory."""
    found = select(_T.id, _T.place_key).where(opened_in(span), _T.place_key != "")
    return {row[0]: row[1] for row in db.conn.execute(found)}
