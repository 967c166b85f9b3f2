"""Tickets that ended long ago (归档): which are due, and what an archived one had ended as.

``ended_as`` is for whoever counts: an archived refusal is a refusal still. Called by
``handlers.archiving``, ``handlers.auditing`` and by the modules of this floor that count.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, or_, select

from config.vocabulary import Danger, Stage
from storage.database import table_of
from storage.session import Db
from storage.tables import TicketRow, TimerRow

_T = table_of(TicketRow).c
_TIMER = table_of(TimerRow).c
_ENDED = (Stage.CLOSED, Stage.REVIEW, Stage.REJECTED, Stage.VOID)
_LOOK = "review"


def ended_as() -> ColumnElement[str]:
    """The stage; of an archived ticket the one it was archived from."""
    known = and_(_T.stage == Stage.ARCHIVED, _T.prior_stage != "")
    return case((known, _T.prior_stage), else_=_T.stage)


def due(db: Db, before: datetime, most: int) -> list[int]:
    """Ids of at most so many that ended before then and at which nobody will look again.

    A merged one waits for the one it went into, and comes last.
    """
    looked_at = exists().where(
        _TIMER.ticket_id == _T.id, _TIMER.kind == _LOOK, _TIMER.done_at.is_(None)
    )
    old = (_T.stage.in_(_ENDED), _T.stage_at < before, or_(_T.stage != Stage.CLOSED, ~looked_at))
    found = select(_T.id).where(*old).order_by(_T.stage_at, _T.id).limit(most)
    return list(db.conn.execute(found).scalars())


def merged(db: Db, before: datetime, most: int) -> list[int]:
    """Ids of at most so many that went into another one before then, oldest first."""
    where = (_T.stage == Stage.MERGED, _T.stage_at < before)
    found = select(_T.id).where(*where).order_by(_T.stage_at, _T.id).limit(most)
    return list(db.conn.execute(found).scalars())


def ended_since(db: Db, since: datetime) -> list[int]:
    """Ids of what ended since then and may be drawn by lot: nothing protected, no danger."""
    where = (_T.stage.in_(_ENDED), _T.closed_at >= since)
    plain = (_T.protected.is_(False), _T.danger == Danger.NONE)
    return list(db.conn.execute(select(_T.id).where(*where, *plain).order_by(_T.id)).scalars())
