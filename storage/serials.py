"""Serials (短编号): whether four digits still name one ticket. Asked by ``bot.speech``."""

from sqlalchemy import bindparam, func, select

from storage.database import table_of
from storage.ready import Ready
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import OPEN

_T = table_of(TicketRow).c


def count_open(db: Db, serial: str) -> int:
    """How many open tickets have that 4-digit serial; one means that it names the ticket."""
    return int(_WITH_SERIAL.scalar(db.conn, {"serial": serial}))


_OPEN_ONES = (_T.serial == bindparam("serial"), _T.stage.in_(OPEN))
_WITH_SERIAL = Ready(select(func.count(_T.id)).where(*_OPEN_ONES))
