"""What goes when its time has come (保留期): the nightly deletions, and the record of each.

Every deletion leaves out what is under legal hold and writes how many rows of what kind went by
which rule, never whose. A night takes at most ``MOST`` tickets of each rule, so that the writer is
never held up; the rest goes the next night. What hangs on a ticket is found by its column
``ticket_id``, so a new table is covered from its first day. Called by ``handlers.keeping_nightly``
and, for one person's wish, by ``handlers.wishes_data``.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlmodel import SQLModel

from config.vocabulary import Danger, Stage
from storage import bindings, holds
from storage import tables as tables
from storage.archiving import ended_as
from storage.audit_books import delete_rows
from storage.binding_tables import BindCodeRow, SamePersonRow
from storage.database import table_of
from storage.filed_tables import FiledRow
from storage.mediation_tables import MediationPaperRow, MediationRow, MediationSessionRow
from storage.order_tables import OrderRow
from storage.people_tables import AskRow, ConversationRow, HeardRow, PersonRow, SampleRow
from storage.retention_tables import DeletionRow, LogCorrectionRow
from storage.session import Db
from storage.tables import InboxRow, JournalRow, OutgoingRow, ReceiptRow, TicketRow, TimerRow
from storage.tickets import ENDED

MOST = 500
_T = table_of(TicketRow).c
_J = table_of(JournalRow).c
_P = table_of(PersonRow).c
_OUT = table_of(OutgoingRow).c
_DELETED = (Stage.VOID, Stage.REJECTED)
_WHERE = frozenset({"community", "building", "road", "road_no", "landmark"})
# Rows that stay when their ticket goes, because they make a repeated event harmless.
_LET_GO = frozenset({OrderRow.__tablename__, FiledRow.__tablename__, SampleRow.__tablename__})
# What goes when a reporter is made anonymous: sealed words of rows that stay, and whole rows.
_WORDS = {
    "outgoing": "body_sealed",
    "drafts": "text_sealed",
    "ratings": "words_sealed",
    "filed_requests": "words_sealed",
    "mediation_papers": "words_sealed",
}
_ROWS = frozenset({"asks", "corrections", "group_drafts", "heard"})
# Rows that hang on rows of a ticket: table -> (column, the table it leads to).
BELOW = {
    MediationSessionRow.__tablename__: ("mediation_id", MediationRow.__tablename__),
    MediationPaperRow.__tablename__: ("mediation_id", MediationRow.__tablename__),
}


@dataclass(frozen=True, slots=True)
class Gone:
    """``count`` rows of ``kind`` went by ``rule``."""

    rule: str
    kind: str
    count: int


def record(db: Db, rule: str, gone: Counter[str], at: datetime) -> list[Gone]:
    """Write what went; nothing is written of nothing."""
    found = [Gone(rule, kind, count) for kind, count in sorted(gone.items()) if count]
    for one in found:
        values = {"at": at, "rule": one.rule, "kind": one.kind, "count": one.count}
        db.conn.execute(insert(table_of(DeletionRow)).values(values))
    return found


# -- tickets --------------------------------------------------------------------------------------


def due_for_deletion(
    db: Db, ended_before: datetime, void_before: datetime, grave_before: datetime
) -> dict[str, list[int]]:
    """Ids of tickets whose time is over, by rule; held ones are left out."""
    grave = or_(_T.protected.is_(True), _T.danger != Danger.NONE)
    closed = [stage for stage in ENDED if stage not in _DELETED]
    stage = ended_as()
    wanted = {
        "void": and_(not_(grave), stage.in_(_DELETED), _ended_at() < void_before),
        "closed": and_(not_(grave), stage.in_(closed), _ended_at() < ended_before),
        "grave": and_(grave, _T.stage.in_(ENDED), _ended_at() < grave_before),
    }
    return {rule: _ids(db, where) for rule, where in wanted.items()}


def due_for_anonymity(db: Db, before: datetime) -> list[int]:
    """Ids of ended tickets that still know who reported them; grave and held ones are left out."""
    return _ids(db, and_(_plain_and_ended(), _ended_at() < before))


def of_person(db: Db, person_key: str) -> list[int]:
    """Ids of her ended tickets that may be made anonymous at once, because she wishes it."""
    hers = _T.reporter_key.in_(bindings.hers(person_key))
    return _ids(db, and_(_plain_and_ended(), hers))


def _plain_and_ended() -> ColumnElement[bool]:
    return and_(
        _T.stage.in_(ENDED),
        _T.protected.is_(False),
        _T.danger == Danger.NONE,
        _T.anonymised_at.is_(None),
    )


def _ended_at() -> ColumnElement[datetime]:
    return func.coalesce(_T.closed_at, _T.stage_at)


def _ids(db: Db, where: ColumnElement[bool]) -> list[int]:
    free = _T.id.not_in(holds.held())
    found = select(_T.id).where(where, free).order_by(_T.id).limit(MOST)
    return list(db.conn.execute(found).scalars())


def delete_tickets(db: Db, ids: list[int]) -> Counter[str]:
    """The tickets and all that hangs on them; the bare journal stays for the audit's time."""
    gone: Counter[str] = Counter()
    if not ids:
        return gone
    outgoing = select(_OUT.id).where(_OUT.ticket_id.in_(ids))
    receipts = table_of(ReceiptRow)
    gone["receipts"] = db.conn.execute(
        delete(receipts).where(receipts.c.outgoing_id.in_(outgoing))
    ).rowcount
    for name, (column, above) in BELOW.items():
        table = SQLModel.metadata.tables[name]
        gone[name] = db.conn.execute(
            delete(table).where(table.c[column].in_(_of_tickets(above, ids)))
        ).rowcount
    for table in hanging():
        gone[table.name] += _go(db, table, ids)
    gone["tickets"] = db.conn.execute(delete(TicketRow).where(_T.id.in_(ids))).rowcount
    return gone


