"""What the rule and the figures of publicity ask of the database (宣传的事实).

When groups heard something, where danger is open, which cases there were, what came under a line.
Nobody who read or asked stands here. Called by ``handlers.publicity`` and its neighbours.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update

from config.vocabulary import Danger
from storage import drafts, publicity
from storage.database import table_of
from storage.draft_tables import GroupDraftRow, MassSendRow
from storage.publicity import DRAFT, SAID, SENT, UNSENT, WAITING, Post
from storage.publicity_tables import PublicityPostRow
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import ENDED

_COUNTS = (WAITING, SAID, DRAFT, SENT)
_P = table_of(PublicityPostRow).c
_D, _M, _T = table_of(GroupDraftRow).c, table_of(MassSendRow).c, table_of(TicketRow).c
_PART = 500


@dataclass(frozen=True, slots=True)
class Moment:
    """When a group heard or will hear something; ``variant`` is empty for words of staff."""

    chat: str
    at: datetime
    variant: str


def history(db: Db, chats: Collection[str], since: datetime, without: int = 0) -> list[Moment]:
    """Lines that these groups heard or will hear since then, but for the post ``without``."""
    found: list[Moment] = []
    for part in _parts(chats):
        where = (_P.chat.in_(part), _P.due_at >= since, _P.state.in_(_COUNTS), _P.id != without)
        rows = db.conn.execute(select(_P.chat, _P.due_at, _P.said_at, _P.variant).where(*where))
        found += [Moment(r.chat, r.said_at or r.due_at, r.variant) for r in rows]
    return found


def by_staff(db: Db, chats: Collection[str], since: datetime, kind: str) -> list[Moment]:
    """Mass sends that staff ordered, and drafts of that kind, for these groups since then."""
    wanted = set(chats)
    sends = select(_M.chats, _M.asked_at).where(_M.asked_at >= since, _M.state != "cancelled")
    found = [
        Moment(chat, row.asked_at, "")
        for row in db.conn.execute(sends)
        for chat in row.chats.split(",")
        if chat in wanted
    ]
    never = (drafts.DROPPED, drafts.EXPIRED, drafts.ANSWERED)
    made = select(_D.chat, _D.made_at).where(
        _D.made_at >= since, _D.kind == kind, _D.state.not_in(never)
    )
    found += [
        Moment(row.chat, row.made_at, "") for row in db.conn.execute(made) if row.chat in wanted
    ]
    return found


def dangers(db: Db, since: datetime) -> list[tuple[str, str, str, datetime]]:
    """(chat, grid, class, when) of open tickets with danger opened since then."""
    where = (_T.opened_at >= since, _T.danger != Danger.NONE, _T.stage.not_in(ENDED))
    columns = (_T.chat, _T.grid, _T.danger_class, _T.opened_at)
    return [tuple(row) for row in db.conn.execute(select(*columns).where(*where))]


def cases(db: Db, categories: Collection[str], since: datetime) -> list[int]:
    """Ids of tickets of these categories with a grid opened since then, oldest first."""
    where = (_T.opened_at >= since, _T.category.in_(list(categories)), _T.grid != "")
    found = select(_T.id).where(*where, _T.protected.is_(False), _T.origin != "focus")
    return list(db.conn.execute(found.order_by(_T.id)).scalars())


def newest(db: Db, chat: str, since: datetime) -> int | None:
    """The post that was heard last in that group since then."""
    heard_there = (_P.chat == chat, _P.said_at >= since, _P.state.in_((SAID, SENT)))
    order = (_P.said_at.desc(), _P.id.desc())
    return db.conn.execute(select(_P.id).where(*heard_there).order_by(*order).limit(1)).scalar()


def questioned(db: Db, chat: str, since: datetime, *, is_answered: bool) -> bool:
    """True when a line was heard there since then; one question more under the newest."""
    publicity.settle(db, chat)
    number = newest(db, chat, since)
    if number is None:
        return False
    more = {"asked": PublicityPostRow.asked + 1}
    if is_answered:
        more["answered"] = PublicityPostRow.answered + 1
    db.conn.execute(update(PublicityPostRow).where(_P.id == number).values(more))
    return True


def heard(db: Db, since: datetime, until: datetime) -> list[Post]:
    """Posts that were said in that time, or were to be and wait or were left."""
    told = and_(_P.said_at >= since, _P.said_at < until)
    due = and_(_P.said_at.is_(None), _P.due_at >= since, _P.due_at < until)
    where = (or_(told, due), _P.state.in_((SAID, SENT, DRAFT, UNSENT)))
    return publicity.posts_where(db, *where)


def last_uses(db: Db, variants: Collection[str], chats: Collection[str]) -> list[Moment]:
    """When each group heard each of these wordings last."""
    found: list[Moment] = []
    said = (_P.state.in_((SAID, SENT, DRAFT)), _P.variant.in_(list(variants)))
    for part in _parts(chats):
        newest = select(_P.chat, _P.variant, func.max(_P.due_at).label("at"))
        rows = db.conn.execute(newest.where(*said, _P.chat.in_(part)).group_by(_P.chat, _P.variant))
        found += [Moment(row.chat, row.at, row.variant) for row in rows]
    return found


def _parts(chats: Collection[str]) -> list[list[str]]:
    every = list(chats)
    return [every[at : at + _PART] for at in range(0, len(every), _PART)]
