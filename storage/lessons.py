"""What a site has learnt (经验): confirmed tickets, corrections, and talk that opened nothing.

Only masked words leave here, and never those of protected matters. A ticket is confirmed when it
was worked to its end; what staff corrected counts as they corrected it. Read by ``tune``.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from config.vocabulary import ClosingCode, Stage
from storage import corrections
from storage.archiving import ended_as
from storage.database import table_of
from storage.people_tables import HeardRow
from storage.session import Db
from storage.tables import TicketRow

_T = table_of(TicketRow).c
_H = table_of(HeardRow).c
_WORKED = (Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED)
_NOT_CONFIRMED = ("", ClosingCode.UNFOUNDED, ClosingCode.WITHDRAWN)
_LEFT_ALONE = ("chat", "answer", "status", "praise")
_PICTURE = re.compile(r"\[图片[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Lesson:
    """Masked words and the category they turned out to be of; empty for no report."""

    text: str
    truth: str


def every(db: Db, without: Collection[str]) -> list[Lesson]:
    """All lessons of this database, but none of the categories ``without``."""
    found = corrected(db, without) | confirmed(db, without)
    opened = {lesson.text for lesson in found.values() if lesson.truth}
    talk = [text for text in _left_alone(db, without) if text not in opened]
    return [*found.values(), *(Lesson(text, "") for text in talk)]


def confirmed(db: Db, without: Collection[str]) -> dict[int, Lesson]:
    """By ticket the lesson of each that was worked on and ended, but for what is protected."""
    rows = db.conn.execute(
        select(_T.id, _T.number, _T.category, _T.masked_sealed)
        .where(ended_as().in_(_WORKED), _T.closing_code.not_in(_NOT_CONFIRMED))
        .where(_T.protected.is_(False), _T.category.not_in(list(without)))
        .order_by(_T.id)
    )
    return {
        r.id: Lesson(_plain(db.seal.open(r.masked_sealed, f"ticket:{r.number}")), r.category)
        for r in rows
    }


def corrected(db: Db, without: Collection[str]) -> dict[int, Lesson]:
    """The last correction of each ticket that is not protected by now."""
    protected = db.conn.execute(select(_T.id).where(_T.protected.is_(True))).scalars().all()
    hidden = {*protected}
    return {
        pair.ticket_id: Lesson(_plain(pair.masked), pair.corrected_to)
        for pair in corrections.every(db)
        if pair.ticket_id not in hidden and not {pair.read_as, pair.corrected_to} & {*without}
    }


def _left_alone(db: Db, without: Collection[str]) -> list[str]:
    rows = db.conn.execute(
        select(_H.event_key, _H.masked_sealed)
        .where(_H.ticket_id == 0, _H.kind.in_(_LEFT_ALONE), _H.category.not_in(list(without)))
        .order_by(_H.id)
    )
    return [db.seal.open(r.masked_sealed, f"heard:{r.event_key}") for r in rows]


def _plain(masked: str) -> str:
    """The words without the names of pictures."""
    return " ".join(_PICTURE.sub(" ", masked).split())
