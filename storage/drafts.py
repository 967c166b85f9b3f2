"""Drafts of groups (代发): what a human has to say, who sees it, and whether it was said.

States: ``later`` (waits for its morning) · ``open`` · ``sent`` (a human says so) · ``proved`` (the
archive heard it) · ``answered`` (staff answered by hand) · ``dropped`` (不发了, or the danger was
none) · ``expired``. A sent draft keeps its state when the archive proves it later; ``proved_at``
tells.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from storage import holds
from storage.database import insert_new, table_of
from storage.draft_tables import DraftCardRow, GroupDraftRow
from storage.session import Db
from storage.tables import OutgoingRow, ReceiptRow

OPEN, SENT, PROVED, ANSWERED = "open", "sent", "proved", "answered"
DROPPED, EXPIRED, LATER = "dropped", "expired", "later"
_TABLE = table_of(GroupDraftRow)
_T = _TABLE.c
_CARDS = table_of(DraftCardRow)
_CARD = _CARDS.c
_OUT = table_of(OutgoingRow).c
_RECEIPT = table_of(ReceiptRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One sentence for one group; ``said_at`` is when the resident spoke, ``made_at`` heard."""

    id: int = 0
    key: str
    chat: str
    line: str
    ticket_id: int = 0
    kind: str
    danger: bool = False
    door: str = ""
    text: str
    said_at: datetime
    made_at: datetime
    expires_at: datetime
    state: str = OPEN
    handed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    proved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DraftCard:
    """A card with drafts in somebody's hand; ``draft_id`` is the youngest that it shows."""

    task_id: str
    draft_id: int
    user: str


@dataclass(frozen=True, slots=True)
class Spans:
    """The moments of one draft, by the door that heard it; None where it never came to that."""

    door: str
    danger: bool
    heard_at: datetime
    phone_at: datetime | None
    sent_at: datetime | None


def add(db: Db, draft: Draft) -> int | None:
    """Id of the new draft; None when that key is there already."""
    values = {name: getattr(draft, name) for name in Draft.__slots__ if name not in ("id", "text")}
    values["text_sealed"] = db.seal.close(draft.text, _about(draft.key))
    return insert_new(db.conn, GroupDraftRow, values)


def get(db: Db, draft_id: int) -> Draft | None:
    """The draft with that id."""
    found = _found(db, _T.id == draft_id)
    return found[0] if found else None


def of_keys(db: Db, keys: Collection[str]) -> list[Draft]:
    """The open drafts with those keys, danger first, then oldest."""
    found = _found(db, _T.key.in_(list(keys)), _T.state == OPEN)
    return sorted(found, key=lambda one: (not one.danger, one.id))


def later_of(db: Db, keys: Collection[str]) -> list[Draft]:
    """The drafts with those keys that wait for a later day."""
    return _found(db, _T.key.in_(list(keys)), _T.state == LATER)


def begin(db: Db, draft_id: int) -> bool:
    """True when a draft that waited for its day is open now."""
    where = (_T.id == draft_id, _T.state == LATER)
    return db.conn.execute(update(GroupDraftRow).where(*where).values(state=OPEN)).rowcount == 1


def open_in(db: Db, line: str) -> list[Draft]:
    """What waits to be said in that group, danger first, then oldest."""
    found = _found(db, _T.line == line, _T.state == OPEN)
    return sorted(found, key=lambda one: (not one.danger, one.id))


def all_open(db: Db) -> list[Draft]:
    """What waits to be said anywhere, danger first, then oldest."""
    return sorted(_found(db, _T.state == OPEN), key=lambda one: (not one.danger, one.id))


def unproved_in(db: Db, line: str, since: datetime) -> list[Draft]:
    """Open and lately sent drafts of that group that the archive has not heard, newest first."""
    where = (_T.line == line, _T.state.in_((OPEN, SENT)), _T.proved_at.is_(None))
    return _found(db, *where, _T.made_at >= since)[::-1]


def of_ticket(db: Db, ticket_id: int) -> list[Draft]:
    """All drafts that speak of a ticket, oldest first."""
    return _found(db, _T.ticket_id == ticket_id)


def ever(db: Db, line: str, kind: str) -> bool:
    """True when a draft of that kind was ever made for the group."""
    found = select(_T.id).where(_T.line == line, _T.kind == kind).limit(1)
    return db.conn.execute(found).first() is not None


def made_since(db: Db, line: str, kind: str, since: datetime) -> bool:
    """True when a draft of that kind was made for the group since then."""
    found = select(_T.id).where(_T.line == line, _T.kind == kind, _T.made_at >= since).limit(1)
    return db.conn.execute(found).first() is not None


def handed(db: Db, draft_id: int, at: datetime) -> None:
    """Somebody was given the draft."""
    db.conn.execute(update(GroupDraftRow).where(_T.id == draft_id).values(handed_at=at))


def belong_to(db: Db, keys: Collection[str], ticket_id: int) -> None:
    """These drafts speak of that ticket."""
    where = (_T.key.in_(list(keys)), _T.ticket_id == 0)
    db.conn.execute(update(GroupDraftRow).where(*where).values(ticket_id=ticket_id))


def to_remind(db: Db, line: str, before: datetime, at: datetime) -> list[Draft]:
    """Open ordinary drafts of before then that were not called to mind yet; now they are."""
    where = (_T.line == line, _T.state == OPEN, _T.made_at <= before, _T.reminded_at.is_(None))
    found = _found(db, *where, _T.danger.is_(False))
    ids = [draft.id for draft in found]
    db.conn.execute(update(GroupDraftRow).where(_T.id.in_(ids)).values(reminded_at=at))
    return found


