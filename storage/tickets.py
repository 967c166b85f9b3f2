"""Tickets (工单): frozen values out, versioned writes in.

Every write says ``WHERE id AND version``; zero rows: somebody else was faster and the whole Turn is
tried again (``Later(0)``). Who reported, the original words and both texts of the
result are sealed, and so is the masked text: a mask hides numbers, but no name.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, exists, select, true, update

from config.faults import Later
from config.vocabulary import Danger, Stage, Urgency
from storage import bindings
from storage.columns import looked_at
from storage.database import insert_new, table_of
from storage.ready import Ready
from storage.session import Db
from storage.tables import CardRow, TicketRow

_TABLE = table_of(TicketRow)
_T = _TABLE.c
ENDED = (Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED, Stage.REJECTED, Stage.MERGED, Stage.VOID)


_SAME_SERIAL = 50
OPEN = tuple(stage for stage in Stage if stage not in ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One person who spoke of this matter, and where to answer her privately."""

    user: str
    chat: str
    said_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as it stood when it was read; change it by ``replace`` and ``save``."""

    id: int = 0
    number: str
    serial: str
    day: str = ""
    version: int = 0
    stage: Stage
    prior_stage: str = ""
    category: str
    urgency: Urgency
    danger: Danger = Danger.NONE
    danger_class: str = ""
    protected: bool = False
    origin: str = "group"
    grid: str = ""
    chat: str = ""
    line: str
    owner: str = ""
    past_owners: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    department: str = ""
    unit: str = ""
    reporter_key: str = ""
    voices: tuple[Voice, ...] = ()
    carrier: str = ""
    masked: str = ""
    original: str = ""
    place: dict[str, str] = field(default_factory=dict)
    place_key: str = ""
    opened_at: datetime
    stage_at: datetime
    clock_at: datetime | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    finish_at: datetime | None = None
    reopen_count: int = 0
    return_count: int = 0
    urged_count: int = 0
    closing_code: str = ""
    result_internal: str = ""
    result_public: str = ""
    rating: int | None = None
    rules_version: str = ""

    @property
    def is_open(self) -> bool:
        """True until it is closed, void, rejected or merged."""
        return self.stage not in ENDED

    @property
    def reporter(self) -> Voice | None:
        """The first person who spoke of it, when known."""
        return self.voices[0] if self.voices else None


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is needed to see whether two people speak of the same; nothing sealed is opened."""

    id: int
    category: str
    danger: Danger
    danger_class: str
    protected: bool
    opened_at: datetime
    place_key: str
    stage: Stage = Stage.ASSIGNED
    unit: str = ""


_PLAIN = (
    "number",
    "serial",
    "stage",
    "prior_stage",
    "category",
    "urgency",
    "danger",
    "danger_class",
    "protected",
    "origin",
    "grid",
    "chat",
    "line",
    "owner",
    "department",
    "unit",
    "reporter_key",
    "carrier",
    "place_key",
    "opened_at",
    "stage_at",
    "clock_at",
    "due_at",
    "closed_at",
    "finish_at",
    "reopen_count",
    "return_count",
    "urged_count",
    "closing_code",
    "rating",
    "rules_version",
)


def create(db: Db, ticket: Ticket) -> Ticket:
    """The same ticket with its id, stored as version 1."""
    row_id = insert_new(db.conn, TicketRow, {**_values(db, ticket), "version": 1})
    if row_id is None:
        raise Later(0, f"ticket number {ticket.number} was taken meanwhile")
    return replace(ticket, id=row_id, version=1)


def save(db: Db, ticket: Ticket) -> Ticket:
    """The same ticket one version on. Raises: Later(0) when somebody changed it meanwhile."""
    values = {**_values(db, ticket), "version": ticket.version + 1}
    seen = {"seen_id": ticket.id, "seen": ticket.version}
    if _SAVE.run(db.conn, values | seen) != 1:
        raise Later(0, f"ticket {ticket.number} changed meanwhile")
    return replace(ticket, version=ticket.version + 1)


def get(db: Db, ticket_id: int) -> Ticket:
    """The ticket of that id. Raises: LookupError when there is none."""
    row = _GET.first(db.conn, {"ticket": ticket_id})
    if row is None:
        raise LookupError(f"no ticket {ticket_id}")
    return _value(db, row)


def by_number(db: Db, number: str) -> Ticket | None:
    """The ticket of that full number, or None."""
    return next(iter(_find(db, _T.number == number)), None)


def by_serial(db: Db, serial: str) -> list[Ticket]:
    """Open tickets of that 4-digit serial and the newest ended ones, newest first.

    People type only that; after some years every serial has been given a thousand times.
    """
    open_ones = select(_T.id).where(_T.serial == serial, _T.stage.in_(OPEN))
    newest = select(_T.id).where(_T.serial == serial).order_by(_T.id.desc()).limit(_SAME_SERIAL)
    wanted = {*db.conn.execute(open_ones).scalars(), *db.conn.execute(newest).scalars()}
    return of_ids(db, wanted)


def open_of_owner(db: Db, user: str) -> list[Ticket]:
    """Open tickets in that person's hands, oldest first.

    By stage, for the open ones are few and what he had in all his years is not.
    """
    return _find(db, _T.stage.in_(OPEN), looked_at(_T.owner) == user)


