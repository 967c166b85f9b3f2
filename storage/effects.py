"""Checks of effect (问效): which closings are due for one, what was seen, how many held.

A row says of one closing that so many of the same came in so many days; no row names a person.
Called by ``handlers.effects``, ``recurrences`` and ``origins``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from config.vocabulary import Danger, Stage
from storage.archiving import ended_as
from storage.database import insert_new, table_of
from storage.repeats import AT_ONCE, FOCUS
from storage.repeats_tables import EffectRow
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import Ticket, unit_of

_T = table_of(TicketRow).c
_E = table_of(EffectRow).c


@dataclass(frozen=True, slots=True)
class Closing:
    """A ticket that was closed, as the check of its effect needs it."""

    id: int
    category: str
    grid: str
    place_key: str
    reporter_key: str
    protected: bool
    closed_at: datetime
    is_focus: bool
    unit: str = ""


def closings(db: Db, after: datetime, until: datetime) -> list[Closing]:
    """Tickets closed in that time that stayed closed, oldest first; nothing protected but focus."""
    is_focus = _T.origin == FOCUS
    stayed = ended_as().in_((Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED))
    where = (_T.closed_at > after, _T.closed_at <= until, stayed, _T.danger == Danger.NONE)
    columns = (_T.id, _T.category, _T.grid, _T.place_key, _T.reporter_key, _T.protected, _T.place)
    found = select(*columns, _T.closed_at, is_focus.label("is_focus")).where(*where)
    rows = db.conn.execute(found.where(or_(_T.protected.is_(False), is_focus)).order_by(_T.id))
    return [_closing(dict(row._mapping)) for row in rows]


def _closing(row: dict[str, Any]) -> Closing:
    return Closing(unit=unit_of(row.pop("place")), **row)


def closing_of(ticket: Ticket, closed_at: datetime) -> Closing:
    """The closing that this ticket stands on."""
    return Closing(
        ticket.id, ticket.category, ticket.grid, ticket.place_key, ticket.reporter_key,
        ticket.protected, closed_at, ticket.origin == FOCUS, ticket.place.get("unit", ""),
    )  # fmt: skip


def effect(db: Db, closing: Closing, days: int, repeats: int, at: datetime) -> bool:
    """Write what the check saw; False when it was made already."""
    values = {
        "key": f"{closing.id}:{closing.closed_at:%Y%m%d%H%M%S}:{days}",
        "ticket_id": closing.id,
        "closed_at": closing.closed_at,
        "days": days,
        "repeats": repeats,
        "checked_at": at,
    }
    return insert_new(db.conn, EffectRow, values) is not None


def held(db: Db, days: int, since: datetime, but: Collection[str] = ()) -> tuple[int, int]:
    """(held, checked) of the closings checked after so many days since then (问效合格率).

    A closing after which she came herself within that time is one that did not hold, though its
    ticket was worked again long before the day of the check. Each closing counts once.
    """
    rows = db.conn.execute(
        select(_E.ticket_id, _E.closed_at, _E.days, _E.checked_at, _E.repeats)
        .join(TicketRow, _T.id == _E.ticket_id)
        .where(_E.days.in_((AT_ONCE, days)), _E.checked_at >= since, _T.origin.not_in(but))
    )
    fates: dict[tuple[int, datetime], bool] = {}
    for row in rows:
        if row.days == days or row.checked_at <= row.closed_at + timedelta(days=days):
            key = (row.ticket_id, row.closed_at)
            fates[key] = fates.get(key, True) and row.repeats == 0
    return sum(fates.values()), len(fates)
