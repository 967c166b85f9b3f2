"""Meetings about a ticket (召集): when, where, who was asked and comes, and the minutes.

Called by ``handlers.meeting`` within its Turn.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from storage.database import insert_new, table_of
from storage.session import Db
from storage.team_tables import MeetingRow

_TABLE = table_of(MeetingRow)
_C = _TABLE.c
COMES, STAYS_AWAY, SILENT = "yes", "no", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting; ``answers`` maps who was asked to yes, no or nothing yet."""

    id: int = 0
    key: str
    ticket_id: int
    called_by: str
    called_at: datetime
    begins_at: datetime
    place: str
    topic: str
    answers: dict[str, str] = field(default_factory=dict)
    minutes: str = ""
    ended_at: datetime | None = None


def add(db: Db, meeting: Meeting) -> int:
    """The id of the new meeting; a key that is there already gives 0."""
    about = _about(meeting.key)
    values = {
        "key": meeting.key,
        "ticket_id": meeting.ticket_id,
        "called_by": meeting.called_by,
        "called_at": meeting.called_at,
        "begins_at": meeting.begins_at,
        "answers": json.dumps(meeting.answers),
        "place_sealed": db.seal.close(meeting.place, about),
        "topic_sealed": db.seal.close(meeting.topic, about),
    }
    return insert_new(db.conn, MeetingRow, values) or 0


def get(db: Db, meeting_id: int) -> Meeting | None:
    """The meeting of that id, or None."""
    return next(iter(_find(db, _C.id == meeting_id)), None)


def of_ticket(db: Db, ticket_id: int) -> list[Meeting]:
    """Every meeting about the ticket, oldest first."""
    return _find(db, _C.ticket_id == ticket_id)


def answer(db: Db, meeting: Meeting, user: str, said: str) -> None:
    """Keep whether ``user`` comes; the newest answer counts."""
    answers = json.dumps({**meeting.answers, user: said})
    db.conn.execute(update(MeetingRow).where(_C.id == meeting.id).values(answers=answers))


def end(db: Db, meeting: Meeting, minutes: str, at: datetime) -> None:
    """Keep the minutes; a later version takes the place of an earlier one."""
    sealed = db.seal.close(minutes, _about(meeting.key))
    values = {"minutes_sealed": sealed, "ended_at": at}
    db.conn.execute(update(MeetingRow).where(_C.id == meeting.id).values(**values))


def _find(db: Db, *where: ColumnElement[bool]) -> list[Meeting]:
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_C.id))
    return [_value(db, row) for row in rows]


def _value(db: Db, row: Row[Any]) -> Meeting:
    about = _about(row.key)
    return Meeting(
        id=row.id,
        key=row.key,
        ticket_id=row.ticket_id,
        called_by=row.called_by,
        called_at=row.called_at,
        begins_at=row.begins_at,
        place=db.seal.open(row.place_sealed, about),
        topic=db.seal.open(row.topic_sealed, about),
        answers=json.loads(row.answers),
        minutes=db.seal.open(row.minutes_sealed, about) if row.minutes_sealed else "",
        ended_at=row.ended_at,
    )


def _about(key: str) -> str:
    return f"meeting:{key}"
