"""People, places to speak and open questions (人与会话): known by keyed hashes only.

``people``: when a person first spoke; ``conversations``: what a place can do; ``heard``: masked
words of a few days so that the next message makes sense; ``asks``: questions that wait.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select, update

from storage import bindings, holds
from storage.database import insert_new, table_of, upsert
from storage.people_tables import AskRow, ConversationRow, DraftRow, HeardRow, PersonRow
from storage.ready import Ready
from storage.session import Db

PUSH, WINDOW = "push", "window"
"""Among what a conversation ``can``: a program may speak there without being asked."""

_PEOPLE = table_of(PersonRow).c
_PLACES = table_of(ConversationRow).c
_HEARD = table_of(HeardRow)
_ASKS = table_of(AskRow)
_HERS = bindings.hers(bindings.PERSON)
_OPEN_ASKS = Ready(
    select(_ASKS)
    .where(_ASKS.c.person_key.in_(_HERS), _ASKS.c.answered_at.is_(None))
    .where(_ASKS.c.until > bindparam("now"))
    .order_by(_ASKS.c.id.desc())
)
_GRID = Ready(
    select(_PEOPLE.grid)
    .where(_PEOPLE.person_key.in_(_HERS), _PEOPLE.grid != "")
    .order_by(_PEOPLE.person_key != bindings.PERSON, _PEOPLE.last_at.desc())
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question that waits: ``kind`` place, relay, rating, result and others."""

    id: int = 0
    key: str
    kind: str
    person_key: str
    ticket_id: int
    asked_at: datetime
    until: datetime
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something heard lately, masked."""

    event_key: str
    line: str
    person_key: str
    at: datetime
    kind: str
    category: str = ""
    ticket_id: int = 0
    masked: str = ""


def met(db: Db, person_key: str, now: datetime, *, user: str = "") -> bool:
    """True when this person speaks for the first time; ``user`` is kept sealed for a new key."""
    known: dict[str, Any] = {"last_at": now}
    if user:
        known["identity_sealed"] = db.seal.close(user, identity_about(person_key))
    new = insert_new(db.conn, PersonRow, {"person_key": person_key, "first_at": now, **known})
    if new is None:
        (_MET_AGAIN if user else _SEEN_AGAIN).run(db.conn, {"person": person_key, **known})
    return new is not None


_KNOWN = update(PersonRow).where(_PEOPLE.person_key == bindparam("person"))
_SEEN_AGAIN = Ready(_KNOWN, ("last_at",))
_MET_AGAIN = Ready(_KNOWN, ("last_at", "identity_sealed"))


def user_of(db: Db, person_key: str) -> str:
    """The account behind a keyed name. Raises: LookupError when that person never spoke."""
    where = _PEOPLE.person_key == person_key
    row = db.conn.execute(select(_PEOPLE.identity_sealed).where(where)).first()
    if row is None or not row.identity_sealed:
        raise LookupError("nobody of that key has spoken")
    return db.seal.open(row.identity_sealed, identity_about(person_key))


def identity_about(person_key: str) -> str:
    """What ``identity_sealed`` of that row is sealed with."""
    return f"person:{person_key}"


def lives_in(db: Db, person_key: str, grid: str) -> None:
    """Remember in which grid's group this person speaks."""
    db.conn.execute(update(PersonRow).where(_PEOPLE.person_key == person_key).values(grid=grid))


def grid_of(db: Db, person_key: str) -> str:
    """The grid whose group this person last spoke in, by any account; empty when unknown."""
    row = _GRID.first(db.conn, {"person": person_key})
    return row.grid if row else ""


def may_help(db: Db, person_key: str, day: str) -> bool:
    """True once per person and day: then the short help line may be said."""
    statement = (
        update(PersonRow)
        .where(_PEOPLE.person_key == person_key, _PEOPLE.helped_on != day)
        .values(helped_on=day)
    )
    return db.conn.execute(statement).rowcount == 1


def spoke_in(
    db: Db,
    line: str,
    kind: str,
    door: str,
    chat: str,
    now: datetime,
    *,
    owner: str = "",
    can: str = "",
) -> None:
    """Somebody spoke to the bot there: from now on it may be pushed to.

    ``owner`` is the person_key of whose own conversation it is; ``can`` says what may be done.
    """
    known: dict[str, Any] = {"spoke_at": now, "door": door}
    if owner:
        known |= {"person_key": owner, "can": can}
    values = {
        **known,
        "line": line,
        "kind": kind,
        "chat_sealed": db.seal.close(chat, f"conversation:{line}"),
    }
    upsert(db.conn, ConversationRow, values, known)


def own_chat(db: Db, person_key: str) -> str:
    """The conversation in which this person may be told something; "" for none.

    The latest one; where she has bound several accounts, one without a closing window first.
    """
    row = _OWN_CHAT.first(db.conn, {"person": person_key})
    return db.seal.open(row.chat_sealed, f"conversation:{row.line}") if row else ""


