"""Sub-tasks (子任务): what several people do of one ticket at the same time, each with a limit.

Called by ``handlers.parts`` and ``handlers.loop`` within their Turn; nothing is ever deleted.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, select, update

from storage.database import insert_new, table_of
from storage.session import Db
from storage.team_tables import SubtaskRow

_TABLE = table_of(SubtaskRow)
_C = _TABLE.c


class State(StrEnum):
    """How a sub-task stands."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """The Chinese word in a list."""
        return {"open": "没接", "taken": "在办", "done": "办完", "dropped": "不办了"}[self.value]


RUNNING = (State.OPEN, State.TAKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtask:
    """One person's part of a ticket."""

    id: int = 0
    key: str
    ticket_id: int
    user: str
    made_by: str
    made_at: datetime
    due_at: datetime
    state: State = State.OPEN
    words: str
    feedback: str = ""


def add(db: Db, part: Subtask) -> int:
    """The id of the new sub-task; a key that is there already gives 0."""
    values = {
        "key": part.key,
        "ticket_id": part.ticket_id,
        "user": part.user,
        "made_by": part.made_by,
        "made_at": part.made_at,
        "due_at": part.due_at,
        "state": part.state,
        "words_sealed": db.seal.close(part.words, _about(part.key)),
    }
    return insert_new(db.conn, SubtaskRow, values) or 0


def get(db: Db, part_id: int) -> Subtask | None:
    """The sub-task of that id, or None."""
    return next(iter(_find(db, _C.id == part_id)), None)


def of_ticket(db: Db, ticket_id: int) -> list[Subtask]:
    """Every sub-task of the ticket, oldest first."""
    return _find(db, _C.ticket_id == ticket_id)


def running(db: Db, ticket_id: int) -> list[Subtask]:
    """Those of the ticket that nobody has ended, oldest first."""
    return [_value(db, row) for row in db.conn.execute(_RUNNING, {"ticket": ticket_id})]


_RUNNING = (
    select(_TABLE).where(_C.ticket_id == bindparam("ticket"), _C.state.in_(RUNNING)).order_by(_C.id)
)


def of_user(db: Db, user: str) -> list[Subtask]:
    """What this person still has to do, the most urgent first."""
    found = _find(db, _C.user == user, _C.state.in_(RUNNING))
    return sorted(found, key=lambda part: part.due_at)


def take(db: Db, part: Subtask, at: datetime) -> None:
    """He has it now."""
    _change(db, part, {"state": State.TAKEN, "taken_at": at})


def end(db: Db, part: Subtask, state: State, at: datetime, feedback: str = "") -> bool:
    """True when it was running until now; its feedback is kept."""
    sealed = db.seal.close(feedback, _about(part.key)) if feedback else ""
    return _change(db, part, {"state": state, "ended_at": at, "feedback_sealed": sealed})


def _change(db: Db, part: Subtask, values: dict[str, Any]) -> bool:
    still = (_C.id == part.id, _C.state.in_(RUNNING))
    return db.conn.execute(update(SubtaskRow).where(*still).values(**values)).rowcount == 1


def _find(db: Db, *where: ColumnElement[bool]) -> list[Subtask]:
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_C.id))
    return [_value(db, row) for row in rows]


def _value(db: Db, row: Row[Any]) -> Subtask:
    about = _about(row.key)
    return Subtask(
        id=row.id,
        key=row.key,
        ticket_id=row.ticket_id,
        user=row.user,
        made_by=row.made_by,
        made_at=row.made_at,
        due_at=row.due_at,
        state=State(row.state),
        words=db.seal.open(row.words_sealed, about),
        feedback=db.seal.open(row.feedback_sealed, about) if row.feedback_sealed else "",
    )


def _about(key: str) -> str:
    return f"subtask:{key}"
