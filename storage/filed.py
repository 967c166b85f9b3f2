"""What other systems filed (外部来件): one row for each report, tied to the ticket it led to.

The door keeps a row in the transaction of its event; the Turn ties it to a ticket; the door reads
how far it is. Only plain columns of a ticket are read here: nothing sealed of it can leave.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, update

from config.vocabulary import Danger, Stage
from storage import holds
from storage.archiving import ended_as
from storage.columns import among
from storage.database import insert_new, table_of
from storage.filed_tables import FiledRow
from storage.ready import Ready
from storage.session import Db
from storage.tables import InboxRow, JournalRow, TicketRow
from storage.tickets import ENDED

_TABLE = table_of(FiledRow)
_F = _TABLE.c
_T = table_of(TicketRow).c
_J = table_of(JournalRow).c
_INBOX = table_of(InboxRow).c
_PLAIN = ("id", "key", "request", "client", "about", "body_hash", "service_code", "at", "ticket_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One report; ``words`` are its own masked words, ``{description, address}``, or forgotten."""

    id: int = 0
    key: str
    request: str
    client: str
    about: str = ""
    body_hash: str
    service_code: str = ""
    at: datetime
    ticket_id: int = 0
    words: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a ticket is, as another system may know it."""

    id: int
    number: str
    stage: Stage
    protected: bool
    danger: Danger
    category: str
    unit: str
    grid: str
    opened_at: datetime
    stage_at: datetime
    finish_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ticket's story without who did it and why."""

    id: int
    at: datetime
    act: str
    before: str
    after: str


def keep(db: Db, filed: Filed) -> None:
    """Keep one report; the same key again changes nothing."""
    values = {name: getattr(filed, name) for name in _PLAIN if name != "id"}
    sealed = db.seal.close(json.dumps(filed.words, ensure_ascii=False), _about(filed.key))
    insert_new(db.conn, FiledRow, {**values, "words_sealed": sealed})


def by_key(db: Db, key: str) -> Filed | None:
    """The report of that event key, or None."""
    return next(iter(_found(db, _F.key == key)), None)


def by_request(db: Db, client: str, request: str) -> Filed | None:
    """The first report that this client was given that id for, or None."""
    where = (_F.request == request, _F.client == client, _F.about == "")
    return next(iter(_found(db, *where)), None)


def of_client(db: Db, client: str, since: datetime, until: datetime, most: int) -> list[Filed]:
    """First reports of a client in that time, newest first."""
    where = (_F.client == client, _F.about == "", _F.at >= since, _F.at <= until)
    statement = select(_TABLE).where(*where).order_by(_F.id.desc()).limit(most)
    return [_value(db, row) for row in db.conn.execute(statement)]


def of_ticket(db: Db, ticket_id: int) -> list[Filed]:
    """First reports that stand on a ticket, with one of their matters at least, oldest first."""
    names = select(func.coalesce(func.nullif(_F.about, ""), _F.request))
    return _found(db, _F.request.in_(names.where(_F.ticket_id == ticket_id)), _F.about == "")


def tickets_of(db: Db, requests: list[str], *, ever: bool = False) -> dict[str, tuple[int, ...]]:
    """The tickets on which each report stands, its first matter's first; none before its Turn.

    ``ever`` adds those that were merged into another since.
    """
    rows = db.conn.execute(
        select(_F.request, _F.about, _F.ticket_id, _F.first_ticket_id)
        .where(or_(_F.request.in_(requests), _F.about.in_(requests)), _F.ticket_id > 0)
        .order_by(_F.id)
    )
    found: dict[str, dict[int, None]] = {request: {} for request in requests}
    for row in rows:
        ids = (row.ticket_id, row.first_ticket_id) if ever else (row.ticket_id,)
        found[row.about or row.request].update(dict.fromkeys(ids))
    return {request: tuple(ids) for request, ids in found.items()}


def tie(db: Db, key: str, ticket_id: int) -> None:
    """Put the report of that event on a ticket."""
    change = {"ticket_id": ticket_id, "first_ticket_id": ticket_id}
    db.conn.execute(update(FiledRow).where(_F.key == key).values(change))


def also(db: Db, key: str, count: int, ticket_id: int) -> None:
    """A further matter of the report of that event stands on a ticket of its own."""
    row = db.conn.execute(select(_TABLE).where(_F.key == key)).first()
    if row is None:
        return  # nobody will ask for it
    values = {name: getattr(row, name) for name in _PLAIN if name != "id"}
    values |= {"key": f"{key}#{count}", "request": f"{row.request}-{count}"}
    values |= {"about": row.about or row.request, "ticket_id": ticket_id}
    insert_new(db.conn, FiledRow, {**values, "first_ticket_id": ticket_id, "words_sealed": ""})


