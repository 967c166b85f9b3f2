"""Mediations by stage (调解看板): a page of them, with the next date of each.

Newest first by keyset; within what somebody may see as far as columns tell. Neither minutes nor
terms are opened.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.database import table_of
from storage.mediation_tables import MediationRow, MediationSessionRow
from storage.mediations import HELD
from storage.session import Db
from storage.tables import TicketRow, TimerRow
from storage.ticket_list import Reach, within

_M, _S = table_of(MediationRow).c, table_of(MediationSessionRow).c
_T, _C = table_of(TicketRow).c, table_of(TimerRow).c
_VISITS = ("mediation_visit", "mediation_promise", "mediation_confirm")


@dataclass(frozen=True, slots=True)
class Known:
    """One mediation as the board needs it; ``side_a``, ``side_b`` are empty until they agreed."""

    id: int
    ticket_id: int
    force: str
    mediator: str
    state: str
    side_a: str
    side_b: str
    started_at: datetime
    eventful_at: datetime
    ended_at: datetime | None
    result: str
    promised_at: datetime | None
    kept_a: str
    kept_b: str


def found(
    db: Db, reach: Sequence[Reach], user: str, state: str, most: int, before: int = 0
) -> list[Known]:
    """At most ``most`` in that state, newest first; those that ``user`` mediates are among them."""
    where = [_M.state == state, within(reach) | (_M.mediator == user)]
    if before:
        where.append(_M.id < before)
    columns = [_M[name] for name in Known.__slots__]
    rows = db.conn.execute(
        select(*columns)
        .join(TicketRow, _T.id == _M.ticket_id)
        .where(*where)
        .order_by(_M.id.desc())
        .limit(most)
    )
    return [Known(*row) for row in rows]


def held(db: Db, ids: Collection[int]) -> dict[int, int]:
    """By mediation, how many sessions were held."""
    found = (
        select(_S.mediation_id, func.count(_S.id))
        .where(_S.mediation_id.in_(list(ids)), _S.kind == HELD)
        .group_by(_S.mediation_id)
    )
    return {row[0]: int(row[1]) for row in db.conn.execute(found)}


def next_visits(db: Db, lines: Collection[str]) -> dict[int, datetime]:
    """By mediation, when it is to be visited or asked about next."""
    where = (_C.line.in_(list(lines)), _C.kind.in_(_VISITS))
    live = (_C.posted_at.is_(None), _C.done_at.is_(None))
    found = select(_C.data, _C.due_at).where(*where, *live).order_by(_C.due_at.desc())
    return {_mediation(row.data): row.due_at for row in db.conn.execute(found)}


def _mediation(data: str) -> int:
    return int(json.loads(data).get("mediation", 0))
