"""Mass sends (群发): who was asked to confirm what, and what became of it group by group.

``msgid`` comes from the receipt of the outgoing row that asked. States: ``asked`` · ``done`` ·
``cancelled``. Each group takes as many a month as the month has days, so what was asked counts.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.database import insert_new, table_of
from storage.draft_tables import MassSendRow
from storage.session import Db
from storage.tables import OutgoingRow, ReceiptRow

ASKED, DONE, CANCELLED = "asked", "done", "cancelled"
_TABLE = table_of(MassSendRow)
_T = _TABLE.c
_OUT = table_of(OutgoingRow).c
_RECEIPT = table_of(ReceiptRow).c
_JOINED = _TABLE.outerjoin(table_of(OutgoingRow), _OUT.key == _T.out_key).outerjoin(
    table_of(ReceiptRow), _RECEIPT.outgoing_id == _OUT.id
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MassSend:
    """One asking of one member; ``results`` is group → outcome number."""

    id: int = 0
    key: str
    out_key: str
    asked_by: str
    sender: str
    chats: tuple[str, ...]
    asked_at: datetime
    state: str = ASKED
    reminded: int = 0
    checked_at: datetime | None = None
    results: dict[str, int] = field(default_factory=dict)
    msgid: str = ""
    refused: tuple[str, ...] = ()
    """Groups that WeCom left out at once: their owner is somebody else."""


def add(db: Db, one: MassSend) -> None:
    """Remember what was asked; the same key again changes nothing."""
    values = {
        "key": one.key,
        "out_key": one.out_key,
        "asked_by": one.asked_by,
        "sender": one.sender,
        "chats": ",".join(one.chats),
        "asked_at": one.asked_at,
    }
    insert_new(db.conn, MassSendRow, values)


def get(db: Db, mass_id: int) -> MassSend | None:
    """The asking with that id."""
    found = _found(db, _T.id == mass_id)
    return found[0] if found else None


def running(db: Db, asked_by: str = "") -> list[MassSend]:
    """What nobody or not everybody has confirmed yet, newest first."""
    where = [_T.state == ASKED, *([_T.asked_by == asked_by] if asked_by else [])]
    return _found(db, *where)[::-1]


def count_of(db: Db, chat: str, since: datetime) -> int:
    """How often that group was meant since then, cancelled ones left out."""
    rows = _found(db, _T.asked_at >= since, _T.state != CANCELLED)
    return sum(chat in one.chats for one in rows)


def checked(db: Db, mass_id: int, results: dict[str, int], state: str, at: datetime) -> None:
    """Keep what WeCom said of every group."""
    values = {"results": json.dumps(results), "state": state, "checked_at": at}
    db.conn.execute(update(MassSendRow).where(_T.id == mass_id).values(values))


def reminded(db: Db, mass_id: int) -> None:
    """One reminder more."""
    more = {"reminded": MassSendRow.reminded + 1}
    db.conn.execute(update(MassSendRow).where(_T.id == mass_id).values(more))


def cancelled(db: Db, mass_id: int) -> None:
    """It is called off."""
    db.conn.execute(update(MassSendRow).where(_T.id == mass_id).values(state=CANCELLED))


def _found(db: Db, *where: Any) -> list[MassSend]:
    chosen = (
        select(_TABLE, _RECEIPT.msgid, _RECEIPT.note)
        .select_from(_JOINED)
        .where(*where)
        .order_by(_T.id)
    )
    return [
        MassSend(
            id=r.id,
            key=r.key,
            out_key=r.out_key,
            asked_by=r.asked_by,
            sender=r.sender,
            chats=tuple(r.chats.split(",")),
            asked_at=r.asked_at,
            state=r.state,
            reminded=r.reminded,
            checked_at=r.checked_at,
            results=json.loads(r.results),
            msgid=r.msgid or "",
            refused=tuple(filter(None, (r.note or "").split(","))),
        )
        for r in db.conn.execute(chosen)
    ]