_OWN_CHAT = Ready(
    select(_PLACES.line, _PLACES.chat_sealed)
    .where(_PLACES.person_key.in_(_HERS), _PLACES.can.contains(PUSH))
    .order_by(_PLACES.can.contains(WINDOW), _PLACES.spoke_at.desc())
    .limit(1)
)


def chat_of(db: Db, line: str) -> str:
    """The conversation of that line; "" when nobody has spoken there."""
    row = db.conn.execute(select(_PLACES.chat_sealed).where(_PLACES.line == line)).first()
    return db.seal.open(row.chat_sealed, f"conversation:{line}") if row else ""


def has_spoken(db: Db, line: str) -> bool:
    """True when somebody has spoken to the bot in that conversation."""
    return _SPOKEN.scalar(db.conn, {"line": line}) is not None


_SPOKEN = Ready(select(_PLACES.spoke_at).where(_PLACES.line == bindparam("line")))


def note_heard(db: Db, said: Said) -> None:
    """Keep the masked words of one message."""
    insert_new(
        db.conn,
        HeardRow,
        {
            **{name: getattr(said, name) for name in Said.__slots__ if name != "masked"},
            "masked_sealed": db.seal.close(said.masked, _heard_about(said.event_key)),
        },
    )


def heard_lately(db: Db, person_key: str, line: str, since: datetime) -> list[Said]:
    """What that person said there since then, newest first."""
    values = {"person": person_key, "line": line, "since": since}
    return [_said(db, row) for row in _HEARD_LATELY.rows(db.conn, values)]


_HEARD_LATELY = Ready(
    select(_HEARD)
    .where(_HEARD.c.person_key == bindparam("person"), _HEARD.c.line == bindparam("line"))
    .where(_HEARD.c.at >= bindparam("since"))
    .order_by(_HEARD.c.id.desc())
)


def heard_as(db: Db, event_key: str) -> Said | None:
    """What was made of that message; None when it was an order or an answer."""
    row = db.conn.execute(select(_HEARD).where(_HEARD.c.event_key == event_key)).first()
    return _said(db, row) if row is not None else None


def _said(db: Db, row: Any) -> Said:
    return Said(
        masked=db.seal.open(row.masked_sealed, _heard_about(row.event_key)),
        **{name: getattr(row, name) for name in Said.__slots__ if name != "masked"},
    )


def _heard_about(event_key: str) -> str:
    return f"heard:{event_key}"


def forget_heard(db: Db, before: datetime, tied_before: datetime | None = None) -> int:
    """How many masked words from before then went; a ticket's stay until ``tied_before``."""
    c = _HEARD.c
    old = c.at < before
    if tied_before is not None:
        old = or_(and_(c.ticket_id == 0, old), c.at < tied_before)
    free = c.ticket_id.not_in(holds.held())
    return db.conn.execute(delete(HeardRow).where(old, free)).rowcount


def ask(db: Db, question: Ask) -> None:
    """Keep a question; the same key again is a no-op."""
    values = {name: getattr(question, name) for name in Ask.__slots__ if name not in ("id", "data")}
    insert_new(db.conn, AskRow, {**values, "data": json.dumps(question.data, ensure_ascii=False)})


def open_asks(db: Db, person_key: str, now: datetime) -> list[Ask]:
    """Questions that wait for that person under any account, newest first."""
    rows = _OPEN_ASKS.rows(db.conn, {"person": person_key, "now": now})
    return [_ask(row) for row in rows]


def asks_of_ticket(db: Db, ticket_id: int) -> list[Ask]:
    """Unanswered questions of a ticket."""
    return [_ask(row) for row in _ASKS_OF.rows(db.conn, {"ticket": ticket_id})]


_ASKS_OF = Ready(
    select(_ASKS)
    .where(_ASKS.c.ticket_id == bindparam("ticket"), _ASKS.c.answered_at.is_(None))
    .order_by(_ASKS.c.id)
)


def answered(db: Db, ask_id: int, now: datetime) -> None:
    """The question has its answer."""
    db.conn.execute(update(AskRow).where(_ASKS.c.id == ask_id).values(answered_at=now))


def add_draft(
    db: Db, key: str, ticket_id: int, user: str, kind: str, text: str, now: datetime
) -> None:
    """A task for a named human: say this, or speak with that person."""
    values = {"key": key, "ticket_id": ticket_id, "user": user, "kind": kind, "made_at": now}
    insert_new(db.conn, DraftRow, {**values, "text_sealed": db.seal.close(text, f"draft:{key}")})


def finish_drafts(db: Db, ticket_id: int, user: str, now: datetime) -> None:
    """That human did what a draft of this ticket asked for."""
    c = table_of(DraftRow).c
    where = (c.ticket_id == ticket_id, c.user == user, c.done_at.is_(None))
    db.conn.execute(update(DraftRow).where(*where).values(done_at=now))


def _ask(row: Any) -> Ask:
    plain = {name: getattr(row, name) for name in Ask.__slots__ if name != "data"}
    return Ask(**plain, data=json.loads(row.data))
