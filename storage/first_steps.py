"""When something was first done on many tickets (首次时刻): sums over the journal, made in SQL.

One row for each ticket, whatever its story is long: what is counted by the thousand is not read
step by step. Called by ``storage.figures`` and ``storage.rates``.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true

from config.vocabulary import Act
from storage.database import table_of
from storage.session import Db
from storage.tables import JournalRow

_J = table_of(JournalRow).c
_NOBODY = ("system", "reporter")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class First:
    """When one of ``acts`` was done first; with ``last``, when it was done last.

    ``by_person`` leaves out what the bot and the reporter did.
    """

    acts: tuple[Act, ...]
    last: bool = False
    by_person: bool = False

    def column(self) -> ColumnElement[Any]:
        """The moment in SQL; NULL where it never was."""
        somebody = _J.actor.not_in(_NOBODY) if self.by_person else true()
        at = case((and_(_J.act.in_(self.acts), somebody), _J.at), else_=None)
        return func.max(at) if self.last else func.min(at)


def of(db: Db, ids: Sequence[int], wanted: Sequence[First]) -> dict[int, tuple[Any, ...]]:
    """By ticket, the moments of ``wanted`` in their order; nothing of a ticket without any."""
    acts = sorted({act for one in wanted for act in one.acts})
    columns = [one.column().label(f"at{n}") for n, one in enumerate(wanted)]
    return dict(_pages(db, ids, acts, columns))


def _pages(
    db: Db, ids: Sequence[int], acts: Collection[Act], columns: list[Any]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    found = select(_J.ticket_id, *columns).group_by(_J.ticket_id)
    for begin in range(0, len(ids), _AT_ONCE):
        mine = _J.ticket_id.in_(ids[begin : begin + _AT_ONCE])
        rows = db.conn.execute(found.where(mine, _J.act.in_(acts))).all()
        yield from ((row[0], tuple(row[1:])) for row in rows)
