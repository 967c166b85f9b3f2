"""How long the steps of tickets took (用时): rows of the journal, by unit, for the weekly bands.

Nothing sealed is opened and no person is counted; what the three rates leave out is left
out here as well, only danger is measured. Called by ``handlers.pace``.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from config.vocabulary import Act
from storage import figures
from storage.database import table_of
from storage.figures import Case
from storage.rates import MEASURED
from storage.session import Db
from storage.spans import Span
from storage.tables import JournalRow

_J = table_of(JournalRow).c
_AT_ONCE = 500
_ENDS = (Act.ACCEPT, Act.VERIFY, Act.FEEDBACK)
_ALL = (Act.OPEN, Act.ASSIGN, Act.DIVERT, *_ENDS)


def touched(db: Db, span: Span) -> list[Case]:
    """What was signed, begun or answered in that time, but for what the three rates leave out."""
    found = select(_J.ticket_id).where(_J.act.in_(_ENDS), _J.at >= span.since, _J.at < span.until)
    ids = set(db.conn.execute(found).scalars())
    return [one for one in figures.of(db, ids) if one.why in MEASURED]


def steps(db: Db, ids: Sequence[int]) -> Iterator[tuple[int, list[tuple[str, datetime]]]]:
    """(ticket, its steps in order) of each ticket of ``ids`` that has any."""
    for begin in range(0, len(ids), _AT_ONCE):
        rows = db.conn.execute(
            select(_J.ticket_id, _J.act, _J.at)
            .where(_J.ticket_id.in_(ids[begin : begin + _AT_ONCE]), _J.act.in_(_ALL))
            .order_by(_J.ticket_id, _J.id)
        )
        for ticket_id, found in groupby(rows.all(), key=lambda row: row.ticket_id):
            yield ticket_id, [(row.act, row.at) for row in found]
