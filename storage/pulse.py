"""How the machine's work stands in one look (脉搏): what waits since when, who holds what.

A few small queries over partial indexes, made when somebody scrapes or looks, never on the road of
an event. Used by ``bot.engine.health`` and ``bot.engine.measures``; nothing in it is personal.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from config.vocabulary import Danger, Stage
from storage import audit_chain, machine_board
from storage.columns import looked_at
from storage.database import table_of
from storage.machine_board import Lane
from storage.session import Db
from storage.tables import TicketRow
from storage.ticket_list import OPEN

UNSIGNED = (Stage.NEW, Stage.ADMITTED, Stage.ASSIGNED, Stage.REOPENED)
_T = table_of(TicketRow).c


@dataclass(frozen=True, slots=True)
class Pulse:
    """``waiting`` events since ``oldest``; lanes; ``calls`` are dangers that nobody signed."""

    at: datetime
    waiting: int
    oldest: datetime | None
    dead: int
    lanes: tuple[Lane, ...]
    calls: int
    first_call: datetime | None
    held: frozenset[str]
    links: int


def look(db: Db, now: datetime) -> Pulse:
    """How it stands at ``now``."""
    parts = machine_board.parts(db)
    calls, first = _calls(db)
    return Pulse(
        at=now,
        waiting=sum(part.waiting for part in parts),
        oldest=min((part.oldest for part in parts), default=None),
        dead=machine_board.dead(db),
        lanes=tuple(machine_board.lanes(db, now)),
        calls=calls,
        first_call=first,
        held=frozenset(one.name for one in machine_board.all_leases(db) if one.left_s > 0),
        links=audit_chain.length(db),
    )


def _calls(db: Db) -> tuple[int, datetime | None]:
    """Open dangers that nobody signed, and since when the first one waits."""
    where = (_T.stage.in_(UNSIGNED), looked_at(_T.danger) != Danger.NONE, _T.stage.in_(OPEN))
    found = db.conn.execute(select(func.count(_T.id), func.min(_T.stage_at)).where(*where)).one()
    return int(found[0]), found[1]
