"""Serials (短编号): whether four digits still name one ticket. Asked by ``bot.speech``."""

from sqlalchemy import bindparam, func, select

from storage.database import table_of
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import OPEN

_T = table_of(TicketRow).c


def count_open(db: Db, serial: str) -> int:
    """How many open tickets have that 4-digit serial; one means that it names the ticket."""
    return int(db.conn.execute(_WITH_SERIAL, {"serial": serial}).scalar_one())


_WITH_SERIAL = select(func.count(_T.id)).where(_T.serial == bindparam("serial"), _T.stage.in_(OPEN))
