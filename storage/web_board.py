"""The tickets that a page of the book of looks speaks of (留痕), all at once.

Called by ``handlers.dashboard.audit``.
"""

from collections.abc import Collection

from storage import tickets
from storage.database import table_of
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import Ticket

_T = table_of(TicketRow).c


def tickets_of(db: Db, ids: Collection[int]) -> dict[int, Ticket]:
    """Those tickets by id; what was deleted is left out."""
    found = tickets.newest(db, len(ids), _T.id.in_(list(ids))) if ids else []
    return {one.id: one for one in found}
