"""Who is busy, away or stands in for somebody (忙、请假、替班): what people said of themselves.

Asked by ``handlers.opening`` whenever somebody is looked for; written by ``handlers.duties`` and
``handlers.staffing``.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.database import insert_new, table_of
from storage.people_tables import DutyRow
from storage.ready import Ready
from storage.session import Db

_C = table_of(DutyRow).c


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody said of himself: ``busy``, ``leave``, or ``stand_in`` for ``other``."""

    user: str
    kind: str
    other: str = ""


def set_duty(db: Db, duty: Duty, begins_at: datetime, ends_at: datetime) -> None:
    """Somebody is busy, away, or stands in for somebody, from then to then."""
    values = {**asdict(duty), "begins_at": begins_at, "ends_at": ends_at}
    insert_new(db.conn, DutyRow, values)


def end_duties(db: Db, user: str, kinds: tuple[str, ...], now: datetime) -> None:
    """Somebody is back: what he said of himself ends now."""
    where = (_C.user == user, _C.kind.in_(kinds), _C.ends_at > now)
    db.conn.execute(update(DutyRow).where(*where).values(ends_at=now))


def duties_now(db: Db, now: datetime) -> list[Duty]:
    """What people said of themselves and what holds now, oldest first."""
    return [Duty(r.user, r.kind, r.other) for r in _ON_DUTY.rows(db.conn, {"now": now})]


_ON_DUTY = Ready(
    select(_C.user, _C.kind, _C.other)
    .where(_C.begins_at <= bindparam("now"), _C.ends_at > bindparam("now"))
    .order_by(_C.id)
)
