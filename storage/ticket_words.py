"""Tickets as lists show them (清单里的单): masked words and plain columns, nothing else is opened.

Opening all sealed columns of a thousand tickets is what a search would take longest with. What
comes from here cannot be saved: its version is none that ever was. Called by the pages, and by
``handlers.likeness`` for words alone.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select

from config.vocabulary import Danger, Stage, Urgency
from storage.columns import among
from storage.database import table_of
from storage.ready import Ready
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import Ticket

NEVER_SAVED = -1
_T = table_of(TicketRow).c
_PLAIN = (
    "id", "number", "serial", "category", "danger_class", "protected", "origin", "grid", "chat",
    "line", "owner", "department", "unit", "carrier", "opened_at", "stage_at", "due_at",
    "closed_at", "finish_at", "reopen_count", "urged_count", "closing_code", "rating",
)  # fmt: skip
_OTHERS = ("stage", "urgency", "danger", "past_owners", "barred", "place", "masked_sealed")
_LISTED = Ready(
    select(*(_T[name] for name in (*_PLAIN, *_OTHERS)))
    .where(among(_T.id, "ids"))
    .order_by(_T.id.desc())
)
_WORDS = Ready(select(_T.id, _T.number, _T.masked_sealed).where(among(_T.id, "ids")))


def listed(db: Db, ids: Collection[int]) -> list[Ticket]:
    """These tickets, newest first, with their masked words alone."""
    return [_value(db, row) for row in _LISTED.rows(db.conn, {"ids": ids})]


def newest(db: Db, most: int) -> list[Ticket]:
    """The newest tickets, newest first, with their masked words alone."""
    found = select(_T.id).order_by(_T.id.desc()).limit(most)
    return listed(db, list(db.conn.execute(found).scalars()))


def words_of(db: Db, ids: list[int]) -> dict[int, str]:
    """The masked words of these tickets, by id; one line for each voice."""
    rows = _WORDS.rows(db.conn, {"ids": ids})
    return {r.id: db.seal.open(r.masked_sealed, f"ticket:{r.number}") for r in rows}


def _value(db: Db, row: Row[Any]) -> Ticket:
    plain = dict(zip(_PLAIN, row, strict=False))
    return Ticket(
        version=NEVER_SAVED,
        stage=Stage(row.stage),
        urgency=Urgency(row.urgency),
        danger=Danger(row.danger),
        past_owners=tuple(row.past_owners.split()),
        barred=tuple(row.barred.split()),
        place=json.loads(row.place),
        masked=db.seal.open(row.masked_sealed, f"ticket:{row.number}"),
        **plain,
    )
