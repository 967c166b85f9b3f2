"""Mediations (调解) as values: begin, read, save; sessions with minutes; papers with numbers.

Called by ``handlers.mediating`` and its neighbours within a Turn. Minutes and terms are sealed
and handed out as they are: who may read them is asked by the handlers.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, update

from config.faults import Later
from storage.database import insert_new, table_of
from storage.mediation_tables import MediationPaperRow, MediationRow, MediationSessionRow
from storage.session import Db
from storage.tables import TicketRow

INVITED, RUNNING, ENDED = "invited", "running", "ended"
PLANNED, HELD = "planned", "held"
_M = table_of(MediationRow)
_S = table_of(MediationSessionRow)
_P = table_of(MediationPaperRow)
_YEAR = timedelta(days=365)
_PLAIN = (
    "ticket_id", "force", "mediator", "state", "score", "side_a", "side_b",
    "started_at", "eventful_at", "ended_at", "result", "promised_at", "kept_a", "kept_b",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediation:
    """A mediation as it stood when it was read; ``side_a`` and ``side_b`` say who agreed how."""

    id: int = 0
    key: str
    ticket_id: int
    version: int = 0
    force: str
    mediator: str
    state: str = INVITED
    score: int = 0
    side_a: str = ""
    side_b: str = ""
    started_at: datetime
    eventful_at: datetime
    ended_at: datetime | None = None
    result: str = ""
    promised_at: datetime | None = None
    kept_a: str = ""
    kept_b: str = ""
    terms: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session, or a date for one."""

    key: str
    mediation_id: int
    ticket_id: int
    kind: str
    at: datetime
    force: str
    by: str
    minutes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper with its number; ``words`` are its terms, empty once the reporter is anonymous."""

    key: str
    mediation_id: int
    ticket_id: int
    form: str
    number: str
    made_at: datetime
    made_by: str
    words: str


def begin(db: Db, mediation: Mediation) -> Mediation:
    """The mediation with its id."""
    values = {"key": mediation.key, **_values(db, mediation)}
    insert_new(db.conn, MediationRow, values)
    row = db.conn.execute(select(_M).where(_M.c.key == mediation.key)).one()
    return _value(db, row)


def save(db: Db, mediation: Mediation) -> Mediation:
    """The mediation with its next version. Raises: Later(0) when somebody was faster."""
    where = (_M.c.id == mediation.id, _M.c.version == mediation.version)
    values = _values(db, mediation) | {"version": mediation.version + 1}
    if db.conn.execute(update(MediationRow).where(*where).values(**values)).rowcount != 1:
        raise Later(0, "somebody else wrote this mediation")
    return replace(mediation, version=mediation.version + 1)


def get(db: Db, mediation_id: int) -> Mediation:
    """The mediation with that id. Raises: NoResultFound."""
    return _value(db, db.conn.execute(select(_M).where(_M.c.id == mediation_id)).one())


def find(db: Db, mediation_id: int) -> Mediation | None:
    """The mediation with that id; None when it was deleted with its ticket."""
    row = db.conn.execute(select(_M).where(_M.c.id == mediation_id)).one_or_none()
    return _value(db, row) if row is not None else None


def of_ticket(db: Db, ticket_id: int) -> list[Mediation]:
    """All mediations of a ticket, oldest first."""
    rows = db.conn.execute(select(_M).where(_M.c.ticket_id == ticket_id).order_by(_M.c.id))
    return [_value(db, row) for row in rows]


def move_user(db: Db, old: str, new: str) -> None:
    """Mediations that go on for ``old`` belong to ``new``."""
    db.conn.execute(
        update(MediationRow)
        .where(_M.c.mediator == old)
        .values(mediator=new, version=_M.c.version + 1)
    )


def hold_session(db: Db, session: Session) -> None:
    """Keep a session; a key that is there already changes nothing."""
    values = {
        "key": session.key,
        "mediation_id": session.mediation_id,
        "ticket_id": session.ticket_id,
        "kind": session.kind,
        "at": session.at,
        "force": session.force,
        "by": session.by,
        "minutes_sealed": db.seal.close(session.minutes, f"mediation_session:{session.key}"),
    }
    insert_new(db.conn, MediationSessionRow, values)


def sessions(db: Db, mediation_id: int) -> list[Session]:
    """The sessions of a mediation in order."""
    rows = db.conn.execute(select(_S).where(_S.c.mediation_id == mediation_id).order_by(_S.c.id))
    return [
        Session(
            key=row.key,
            mediation_id=row.mediation_id,
            ticket_id=row.ticket_id,
            kind=row.kind,
            at=row.at,
            force=row.force,
            by=row.by,
            minutes=db.seal.open(row.minutes_sealed, f"mediation_session:{row.key}"),
        )
        for row in rows
    ]


def write_paper(db: Db, paper: Paper) -> int:
    """The id of the kept paper; a key that is there already changes nothing."""
    values = {
        "key": paper.key,
        "mediation_id": paper.mediation_id,
        "ticket_id": paper.ticket_id,
        "form": paper.form,
        "number": paper.number,
        "made_at": paper.made_at,
        "made_by": paper.made_by,
        "words_sealed": db.seal.close(paper.words, f"mediation_paper:{paper.key}"),
    }
    insert_new(db.conn, MediationPaperRow, values)
    found = select(_P.c.id).where(_P.c.key == paper.key)
    return int(db.conn.execute(found).scalar_one())


def papers(db: Db, mediation_id: int) -> list[Paper]:
    """The papers of a mediation in order."""
    rows = db.conn.execute(select(_P).where(_P.c.mediation_id == mediation_id).order_by(_P.c.id))
    return [_paper(db, row) for row in rows]


def paper_by_id(db: Db, paper_id: int) -> Paper | None:
    """The paper with that id."""
    row = db.conn.execute(select(_P).where(_P.c.id == paper_id)).one_or_none()
    return _paper(db, row) if row is not None else None


def paper(db: Db, number: str) -> Paper | None:
    """The paper of that number."""
    row = db.conn.execute(select(_P).where(_P.c.number == number)).one_or_none()
    return _paper(db, row) if row is not None else None


def earlier_here(db: Db, place_key: str, ticket_id: int, now: datetime) -> int:
    """How many other tickets of the last year stand at the same place; 0 without a place."""
    if not place_key:
        return 0
    t = table_of(TicketRow).c
    where = (t.place_key == place_key, t.id != ticket_id, t.opened_at >= now - _YEAR)
    counted = select(func.count()).select_from(TicketRow).where(*where)
    return int(db.conn.execute(counted).scalar_one())


def _paper(db: Db, row: Row[Any]) -> Paper:
    return Paper(
        key=row.key,
        mediation_id=row.mediation_id,
        ticket_id=row.ticket_id,
        form=row.form,
        number=row.number,
        made_at=row.made_at,
        made_by=row.made_by,
        words=db.seal.open(row.words_sealed, f"mediation_paper:{row.key}")
        if row.words_sealed
        else "",
    )


def _values(db: Db, mediation: Mediation) -> dict[str, Any]:
    plain = {name: getattr(mediation, name) for name in _PLAIN}
    return plain | {"terms_sealed": db.seal.close(mediation.terms, f"mediation:{mediation.key}")}


def _value(db: Db, row: Row[Any]) -> Mediation:
    plain = {name: getattr(row, name) for name in _PLAIN}
    terms = db.seal.open(row.terms_sealed, f"mediation:{row.key}") if row.terms_sealed else ""
    return Mediation(id=row.id, key=row.key, version=row.version, terms=terms, **plain)
