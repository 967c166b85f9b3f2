"""What is remembered of 微信客服: the cursor of each account and the session of each customer.

The cursor stands in ``meta`` and moves in the transaction of the last event of its page. Moments
only go forward, so reading three days again changes nothing. Called by ``bot.engine.kf_books``.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, exists, not_, or_, select, update

from storage.database import table_of, upsert
from storage.kf_tables import KfSessionRow
from storage.session import Db
from storage.tables import MetaRow, OutgoingRow, ReceiptRow, TicketRow
from storage.tickets import ENDED as ENDED_STAGES

_T = table_of(KfSessionRow).c
_META = table_of(MetaRow).c
_OUT = table_of(OutgoingRow).c
_RECEIPT = table_of(ReceiptRow).c
_TICKET = table_of(TicketRow).c
ENDED = 4
_SCENE = "kf:scene:"
SPENT = 99


@dataclass(frozen=True, slots=True)
class Session:
    """One customer's session: her last words, what was said since, and WeCom's state of it."""

    heard_at: datetime | None = None
    said: int = 0
    state: int = 0
    state_at: datetime | None = None


def cursor(db: Db, account: str) -> str:
    """Where reading goes on; empty when it begins or was lost."""
    row = db.conn.execute(select(_META.value).where(_META.name == _cursor_name(account))).first()
    return str(row.value) if row else ""


def keep_cursor(db: Db, account: str, value: str) -> None:
    """Go on there next time."""
    upsert(db.conn, MetaRow, {"name": _cursor_name(account), "value": value}, {"value": value})


def _cursor_name(account: str) -> str:
    return f"kf:cursor:{account}"


def scanned(db: Db, line: str, scene: str, at: datetime) -> None:
    """A session began at ``at`` with that poster; an empty ``scene``: without one."""
    value = f"{_stamp(at)} {scene}"
    upsert(db.conn, MetaRow, {"name": f"{_SCENE}{line}", "value": value}, {"value": value})


def scene_of(db: Db, line: str, at: datetime, since: datetime) -> str:
    """The poster with which the session of ``at`` began, not before ``since``; empty for none."""
    row = db.conn.execute(select(_META.value).where(_META.name == f"{_SCENE}{line}")).first()
    began, _, scene = str(row.value).partition(" ") if row else ("", "", "")
    known = session(db, line)
    is_another = known.state == 0 and known.state_at is not None  # ended since, and begun anew
    if is_another and known.state_at and began < _stamp(known.state_at) <= _stamp(at):
        return ""
    return scene if _stamp(since) <= began else ""


def _stamp(at: datetime) -> str:
    """A moment as text that sorts like it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def session(db: Db, line: str) -> Session:
    """How that customer's session stands; a new one for somebody unknown."""
    columns = (_T.heard_at, _T.said, _T.state, _T.state_at)
    row = db.conn.execute(select(*columns).where(_T.line == line)).first()
    return Session(*row) if row else Session()


def spoke(db: Db, line: str, at: datetime) -> None:
    """She said something: five messages again, and an ended session is a new one."""
    known = session(db, line)
    if known.heard_at is not None and at < known.heard_at:
        return
    change: dict[str, object] = {"heard_at": at, "said": 0}
    if known.state == ENDED:
        change |= {"state": 0, "state_at": at}
    upsert(db.conn, KfSessionRow, {"line": line, **change}, change)


def stands(db: Db, line: str, state: int, at: datetime) -> None:
    """WeCom says who holds the session; older news than what is known changes nothing.

    Its events carry whole seconds, what we asked for ourselves does not: within a second the
    later word counts.
    """
    known = session(db, line)
    if known.state_at is None or _stamp(at) >= _stamp(known.state_at):
        change = {"state": state, "state_at": at}
        upsert(db.conn, KfSessionRow, {"line": line, **change}, change)


def said(db: Db, line: str) -> None:
    """One message fewer."""
    db.conn.execute(update(KfSessionRow).where(_T.line == line).values(said=_T.said + 1))


def shut(db: Db, line: str) -> None:
    """WeCom takes no more until she speaks again, whatever we had counted."""
    db.conn.execute(update(KfSessionRow).where(_T.line == line).values(said=SPENT))


def forget(db: Db, before: datetime) -> int:
    """Delete sessions in which nothing happened since ``before``; returns how many.

    What was scanned before goes with them. The session from which a ticket came stays while that
    ticket is open.
    """
    needed = exists().where(_TICKET.line == _T.line, _TICKET.stage.not_in(ENDED_STAGES))
    names = (_META.name.startswith(_SCENE, autoescape=True), _META.value < _stamp(before))
    db.conn.execute(delete(MetaRow).where(*names))
    old = [or_(moment.is_(None), moment < before) for moment in (_T.heard_at, _T.state_at)]
    return db.conn.execute(delete(KfSessionRow).where(*old, not_(needed))).rowcount


@dataclass(frozen=True, slots=True)
class Sent:
    """A row that WeCom took and then did not deliver."""

    id: int
    key: str
    ticket_id: int
    body: str


def sent_as(db: Db, msgid: str) -> Sent | None:
    """The outgoing row whose receipt has this id, as long as it counts as sent."""
    row = db.conn.execute(
        select(_OUT.id, _OUT.key, _OUT.ticket_id, _OUT.body_sealed)
        .join_from(table_of(ReceiptRow), table_of(OutgoingRow), _RECEIPT.outgoing_id == _OUT.id)
        .where(_RECEIPT.msgid == msgid, _OUT.lane == "kf", _OUT.state == "sent")
    ).first()
    if row is None:
        return None
    body = db.seal.open(row.body_sealed, f"outgoing:{row.key}")
    return Sent(row.id, row.key, row.ticket_id, body)


def not_delivered(db: Db, row: Sent, why: str) -> None:
    """The row did not arrive after all."""
    change = update(OutgoingRow).where(_OUT.id == row.id).values(state="parked", why=why)
    db.conn.execute(change)
