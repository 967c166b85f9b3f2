"""How many matters came in each week, by class (每周登记): what a trend is drawn from.

One statement over the weeks asked for; nothing sealed is opened, nobody is counted. What counts
is said by ``figure_sums.taken``, as in every report. Called by ``handlers.chart_figures``.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from storage import figure_ids, figure_sums
from storage.database import table_of
from storage.session import Db
from storage.spans import Span
from storage.tables import TicketRow

_T = table_of(TicketRow).c
WEEK = timedelta(days=7)


def by_class(db: Db, first: datetime, weeks: int) -> dict[str, tuple[int, ...]]:
    """The counts of each class in so many weeks from ``first`` on, the oldest week first."""
    begins = [first + WEEK * number for number in range(weeks)]
    each = [
        func.count(_T.id).filter(and_(_T.opened_at >= begin, _T.opened_at < begin + WEEK))
        for begin in begins
    ]
    span = Span(first, first + WEEK * weeks)
    found = (
        select(_T.category, *each)
        .where(*figure_sums.taken(), figure_ids.opened_in(span))
        .group_by(_T.category)
    )
    return {row[0]: tuple(map(int, row[1:])) for row in db.conn.execute(found)}