def end(db: Db, ids: Collection[int], state: str, at: datetime, by: str = "") -> int:
    """How many open drafts ended so; what has ended stays as it is."""
    where = (_T.id.in_(list(ids)), _T.state == OPEN)
    values = {"state": state, "ended_at": at, "ended_by": by}
    return db.conn.execute(update(GroupDraftRow).where(*where).values(values)).rowcount


def prove(db: Db, draft_id: int, said_at: datetime, by: str) -> None:
    """The archive heard it in the group: an open draft has ended there and then."""
    end(db, [draft_id], PROVED, said_at, by)
    db.conn.execute(update(GroupDraftRow).where(_T.id == draft_id).values(proved_at=said_at))


def show_card(db: Db, card: DraftCard, line: str, out_key: str, at: datetime, danger: bool) -> None:
    """Remember a card of drafts."""
    values = {
        "task_id": card.task_id,
        "line": line,
        "draft_id": card.draft_id,
        "danger": danger,
        "user": card.user,
        "out_key": out_key,
        "shown_at": at,
    }
    insert_new(db.conn, DraftCardRow, values)


def cards_of(db: Db, line: str, draft_id: int = 0) -> list[DraftCard]:
    """Living cards of a group: the ordinary ones, or those of one danger draft; oldest first."""
    where = [_CARD.line == line, _CARD.closed_at.is_(None)]
    where.append(_CARD.draft_id == draft_id if draft_id else _CARD.danger.is_(False))
    rows = db.conn.execute(select(_CARDS).where(*where).order_by(_CARD.shown_at, _CARD.task_id))
    return [DraftCard(r.task_id, r.draft_id, r.user) for r in rows]


def card(db: Db, task_id: str) -> DraftCard | None:
    """The card of that task id."""
    row = db.conn.execute(select(_CARDS).where(_CARD.task_id == task_id)).first()
    return DraftCard(row.task_id, row.draft_id, row.user) if row else None


def cards_of_user(db: Db, user: str) -> list[DraftCard]:
    """Living cards in somebody's hand, newest first."""
    where = (_CARD.user == user, _CARD.closed_at.is_(None))
    order = (_CARD.shown_at.desc(), _CARD.task_id.desc())
    rows = db.conn.execute(select(_CARDS).where(*where).order_by(*order))
    return [DraftCard(r.task_id, r.draft_id, r.user) for r in rows]


def take_back(db: Db, task_id: str) -> bool:
    """True when that card had not left yet; now it never will."""
    key = select(_CARD.out_key).where(_CARD.task_id == task_id).scalar_subquery()
    where = (_OUT.key == key, _OUT.state == "pending")
    values = {"state": "dropped", "why": "a younger card shows it all"}
    return db.conn.execute(update(OutgoingRow).where(*where).values(values)).rowcount > 0


def card_shows(db: Db, task_id: str, draft_id: int) -> None:
    """A card was changed and now shows drafts up to that id."""
    which = _CARD.task_id == task_id
    db.conn.execute(update(DraftCardRow).where(which).values(draft_id=draft_id))


def close_card(db: Db, task_id: str, at: datetime) -> None:
    """A card that shows nothing open any more."""
    db.conn.execute(update(DraftCardRow).where(_CARD.task_id == task_id).values(closed_at=at))


def spans(db: Db, since: datetime) -> list[Spans]:
    """Heard → on a phone → sent of every draft made since then; notices are no answers."""
    first = (
        select(_CARD.line, _CARD.draft_id, func.min(_RECEIPT.at).label("at"))
        .select_from(_CARDS)
        .join(table_of(OutgoingRow), _OUT.key == _CARD.out_key)
        .join(table_of(ReceiptRow), _RECEIPT.outgoing_id == _OUT.id)
        .group_by(_CARD.line, _CARD.draft_id)
        .subquery()
    )
    receipts: dict[str, list[tuple[int, datetime]]] = {}
    for row in db.conn.execute(select(first)):
        receipts.setdefault(row.line, []).append((row.draft_id, row.at))
    drafts = _found(db, _T.made_at >= since, _T.kind.not_in(("notice", "welcome", "publicity")))
    return [_spans(draft, receipts.get(draft.line, [])) for draft in drafts]


def _spans(draft: Draft, receipts: list[tuple[int, datetime]]) -> Spans:
    """A card shows a danger draft alone, else every draft up to its own."""
    shown = [
        at
        for upto, at in receipts
        if (upto == draft.id if draft.danger else upto >= draft.id) and at >= draft.made_at
    ]
    sent_at = draft.ended_at if draft.state in (SENT, PROVED) else None
    phone_at = min(shown, default=None)
    return Spans(draft.door, draft.danger, draft.made_at, phone_at, sent_at)


def forget(db: Db, before: datetime) -> int:
    """How many ended drafts of before then went, with their cards; none under legal hold."""
    db.conn.execute(delete(DraftCardRow).where(_CARD.shown_at < before))
    free = _T.ticket_id.not_in(holds.held())
    old = (_T.made_at < before, _T.state != OPEN, _T.kind != "notice", free)
    return db.conn.execute(delete(GroupDraftRow).where(*old)).rowcount


def _found(db: Db, *where: Any) -> list[Draft]:
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_T.id))
    names = [name for name in Draft.__slots__ if name != "text"]
    return [
        Draft(
            text=db.seal.open(row.text_sealed, _about(row.key)),
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    ]


def _about(key: str) -> str:
    return f"group_draft:{key}"