def shown_to(db: Db, user: str) -> list[Ticket]:
    """Open tickets whose card that person was shown, oldest first."""
    cards = table_of(CardRow).c
    shown = exists().where(cards.ticket_id == _T.id, cards.user == user)
    return _find(db, _T.stage.in_(OPEN), shown)


def of_reporter(db: Db, person_key: str, since: datetime) -> list[Ticket]:
    """Tickets that person opened since then under any of her accounts, newest first."""
    rows = _OF_REPORTER.rows(db.conn, {"person": person_key, "since": since})
    return [_value(db, row) for row in rows]


def of_carrier(db: Db, user: str, since: datetime) -> list[Ticket]:
    """Tickets that member of staff passed on since then, newest first."""
    return _find(db, _T.carrier == user, _T.opened_at >= since, newest_first=True)


def open_in_grid(db: Db, grid: str, since: datetime) -> list[Sketch]:
    """Open tickets of that grid opened since then, newest first."""
    rows = _IN_GRID.rows(db.conn, {"grid": grid, "since": since})
    return [
        Sketch(r.id, r.category, Danger(r.danger), r.danger_class, r.protected, r.opened_at,
               r.place_key, Stage(r.stage), unit_of(r.place))
        for r in rows
    ]  # fmt: skip


def unit_of(place: str) -> str:
    """The stairwell (单元) of a place as it lies in a ticket's row; empty when not said."""
    return str(json.loads(place).get("unit", "")) if '"unit"' in place else ""


_GET = Ready(select(_TABLE).where(_T.id == bindparam("ticket")))
_SEEN = (_T.id == bindparam("seen_id"), _T.version == bindparam("seen"))
_SEALED = ("past_owners", "barred", "place", "reporter_sealed", "masked_sealed", "original_sealed")
_SAVE = Ready(update(_TABLE).where(*_SEEN), (*_PLAIN, *_SEALED, "result_sealed", "version"))
_SINCE = (_T.reporter_key.in_(bindings.hers(bindings.PERSON)), _T.opened_at >= bindparam("since"))
_OF_REPORTER = Ready(select(_TABLE).where(*_SINCE).order_by(_T.id.desc()))
_IN_GRID = Ready(
    select(_T.id, _T.category, _T.danger, _T.danger_class, _T.protected, _T.opened_at, _T.place_key)
    .add_columns(_T.stage, _T.place)
    .where(_T.grid == bindparam("grid"), _T.opened_at >= bindparam("since"))
    .where(_T.stage.in_(OPEN), _T.origin != "focus")
    .order_by(_T.id.desc())
)


def newest(db: Db, most: int = 200, where: ColumnElement[bool] | None = None) -> list[Ticket]:
    """The newest tickets, or the newest that fit ``where``."""
    found = select(_TABLE).where(true() if where is None else where).order_by(_T.id.desc())
    return [_value(db, row) for row in db.conn.execute(found.limit(most))]


def of_ids(db: Db, ids: Collection[int]) -> list[Ticket]:
    """These tickets, newest first; what is gone is left out."""
    return _find(db, _T.id.in_(list(ids)), newest_first=True) if ids else []


def _find(db: Db, *where: ColumnElement[bool], newest_first: bool = False) -> list[Ticket]:
    order = _T.id.desc() if newest_first else _T.id
    rows = db.conn.execute(select(_TABLE).where(*where).order_by(order))
    return [_value(db, row) for row in rows]


def _values(db: Db, ticket: Ticket) -> dict[str, Any]:
    about = f"ticket:{ticket.number}"
    people = [{"user": v.user, "chat": v.chat, "said_at": v.said_at} for v in ticket.voices]
    result = {"internal": ticket.result_internal, "public": ticket.result_public}
    return {
        **{name: getattr(ticket, name) for name in _PLAIN},
        "past_owners": " ".join(ticket.past_owners),
        "barred": " ".join(ticket.barred),
        "place": json.dumps(ticket.place, ensure_ascii=False),
        "reporter_sealed": db.seal.close(json.dumps(people), about),
        "masked_sealed": db.seal.close(ticket.masked, about),
        "original_sealed": db.seal.close(ticket.original, about),
        "result_sealed": db.seal.close(json.dumps(result), about),
    }


def _value(db: Db, row: Row[Any]) -> Ticket:
    about = f"ticket:{row.number}"
    result = json.loads(db.seal.open(row.result_sealed, about))
    plain = {name: getattr(row, name) for name in _PLAIN}
    plain.update(stage=Stage(row.stage), urgency=Urgency(row.urgency), danger=Danger(row.danger))
    return Ticket(
        id=row.id,
        version=row.version,
        past_owners=tuple(row.past_owners.split()),
        barred=tuple(row.barred.split()),
        place=json.loads(row.place),
        voices=tuple(Voice(**v) for v in json.loads(db.seal.open(row.reporter_sealed, about))),
        masked=db.seal.open(row.masked_sealed, about),
        original=db.seal.open(row.original_sealed, about),
        result_internal=result["internal"],
        result_public=result["public"],
        **plain,
    )