def merged(db: Db, gone: int, goes_on: int) -> None:
    """The reports of ``gone`` stand on ``goes_on`` from now on."""
    db.conn.execute(update(FiledRow).where(_F.ticket_id == gone).values(ticket_id=goes_on))


def split(db: Db, ticket_id: int) -> None:
    """A merged ticket stands alone again, and so do its reports."""
    db.conn.execute(
        update(FiledRow).where(_F.first_ticket_id == ticket_id).values(ticket_id=ticket_id)
    )


def forget_words(db: Db, before: datetime, tied_before: datetime) -> int:
    """Empty the words of what was filed before ``before``; returns how many.

    What led to a ticket keeps them until ``tied_before``, and as long as that ticket is open or
    under legal hold; what waits for its Turn is left alone. The row stays: its id tells how far it
    is, its key makes a repetition harmless.
    """
    is_open = exists().where(_T.id == _F.ticket_id, _T.stage.not_in(ENDED))
    waits = exists().where(_INBOX.key == _F.key, _INBOX.done_at.is_(None))
    old = or_(and_(_F.ticket_id == 0, _F.at < before), _F.at < tied_before)
    free = _F.ticket_id.not_in(holds.held())
    change = update(FiledRow).where(old, free, _F.words_sealed != "", not_(is_open), not_(waits))
    return db.conn.execute(change.values(words_sealed="")).rowcount


_STANDING = (
    _T.id, _T.number, ended_as().label("stage"), _T.protected, _T.danger, _T.category, _T.unit,
    _T.grid, _T.opened_at, _T.stage_at, _T.finish_at,
)  # fmt: skip


_OURS = "focus"  # what the station finds by itself is nobody's report


def standings(db: Db, ids: list[int]) -> dict[int, Standing]:
    """How far these tickets are, by id."""
    rows = db.conn.execute(select(*_STANDING).where(_T.id.in_(ids), _T.origin != _OURS))
    return {row.id: _standing(row) for row in rows}


def standing_of(db: Db, number: str) -> Standing | None:
    """How far the ticket of that number is, or None."""
    row = db.conn.execute(select(*_STANDING).where(_T.number == number, _T.origin != _OURS)).first()
    return _standing(row) if row else None


def open_tickets(db: Db, since: datetime, until: datetime, most: int) -> list[Standing]:
    """Tickets opened in that time that are not protected, newest first."""
    where = (_T.opened_at >= since, _T.opened_at <= until, _T.protected.is_(False))
    shown = select(*_STANDING).where(*where, _T.origin != _OURS)
    rows = db.conn.execute(shown.order_by(_T.id.desc()).limit(most))
    return [_standing(row) for row in rows]


def steps_of(db: Db, ids: Collection[int]) -> list[tuple[int, Step]]:
    """(ticket, step) of each step in which a stage of these tickets changed, oldest first."""
    moved = _STEP.where(_J.ticket_id.in_(ids), _J.from_stage != _J.to_stage).order_by(_J.id)
    return [(row.ticket_id, _step(row)) for row in db.conn.execute(moved)]


def steps_of_keys(db: Db, keys: list[str]) -> list[tuple[int, Step]]:
    """(ticket, step) of what stands in the journal under these keys, in order."""
    return [(row.ticket_id, _step(row)) for row in _OF_KEYS.rows(db.conn, {"keys": keys})]


def count_steps(db: Db, ids: Collection[int]) -> int:
    """How many journal rows these tickets have: grows with everything that happens to them."""
    counted = select(func.count()).select_from(JournalRow).where(_J.ticket_id.in_(ids))
    return int(db.conn.execute(counted).scalar_one())


_STEP = select(_J.id, _J.ticket_id, _J.at, _J.act, _J.from_stage, _J.to_stage)
_OF_KEYS = Ready(_STEP.where(among(_J.key, "keys"), _J.ticket_id > 0).order_by(_J.id))


def _step(row: Any) -> Step:
    return Step(row.id, row.at, row.act, row.from_stage, row.to_stage)


def _standing(row: Any) -> Standing:
    plain = dict(row._mapping)
    plain.update(stage=Stage(row.stage), danger=Danger(row.danger))
    return Standing(**plain)


def _found(db: Db, *where: ColumnElement[bool]) -> list[Filed]:
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(_F.id))
    return [_value(db, row) for row in rows]


def _value(db: Db, row: Any) -> Filed:
    plain = {name: getattr(row, name) for name in _PLAIN}
    sealed = row.words_sealed
    words = json.loads(db.seal.open(sealed, _about(row.key))) if sealed else {}
    return Filed(**plain, words=words)


def _about(key: str) -> str:
    return f"filed:{key}"