def _of_tickets(name: str, ids: list[int]) -> Any:
    """The ids of the rows of that table that belong to these tickets."""
    table = SQLModel.metadata.tables[name]
    return select(table.c.id).where(table.c.ticket_id.in_(ids))


def hanging() -> list[Table]:
    """Every table with rows of tickets."""
    return [t for t in SQLModel.metadata.sorted_tables if "ticket_id" in t.c]


def _go(db: Db, table: Table, ids: list[int]) -> int:
    mine: ColumnElement[bool] = table.c.ticket_id.in_(ids)
    if table.name == JournalRow.__tablename__:
        db.conn.execute(update(table).where(mine).values(reason_sealed=""))
        return 0
    if table.name in _LET_GO:
        free = {c.name: 0 for c in table.c if c.name.endswith("ticket_id")}
        sealed = {c.name: "" for c in table.c if c.name.endswith("_sealed")}
        db.conn.execute(update(table).where(mine).values({**free, **sealed}))
        return 0
    if "other_id" in table.c:
        mine = or_(mine, table.c.other_id.in_(ids))
    return delete_rows(db, table, mine)


def anonymise(db: Db, ids: list[int], at: datetime) -> Counter[str]:
    """Who reported these tickets, in whose words and behind which door, is gone; the rest stays.

    What the station itself wrote (category, street or building, result) stays.
    """
    gone: Counter[str] = Counter()
    for row in db.conn.execute(select(_T.id, _T.number, _T.place).where(_T.id.in_(ids))).all():
        about = f"ticket:{row.number}"
        values = {
            "reporter_key": "",
            "reporter_sealed": db.seal.close("[]", about),
            "original_sealed": db.seal.close("", about),
            "masked_sealed": db.seal.close("", about),
            "place": _coarse(row.place),
            "anonymised_at": at,
            "version": TicketRow.version + 1,
        }
        db.conn.execute(update(TicketRow).where(_T.id == row.id).values(**values))
        gone["reporters"] += 1
    for table in hanging():
        gone[table.name] += _nameless(db, table, ids)
    said = (_J.ticket_id.in_(ids), _J.actor == "reporter", _J.reason_sealed != "")
    gone["journal"] = db.conn.execute(
        update(JournalRow).where(*said).values(reason_sealed="")
    ).rowcount
    return gone


def _nameless(db: Db, table: Table, ids: list[int]) -> int:
    mine: list[ColumnElement[bool]] = [table.c.ticket_id.in_(ids)]
    if "state" in table.c:
        mine.append(table.c.state.not_in(("pending", "open")))
    if table.name in _ROWS:
        return db.conn.execute(delete(table).where(*mine)).rowcount
    column = _WORDS.get(table.name)
    if column is None:
        return 0
    mine.append(table.c[column] != "")
    return db.conn.execute(update(table).where(*mine).values({column: ""})).rowcount


