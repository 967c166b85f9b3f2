"""Matters that come again (重复), read from tickets; findings, written.

Whoever asks for a person asks with the key of a ticket's reporter, never with a name; there is no
list of persons, and a finding leads back to none. Called by ``handlers.repeats`` and
``handlers.effects``.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from config.vocabulary import Stage
from storage import bindings
from storage.archiving import ended_as
from storage.columns import among, looked_at
from storage.database import table_of
from storage.ready import Ready
from storage.repeats_tables import EffectRow
from storage.session import Db
from storage.tables import TicketRow
from storage.tickets import Ticket, unit_of

FOCUS = "focus"
AT_ONCE = 0  # "days" of an effect that nobody waited for: she told it once more herself
_T = table_of(TicketRow).c
_E = table_of(EffectRow).c
# What was no matter after all, or is counted as part of another one.
_NEVER_WAS = (Stage.DRAFT, Stage.REJECTED, Stage.MERGED, Stage.VOID)


@dataclass(frozen=True, slots=True)
class Told:
    """A matter as far as counting needs it; ``persons`` are names of ``bindings.name_of``.

    ``again``: when the same person told it once more after it was closed (一事反复).
    """

    id: int
    category: str
    at: datetime
    grid: str
    place_key: str
    reporter_key: str
    persons: frozenset[str]
    unit: str = ""
    again: tuple[datetime, ...] = ()


_TOLD = (
    _T.id, _T.number, _T.category, _T.opened_at, _T.grid, _T.place_key, _T.reporter_key,
    _T.reporter_sealed, _T.place,
)  # fmt: skip
_COUNTS = and_(_T.protected.is_(False), _T.origin != FOCUS, ended_as().not_in(_NEVER_WAS))


def at_place(db: Db, place_key: str, since: datetime) -> list[Told]:
    """What was told of that place since then; protected matters are never among it."""
    return _told(db, _AT_PLACE.rows(db.conn, {"place": place_key, "since": since}))


def of_kind(db: Db, grid: str, category: str, since: datetime) -> list[Told]:
    """Matters of one category in one grid since then; who told them is not looked up."""
    values = {"grid": grid, "category": category, "since": since}
    return _told(db, _OF_KIND.rows(db.conn, values), with_persons=False)


def of_person(db: Db, reporter_key: str, since: datetime) -> list[Told]:
    """What the same person told since then, under any of her accounts."""
    rows = _OF_PERSON.rows(db.conn, {"person": reporter_key, "since": since})
    return _told(db, rows, with_persons=False)


def since(db: Db, begin: datetime) -> list[Told]:
    """Everything that was told since then; who told it is not looked up."""
    return _told(db, _ALL.rows(db.conn, {"since": begin}), with_persons=False)


def by_place(db: Db, keys: Iterable[str], since: datetime) -> dict[str, list[Told]]:
    """What was told of each of these places since then, in the order of ``keys``."""
    wanted = list(keys)
    found: dict[str, list[Told]] = {key: [] for key in wanted}
    for told in _told(db, _AT_PLACES.rows(db.conn, {"places": wanted, "since": since})):
        found[told.place_key].append(told)
    return found


def by_kind(
    db: Db, kinds: Collection[tuple[str, str]], since: datetime
) -> dict[tuple[str, str], list[Told]]:
    """What was opened of each (grid, category) since then; where and by whom is not read."""
    found: dict[tuple[str, str], list[Told]] = {kind: [] for kind in kinds}
    columns = (_T.id, _T.category, _T.opened_at, _T.grid)
    rows = select(*columns).where(_COUNTS, _T.opened_at >= since).order_by(_T.id)
    for row in db.conn.execute(rows):
        if (row.grid, row.category) in found:
            told = Told(row.id, row.category, row.opened_at, row.grid, "", "", frozenset())
            found[row.grid, row.category].append(told)
    return found


def one(db: Db, ticket_id: int) -> Told | None:
    """That matter, or None when it does not count."""
    return next(iter(_told(db, _ONE.rows(db.conn, {"ticket": ticket_id}))), None)


_ASKED = select(*_TOLD).where(_COUNTS).order_by(_T.id)
_AGAIN_SINCE = select(_E.ticket_id).where(_E.days == AT_ONCE, _E.checked_at >= bindparam("since"))
# Told since then, or told once more since then.
_RECENT = or_(_T.opened_at >= bindparam("since"), _T.id.in_(_AGAIN_SINCE))
_ALL = Ready(_ASKED.where(_RECENT))
_AT_PLACE = Ready(_ASKED.where(_T.place_key == bindparam("place"), _RECENT))
_AT_PLACES = Ready(_ASKED.where(among(_T.place_key, "places"), _RECENT))
_OF_PERSON = Ready(_ASKED.where(_T.reporter_key.in_(bindings.hers(bindings.PERSON)), _RECENT))
_OF_KIND = Ready(
    _ASKED.where(_T.grid == bindparam("grid"), _T.category == bindparam("category")).where(
        _T.opened_at >= bindparam("since")
    )
)
_ONE = Ready(_ASKED.where(_T.id == bindparam("ticket")))


def _told(db: Db, rows: Sequence[Any], with_persons: bool = True) -> list[Told]:
    names: dict[str, str] = {}
    again = _again(db, [row.id for row in rows])
    return [
        Told(r.id, r.category, r.opened_at, r.grid, r.place_key, r.reporter_key,
             _persons(db, r, names) if with_persons else frozenset(),
             unit_of(r.place), tuple(again.get(r.id, ())))
        for r in rows
    ]  # fmt: skip


def _again(db: Db, ids: Sequence[int]) -> dict[int, list[datetime]]:
    """By ticket, when it was told once more after its closing."""
    found: dict[int, list[datetime]] = {}
    for row in _TOLD_AGAIN.rows(db.conn, {"ids": ids}) if ids else ():
        found.setdefault(row.ticket_id, []).append(row.checked_at)
    return found


_TOLD_AGAIN = Ready(
    select(_E.ticket_id, _E.checked_at)
    .where(among(_E.ticket_id, "ids"), _E.days == AT_ONCE)
    .order_by(_E.id)
)


def _persons(db: Db, row: Any, names: dict[str, str]) -> frozenset[str]:
    """Everybody who spoke of it, each person once whatever account she used."""
    voices = json.loads(db.seal.open(row.reporter_sealed, f"ticket:{row.number}"))
    keys = {db.seal.person_key(voice["user"]) for voice in voices}
    for key in keys - names.keys():
        names[key] = bindings.name_of(db, key)
    return frozenset(names[key] for key in keys)


def protected_before(db: Db, ticket: Ticket, categories: Collection[str], since: datetime) -> int:
    """How many protected matters of these categories the same person, or place, had before.

    Another stairwell of the same building is another family.
    """
    same = _same(ticket.reporter_key, ticket.place_key)
    if not same:
        return 0
    where = (_T.id < ticket.id, looked_at(_T.category).in_(categories), _T.protected.is_(True))
    found = select(_T.reporter_key, _T.place).where(*where, _T.opened_at >= since, or_(*same))
    rows = db.conn.execute(found.where(ended_as().not_in(_NEVER_WAS), _T.origin != FOCUS))
    keys = bindings.keys_of(db, ticket.reporter_key) if ticket.reporter_key else set()
    unit = ticket.place.get("unit", "")
    return sum(row.reporter_key in keys or fit(unit, unit_of(row.place)) for row in rows)


def fit(unit: str, other: str) -> bool:
    """True when two reports of one building can be of one stairwell."""
    return not unit or not other or unit == other


def _same(reporter_key: str, place_key: str) -> list[ColumnElement[bool]]:
    """The same person, the same place; what is not known is left out."""
    found: list[ColumnElement[bool]] = []
    if reporter_key:
        found.append(_T.reporter_key.in_(bindings.hers(reporter_key)))
    if place_key:
        found.append(_T.place_key == place_key)
    return found


def began(db: Db) -> datetime | None:
    """When the first ticket of this system was opened."""
    found: datetime | None = _FIRST.scalar(db.conn)
    return found


_FIRST = Ready(select(_T.opened_at).order_by(_T.id).limit(1))


def closed_like(db: Db, reporter_key: str, category: str, closed_since: datetime) -> list[int]:
    """Closed matters of that category by that person, newest closing first."""
    values = {"person": reporter_key, "category": category, "since": closed_since}
    return _CLOSED_LIKE.scalars(db.conn, values)


_CLOSED_LIKE = Ready(
    select(_T.id)
    .where(_COUNTS, ended_as().in_((Stage.CLOSED, Stage.REVIEW, Stage.ARCHIVED)))
    .where(looked_at(_T.category) == bindparam("category"))
    .where(looked_at(_T.closed_at) >= bindparam("since"))
    .where(_T.reporter_key.in_(bindings.hers(bindings.PERSON)))
    .order_by(_T.closed_at.desc(), _T.id.desc())
)
