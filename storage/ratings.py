"""Ratings (评价): one row each time a resident is asked, and what she answered."""

from datetime import datetime

from sqlalchemy import func, select, update

from storage.database import insert_new, table_of
from storage.people_tables import RatingRow
from storage.session import Db

_T = table_of(RatingRow).c


def asked(db: Db, ticket_id: int, now: datetime) -> None:
    """A judgement was asked for."""
    count = select(func.count(_T.id)).where(_T.ticket_id == ticket_id)
    values = {
        "ticket_id": ticket_id,
        "round": db.conn.execute(count).scalar_one() + 1,
        "asked_at": now,
    }
    insert_new(db.conn, RatingRow, values)


def rated(db: Db, ticket_id: int, score: int, now: datetime, *, words: str = "") -> None:
    """The newest question of that ticket got ``score`` (1..5), with these words if any."""
    asked_last = select(_T.id, _T.round).where(_T.ticket_id == ticket_id)
    row = db.conn.execute(asked_last.order_by(_T.id.desc()).limit(1)).first()
    if row is None:
        return
    sealed = db.seal.close(words, f"rating:{ticket_id}:{row.round}") if words else ""
    values = {"score": score, "rated_at": now, "words_sealed": sealed}
    db.conn.execute(update(RatingRow).where(_T.id == row.id).values(**values))


def newest(db: Db, ticket_id: int) -> tuple[int, datetime] | None:
    """The score given last and when; None where nobody answered."""
    given = select(_T.score, _T.rated_at).where(_T.ticket_id == ticket_id, _T.score.is_not(None))
    row = db.conn.execute(given.order_by(_T.rated_at.desc(), _T.id.desc()).limit(1)).first()
    return (row.score, row.rated_at) if row is not None else None
