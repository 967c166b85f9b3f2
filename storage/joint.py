"""What is done together, kept: tags that somebody changed, tallies, tickets in the big loop.

Called by ``handlers`` within their Turn; counts for reports are ``storage.joint_counts``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update

from storage.database import insert_new, table_of, upsert
from storage.joint_tables import BigLoopRow, TagRow, TallyRow
from storage.session import Db

_TAG = table_of(TagRow).c
_LOOP = table_of(BigLoopRow).c


class Kind(StrEnum):
    """What is tallied."""

    DRINK = "drink"  # 劝阻不文明饮酒
    PATROL = "patrol"  # 一次巡防报告
    HARD_NO = "hard_no"  # 待判：判为不是报事，机器人没开单是对的
    HARD_YES = "hard_yes"  # 待判：判为报事
    HARD_KIND = "hard_kind"  # 待判：判为报事，猜的类别没改


@dataclass(frozen=True, slots=True)
class Away:
    """A ticket that is in the big loop: whose it was, who sent it, since when."""

    id: int
    ticket_id: int
    owner: str
    sent_by: str
    sent_at: datetime


def tag(db: Db, ticket_id: int, tag_id: str, by: str, at: datetime) -> None:
    """Let the ticket carry that tag from now on, whatever its category says."""
    values = {"ticket_id": ticket_id, "tag": tag_id, "by": by, "at": at}
    upsert(db.conn, TagRow, values, {"tag": tag_id, "by": by, "at": at})


def tag_of(db: Db, ticket_id: int) -> str:
    """The tag that somebody gave it; empty where its category decides."""
    return str(db.conn.execute(select(_TAG.tag).where(_TAG.ticket_id == ticket_id)).scalar() or "")


def count(
    db: Db,
    key: str,
    kind: Kind,
    grid: str,
    at: datetime,
    *,
    ticket_id: int = 0,
    grave: bool = False,
) -> None:
    """One more; a key that is there already changes nothing."""
    values = {"key": key, "kind": kind, "grid": grid, "at": at}
    insert_new(db.conn, TallyRow, {**values, "ticket_id": ticket_id, "grave": grave})


def went(db: Db, key: str, ticket_id: int, owner: str, by: str, at: datetime) -> None:
    """The ticket is in the big loop now."""
    values = {"key": key, "ticket_id": ticket_id, "owner": owner, "sent_by": by, "sent_at": at}
    insert_new(db.conn, BigLoopRow, {**values, "back_by": "", "back_at": None})


def came_back(db: Db, away: Away, by: str, at: datetime) -> None:
    """It is in the police loop again."""
    values = {"back_by": by, "back_at": at}
    db.conn.execute(update(BigLoopRow).where(_LOOP.id == away.id).values(**values))


def away(db: Db, ticket_id: int = 0) -> list[Away]:
    """What is in the big loop, oldest first; with ``ticket_id`` that ticket alone."""
    where: list[ColumnElement[bool]] = [_LOOP.back_at.is_(None)]
    if ticket_id:
        where.append(_LOOP.ticket_id == ticket_id)
    found = select(_LOOP.id, _LOOP.ticket_id, _LOOP.owner, _LOOP.sent_by, _LOOP.sent_at)
    return [Away(*row) for row in db.conn.execute(found.where(*where).order_by(_LOOP.id))]