def _coarse(place: str) -> str:
    """The place without unit, floor and room."""
    known: dict[str, str] = json.loads(place)
    kept = {name: said for name, said in known.items() if name in _WHERE}
    return json.dumps(kept, ensure_ascii=False)


# -- persons and the audit ------------------------------------------------------------------------


def forget_people(db: Db, before: datetime) -> Counter[str]:
    """Whoever has not spoken since and of whom no ticket knows is forgotten, with her ways."""
    known = exists().where(_T.reporter_key == _P.person_key)
    gone_keys = select(_P.person_key).where(_P.last_at < before, not_(known)).limit(MOST)
    return _forget(db, list(db.conn.execute(gone_keys).scalars()))


def _forget(db: Db, keys: list[str]) -> Counter[str]:
    gone: Counter[str] = Counter()
    rows = (ConversationRow, HeardRow, AskRow, SamePersonRow, BindCodeRow, PersonRow)
    for row in rows:
        table = table_of(row)
        gone[table.name] = db.conn.execute(
            delete(table).where(table.c.person_key.in_(keys))
        ).rowcount
    return gone


def forget_words_of(db: Db, person_key: str) -> Counter[str]:
    """What she said that opened no ticket goes at once."""
    heard = table_of(HeardRow).c
    mine = (heard.person_key.in_(bindings.hers(person_key)), heard.ticket_id == 0)
    keys = list(db.conn.execute(select(heard.event_key).where(*mine)).scalars())
    gone: Counter[str] = Counter()
    inbox = table_of(InboxRow).c
    done = (inbox.key.in_(keys), inbox.done_at.is_not(None), inbox.payload_sealed != "")
    values = {"payload_sealed": "", "answer_sealed": ""}
    gone["inbox"] = db.conn.execute(update(InboxRow).where(*done).values(values)).rowcount
    gone["heard"] = db.conn.execute(delete(HeardRow).where(*mine)).rowcount
    return gone


def forget_audit(db: Db, before: datetime) -> Counter[str]:
    """Steps of tickets that are gone, finished events, timers and receipts from before then."""
    gone: Counter[str] = Counter()
    ticket = exists().where(_T.id == _J.ticket_id)
    free = _J.ticket_id.not_in(holds.held())
    old = (_J.at < before, not_(ticket), free)
    gone["journal"] = delete_rows(db, table_of(JournalRow), *old)
    inbox, timers = table_of(InboxRow).c, table_of(TimerRow).c
    done = (inbox.done_at.is_not(None), inbox.done_at < before, not_(_is_kept_for_hold(inbox.key)))
    gone["inbox"] = db.conn.execute(delete(InboxRow).where(*done)).rowcount
    spent = (timers.done_at.is_not(None), timers.done_at < before, timers.ticket_id == 0)
    gone["timers"] = db.conn.execute(delete(TimerRow).where(*spent)).rowcount
    logs = table_of(LogCorrectionRow)
    gone[logs.name] = db.conn.execute(delete(logs).where(logs.c.at < before)).rowcount
    said = (_OUT.ticket_id == 0, _OUT.state != "pending", _OUT.created_at < before)
    receipts = table_of(ReceiptRow)
    with_receipt = receipts.c.outgoing_id.in_(select(_OUT.id).where(*said))
    gone["receipts"] = db.conn.execute(delete(receipts).where(with_receipt)).rowcount
    gone["outgoing"] = db.conn.execute(delete(OutgoingRow).where(*said)).rowcount
    return gone


def _is_kept_for_hold(event_key: Any) -> ColumnElement[bool]:
    """True for what somebody said on a ticket under legal hold."""
    heard = table_of(HeardRow).c
    return exists().where(heard.event_key == event_key, heard.ticket_id.in_(holds.held()))


def recorded(db: Db, since: datetime) -> list[Gone]:
    """What went since then, oldest first."""
    c = table_of(DeletionRow).c
    rows = db.conn.execute(select(c.rule, c.kind, c.count).where(c.at >= since).order_by(c.id))
    return [Gone(rule, kind, int(count)) for rule, kind, count in rows]
