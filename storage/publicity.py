"""Lines of publicity (宣传): proposed, approved, said group by group; opting out; the outcome.

A line is ``proposed`` until somebody decides: ``approved``, ``skipped``, or ``lapsed`` when its day
ended. A post (one group of a line) waits with it, then is ``said`` by the robot, or a ``draft``
that a human says (``sent``, ``unsent`` once that is known), or ``withheld`` with the reason.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from storage import drafts
from storage.database import insert_many, insert_new, table_of
from storage.draft_tables import GroupDraftRow
from storage.publicity_tables import PublicityOutRow, PublicityPostRow, PublicityRow
from storage.session import Db

PROPOSED, APPROVED, SKIPPED, LAPSED = "proposed", "approved", "skipped", "lapsed"
WAITING, SAID, DRAFT, SENT = "waiting", "said", "draft", "sent"
UNSENT, WITHHELD, DROPPED = "unsent", "withheld", "dropped"
CALENDAR, CASE = "calendar", "case"
_LINES, _POSTS = table_of(PublicityRow), table_of(PublicityPostRow)
_L, _P, _O = _LINES.c, _POSTS.c, table_of(PublicityOutRow).c
_D = table_of(GroupDraftRow).c
_NOW = select(_POSTS, _D.state.label("draft"), _D.ended_at, _D.proved_at).select_from(
    _POSTS.outerjoin(table_of(GroupDraftRow), (_D.key == _P.out_key) & (_P.state == DRAFT))
)
_WAITS = (drafts.OPEN, drafts.LATER)

_PART = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One wording for one day (``2026-03-10``) and one approver."""

    id: int = 0
    key: str
    day: str
    topic: str
    variant: str
    cause: str = CALENDAR
    text: str
    approver: str
    proposed_at: datetime
    state: str = PROPOSED
    decided_by: str = ""
    decided_at: datetime | None = None
    is_changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A line in one group; ``asked`` and ``answered`` count questions of the day after."""

    id: int = 0
    proposal: int
    chat: str
    variant: str
    due_at: datetime
    state: str = WAITING
    out_key: str = ""
    said_at: datetime | None = None
    why: str = ""
    residents: int = 0
    asked: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Out:
    """A group that hears no publicity, since when and by whose order."""

    chat: str
    at: datetime
    by: str
    reason: str


def propose(db: Db, line: Line, chats: Iterable[str], due_at: datetime) -> int | None:
    """Id of the new line; None when that key was proposed before."""
    skipped = ("id",)
    values = {name: getattr(line, name) for name in Line.__slots__ if name not in skipped}
    number = insert_new(db.conn, PublicityRow, values)
    if number is None:
        return None
    posts = (Post(proposal=number, chat=c, variant=line.variant, due_at=due_at) for c in chats)
    columns = [name for name in Post.__slots__ if name != "id"]
    kept = [{name: getattr(post, name) for name in columns} for post in posts]
    insert_many(db.conn, PublicityPostRow, kept)
    return number


def get(db: Db, number: int) -> Line | None:
    """The line with that id."""
    found = _lines(db, _L.id == number)
    return found[0] if found else None


def proposed(db: Db, approver: str = "") -> list[Line]:
    """What waits for a decision, of one approver or of all, oldest first."""
    mine = [_L.approver == approver] if approver else []
    return _lines(db, _L.state == PROPOSED, *mine)


def between(db: Db, first: str, last: str, most: int) -> list[Line]:
    """Lines of these days, both included, in order."""
    where = (_L.day >= first, _L.day <= last)
    found = select(_LINES).where(*where).order_by(_L.day, _L.id).limit(most)
    return [_line(row) for row in db.conn.execute(found)]


def decide(db: Db, number: int, state: str, by: str, at: datetime, text: str = "") -> None:
    """It is approved or skipped; ``text`` are other words, said instead."""
    values: dict[str, Any] = {"state": state, "decided_by": by, "decided_at": at}
    if text:
        values |= {"text": text, "is_changed": True}
    db.conn.execute(update(PublicityRow).where(_L.id == number).values(values))


def lapse(db: Db, before: str, at: datetime) -> int:
    """How many lines of days before then nobody decided on; they are never said."""
    old = (_L.state == PROPOSED, _L.day < before)
    ids = list(db.conn.execute(select(_L.id).where(*old)).scalars())
    values = {"state": LAPSED, "decided_at": at}
    db.conn.execute(update(PublicityRow).where(_L.id.in_(ids)).values(values))
    drop(db, ids)
    return len(ids)


def begun(db: Db, key: str) -> list[Line]:
    """Lines whose key begins so."""
    return _lines(db, _L.key.startswith(key, autoescape=True))


def drop(db: Db, proposals: Collection[int]) -> int:
    """How many posts of these lines were not said yet; they never will be."""
    where = (_P.proposal.in_(list(proposals)), _P.state == WAITING)
    return db.conn.execute(update(PublicityPostRow).where(*where).values(state=DROPPED)).rowcount


def posts_of(db: Db, proposals: Collection[int]) -> list[Post]:
    """The groups of these lines."""
    return posts_where(db, _P.proposal.in_(list(proposals)))


def post(db: Db, number: int) -> Post | None:
    """The post with that id."""
    found = posts_where(db, _P.id == number)
    return found[0] if found else None


def posts_where(db: Db, *where: ColumnElement[bool]) -> list[Post]:
    """Posts as they stand now: a draft that a human has said, or never will, counts so at once."""
    return [_post(row) for row in db.conn.execute(_NOW.where(*where).order_by(_P.id))]


def replan(db: Db, numbers: list[int], due_at: datetime) -> None:
    """Those groups hear it then."""
    for begin in range(0, len(numbers), _PART):
        part = _P.id.in_(numbers[begin : begin + _PART])
        db.conn.execute(update(PublicityPostRow).where(part).values(due_at=due_at))


def ended(db: Db, number: int, state: str, at: datetime, **more: Any) -> None:
    """What became of a post; ``more`` are further columns."""
    said = {"said_at": at} if state == SAID else {}
    values = {"state": state, **said, **more}
    db.conn.execute(update(PublicityPostRow).where(_P.id == number).values(values))


def settle(db: Db, chat: str = "") -> int:
    """How many drafts ended since the last time, in that group or in all; now it is written."""
    where = (_P.state == DRAFT, *([_P.chat == chat] if chat else []))
    over = [one for one in posts_where(db, *where) if one.state != DRAFT]
    for one in over:
        values = {"state": one.state, "said_at": one.said_at}
        db.conn.execute(update(PublicityPostRow).where(_P.id == one.id).values(values))
    return len(over)


# -- opting out ------------------------------------------------------------------------------------


def outs(db: Db) -> dict[str, Out]:
    """Groups that hear no publicity, by chat."""
    found = select(_O.chat, _O.at, _O.by, _O.reason).where(_O.ended_at.is_(None)).order_by(_O.id)
    return {row.chat: Out(*row) for row in db.conn.execute(found)}


def stop(db: Db, out: Out) -> None:
    """From now on that group hears none."""
    if out.chat not in outs(db):
        values = {"chat": out.chat, "at": out.at, "by": out.by, "reason": out.reason}
        insert_new(db.conn, PublicityOutRow, values)


def resume(db: Db, chat: str, at: datetime) -> None:
    """That group hears lines again."""
    where = (_O.chat == chat, _O.ended_at.is_(None))
    db.conn.execute(update(PublicityOutRow).where(*where).values(ended_at=at))


def _lines(db: Db, *where: ColumnElement[bool]) -> list[Line]:
    return [_line(row) for row in db.conn.execute(select(_LINES).where(*where).order_by(_L.id))]


def _line(row: Row[Any]) -> Line:
    return Line(**{name: getattr(row, name) for name in Line.__slots__})


def _post(row: Row[Any]) -> Post:
    values = {name: getattr(row, name) for name in Post.__slots__}
    if row.state == DRAFT and row.draft not in _WAITS:
        was_said = row.draft in (drafts.SENT, drafts.PROVED)
        values["state"] = SENT if was_said else UNSENT
        values["said_at"] = (row.proved_at or row.ended_at) if was_said else None
    return Post(**values)
