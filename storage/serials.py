"""Serials (短编号): the next one of a day, and whether four digits still name one ticket.

Asked by ``handlers.opening`` and whoever numbers papers; by ``bot.speech``.
"""

from sqlalchemy import bindparam, func, select

from storage.database import table_of, upsert
from storage.ready import Ready
from storage.session import Db
from storage.tables import SerialRow, TicketRow
from storage.tickets import OPEN

_T = table_of(TicketRow).c


def count_open(db: Db, serial: str) -> int:
    """How many open tickets have that 4-digit serial; one means that it names the ticket."""
    return int(_WITH_SERIAL.scalar(db.conn, {"serial": serial}))


_OPEN_ONES = (_T.serial == bindparam("serial"), _T.stage.in_(OPEN))
_WITH_SERIAL = Ready(select(func.count(_T.id)).where(*_OPEN_ONES))


def next_serial(db: Db, day: str) -> int:
    """The next serial of ``day`` (1, 2, …), taken in this transaction."""
    upsert(db.conn, SerialRow, {"day": day, "last": 1}, {"last": SerialRow.last + 1})
    return int(_LAST.scalar(db.conn, {"of": day}))


_SERIALS = table_of(SerialRow)
_OF_DAY = _SERIALS.c.day == bindparam("of")
_LAST = Ready(select(_SERIALS.c.last).where(_OF_DAY))
