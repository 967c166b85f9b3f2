"""What somebody did on a day (日志), read from the journal; and his one correction of it.

Nothing is written here but the correction: a log is never filled in. Called by
``handlers.worklog`` and the command ``worklog``.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, exists, func, or_, select

from storage.columns import looked_at
from storage.database import insert_new, table_of
from storage.retention_tables import LogCorrectionRow
from storage.session import Db
from storage.tables import JournalRow, OutgoingRow, TicketRow

_J = table_of(JournalRow).c
_T = table_of(TicketRow).c
_L = table_of(LogCorrectionRow).c
_OUT = table_of(OutgoingRow).c


@dataclass(frozen=True, slots=True)
class Done:
    """One step that somebody took."""

    ticket_id: int
    act: str
    at: datetime


def done_by(db: Db, user: str, begins: datetime, ends: datetime) -> list[Done]:
    """His steps in that time, oldest first; steps of tickets that are gone are left out."""
    mine = (_J.actor == user, _J.at >= begins, _J.at < ends)
    rows = db.conn.execute(
        select(_J.ticket_id, _J.act, _J.at)
        .join(table_of(TicketRow), _T.id == _J.ticket_id)
        .where(*mine)
        .order_by(_J.id)
    )
    return [Done(row.ticket_id, row.act, row.at) for row in rows]


def heard_of_it(db: Db, user: str, begins: datetime, ends: datetime) -> int:
    """On how many of his matters residents gave their judgement in that time."""
    count = (
        select(func.count(distinct(_J.ticket_id)))
        .join(table_of(TicketRow), _T.id == _J.ticket_id)
        .where(looked_at(_T.owner) == user)  # the day is narrower than all he ever had
        .where(_J.act == "evaluate", _J.at >= begins, _J.at < ends)
    )
    return int(db.conn.execute(count).scalar_one())


def correct(db: Db, key: str, user: str, day: str, words: str, at: datetime) -> bool:
    """False when that day was corrected already."""
    if correction(db, user, day):
        return False
    sealed = db.seal.close(words, f"log:{key}")
    values = {"key": key, "user": user, "day": day, "at": at, "words_sealed": sealed}
    return insert_new(db.conn, LogCorrectionRow, values) is not None


def correction(db: Db, user: str, day: str) -> str:
    """What he corrected of that day; empty when nothing."""
    where = (_L.user == user, _L.day == day)
    row = db.conn.execute(select(_L.key, _L.words_sealed).where(*where)).first()
    return db.seal.open(row.words_sealed, f"log:{row.key}") if row is not None else ""


# -- burden ---------------------------------------------------------------------------------------


def messages_to(db: Db, lines: tuple[str, ...], begins: datetime, ends: datetime) -> int:
    """How many messages the bot put on the way to these conversations in that time."""
    mine = (_OUT.line.in_(lines), _OUT.created_at >= begins, _OUT.created_at < ends)
    rows = select(func.count(_OUT.id)).where(*mine, _OUT.state != "dropped")
    return int(db.conn.execute(rows).scalar_one())


def tasks_of(db: Db, user: str, begins: datetime, ends: datetime) -> int:
    """How many matters that came in that time he has or had in hand."""
    worked = exists().where(_J.ticket_id == _T.id, _J.actor == user, _J.act == "accept")
    mine = or_(looked_at(_T.owner) == user, worked)
    count = select(func.count(_T.id)).where(mine, _T.opened_at >= begins, _T.opened_at < ends)
    return int(db.conn.execute(count).scalar_one())
