"""How long the steps of tickets took (用时): rows of the journal, by unit, for the weekly bands.

Nothing sealed is opened and no person is counted; what the three rates leave out is left
out here as well, only danger is measured. Called by ``handlers.pace``.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from config.vocabulary import Act
from storage import rates
from storage.database import table_of
from storage.session import Db
from storage.tables import JournalRow, TicketRow

_J, _T = table_of(JournalRow).c, table_of(TicketRow).c
_ENDS = (Act.ACCEPT, Act.VERIFY, Act.FEEDBACK)
_ALL = (Act.OPEN, Act.ASSIGN, Act.DIVERT, *_ENDS)


def steps(
    db: Db, since: datetime, until: datetime
) -> Iterator[tuple[str, list[tuple[str, datetime]]]]:
    """(unit, its steps in order) of each ticket that was signed, begun or answered in that time."""
    touched = select(_J.ticket_id).where(_J.act.in_(_ENDS), _J.at >= since, _J.at < until)
    rows = db.conn.execute(
        select(_J.ticket_id, _T.unit, _J.act, _J.at)
        .join(TicketRow, _T.id == _J.ticket_id)
        .where(_T.id.in_(touched), rates.measured(), _J.act.in_(_ALL), _J.at < until)
        .order_by(_J.ticket_id, _J.id)
    )
    for _, found in groupby(rows.all(), key=lambda row: row.ticket_id):
        mine = list(found)
        yield mine[0].unit, [(row.act, row.at) for row in mine]
