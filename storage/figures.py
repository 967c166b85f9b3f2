"""What the figures of a period are counted from (报表底数): plain columns and first moments.

One read for every report: whoever shows a figure gets it from here through ``handlers.figures``.
No sealed column is opened and nobody who reported is looked up; protected matters, complaints
about staff, drug tips, what the station found by itself (重点) and drafts are not read. Pages of
so many rows, of the ids that ``storage.figure_ids`` finds without an index of time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from config.vocabulary import Act, Stage
from storage import figure_ids, first_steps
from storage.archiving import ended_as
from storage.database import table_of
from storage.first_steps import First
from storage.repeats import FOCUS
from storage.repeats_tables import EffectRow, FindingRow
from storage.session import Db
from storage.spans import Span
from storage.station_tables import LinkRow
from storage.tables import TicketRow
from storage.tickets import ENDED

_T = table_of(TicketRow).c
_L, _F, _E = table_of(LinkRow).c, table_of(FindingRow).c, table_of(EffectRow).c
_AT_ONCE = 500
KEPT = ("P23", "P08")  # complaints about staff and drug tips: for the inspector, for narcotics
GIVEN = (Act.ASSIGN, Act.DIVERT, Act.HAND_OUT)
SIGNED = (Act.ACCEPT, Act.VERIFY)
CONTACT = (Act.VERIFY, Act.ASK, Act.TELL, Act.FEEDBACK)
BACK = (Act.REOPEN, Act.REWORK)
_TOUCH = (
    Act.ACCEPT, Act.VERIFY, Act.HANDLE, Act.RESOLVE, Act.ASK, Act.TRANSFER, Act.DIVERT,
    Act.HAND_OUT, Act.SEND_BACK, Act.REJECT, Act.MERGE, Act.CONFIRM, Act.FALSE_ALARM, Act.JUDGE,
    Act.APPROVE, Act.DECLINE, Act.CLOSE,
)  # fmt: skip
_STEPS = (
    First(GIVEN), First(SIGNED), First(CONTACT), First((Act.FEEDBACK,), last=True),
    First(BACK, last=True), First(_TOUCH, by_person=True), First((Act.DIVERT, Act.HAND_OUT)),
    First((Act.EXTEND,)),
)  # fmt: skip
_NEVER = (None,) * len(_STEPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One ticket as counting needs it; moments are None where it never came so far."""

    id: int
    number: str
    serial: str
    category: str
    urgency: str
    danger: str
    origin: str
    grid: str
    unit: str
    stage: str
    opened_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    finish_at: datetime | None
    reopen_count: int
    return_count: int
    closing_code: str
    rating: int | None
    place_key: str
    is_repeat: bool
    given_at: datetime | None = None
    signed_at: datetime | None = None
    contacted_at: datetime | None = None
    told_at: datetime | None = None
    back_at: datetime | None = None
    was_touched: bool = False
    was_diverted: bool = False
    was_extended: bool = False


def cases(db: Db, span: Span) -> Iterator[Case]:
    """What was opened, open, ended or due in ``span``, oldest first."""
    ids = sorted(figure_ids.of(db, span))
    for begin in range(0, len(ids), _AT_ONCE):
        rows = db.conn.execute(_page(span, ids[begin : begin + _AT_ONCE])).all()
        steps = first_steps.of(db, [row.id for row in rows], _STEPS)
        yield from (_case(row, steps.get(row.id, _NEVER)) for row in rows)


def _page(span: Span, ids: list[int]) -> Any:
    ended_at = case((_T.stage.in_(ENDED), func.coalesce(_T.closed_at, _T.stage_at)), else_=None)
    of_finding = exists().where(_L.other_id == _T.id, _L.ticket_id == _F.ticket_id)
    did_not_hold = exists().where(_E.ticket_id == _T.id, _E.repeats > 0)
    columns = (
        *(_T.id, _T.number, _T.serial, _T.category, _T.urgency, _T.danger, _T.origin, _T.grid),
        *(_T.unit, ended_as().label("stage"), _T.opened_at, ended_at.label("ended_at"), _T.due_at),
        *(_T.finish_at, _T.reopen_count, _T.return_count, _T.closing_code, _T.rating, _T.place_key),
        (of_finding | did_not_hold).label("is_repeat"),
    )
    mine = _T.id.in_(ids)
    return select(*columns).where(mine, _counts(), _touches(span, ended_at)).order_by(_T.id)


def _counts() -> ColumnElement[bool]:
    return and_(
        _T.protected.is_(False),
        _T.category.not_in(KEPT),
        _T.origin != FOCUS,
        _T.stage != Stage.DRAFT,
    )


def _touches(span: Span, ended_at: ColumnElement[Any]) -> ColumnElement[bool]:
    due = and_(_T.finish_at >= span.since, _T.finish_at < span.until)
    here = or_(_T.opened_at >= span.since, _T.stage.not_in(ENDED), ended_at >= span.since, due)
    return and_(_T.opened_at < span.until, here)


def _case(row: Any, steps: tuple[Any, ...]) -> Case:
    given, signed, contacted, told, back, touched, diverted, extended = steps
    return Case(
        **row._mapping,
        given_at=given,
        signed_at=signed,
        contacted_at=contacted,
        told_at=told,
        back_at=back,
        was_touched=touched is not None,
        was_diverted=diverted is not None,
        was_extended=extended is not None,
    )
