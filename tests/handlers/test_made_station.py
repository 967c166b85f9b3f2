"""The station that the bench makes obeys the books of the real one (造的所也要对得上账)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, func, select

from config.rules import Rules
from config.vocabulary import Stage
from storage import figures, tickets
from storage.database import Database, table_of
from storage.session import Db
from storage.spans import Span
from storage.tables import TicketRow
from storage.tickets import Ticket
from tests.handlers.made import NOW, Made, made
from tests.handlers.office import SEAL
from tests.year import books
from tests.year.station import Station

TICKETS = 600
YEAR = Span(NOW - timedelta(days=365), NOW)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory, sample_rules: Rules) -> Iterator[Made]:
    folder: Path = tmp_path_factory.mktemp("made")
    yield from made(f"sqlite:///{folder / 'station.db'}", sample_rules, TICKETS, days=600)


@dataclass(frozen=True)
class Opened:
    """The station as the books of the year read one."""

    conn: Connection
    rules: Rules
    opened: int
    now: datetime = NOW

    @property
    def db(self) -> Db:
        return Db(self.conn, SEAL)

    def ticket(self, ticket_id: int) -> Ticket | None:
        try:
            return tickets.get(self.db, ticket_id)
        except LookupError:
            return None


def _count(conn: Connection, *where: Any) -> int:
    c = table_of(TicketRow).c
    return int(conn.execute(select(func.count(c.id)).where(*where)).scalar_one())


# Deletion and envelopes are no part of it: made rows are never too old to be there.
BOOKS = (
    books.stages_replay, books.pauses_end, books.limits_recount, books.timers_fire,
    books.words_leave, books.events_done, books.departments_answer, books.parts_end,
    books.sums_balance,
)  # fmt: skip


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: str(book.__name__))
def test_made_rows_obey_the_book(station: Made, book: books.Book) -> None:
    def read(conn: Connection) -> list[str]:
        opened = Opened(conn, station.rules, _count(conn))
        return list(book(cast(Station, opened)))

    assert station.database.read_now(read) == []


def test_made_station_has_all_that_a_page_shows(station: Made) -> None:
    c = table_of(TicketRow).c

    def read(conn: Connection) -> dict[str, int]:
        return {
            "open": _count(conn, c.stage.in_(tickets.OPEN)),
            "archived": _count(conn, c.stage == Stage.ARCHIVED),
            "danger": _count(conn, c.danger != "none"),
            "protected": _count(conn, c.protected.is_(True)),
            "anonymous": _count(conn, c.anonymised_at.is_not(None)),
            "found": _count(conn, c.origin == "focus"),
            "rated": sum(one.rating is not None for one in figures.read(Db(conn, SEAL), YEAR)),
        }

    found = station.database.read_now(read)

    assert [name for name, count in found.items() if not count] == []


def test_the_same_seed_makes_the_same_station(
    station: Made, tmp_path: Path, sample_rules: Rules
) -> None:
    again = next(made(f"sqlite:///{tmp_path / 'again.db'}", sample_rules, TICKETS, days=600))

    assert _shape(again.database) == _shape(station.database)


def _shape(database: Database) -> list[Any]:
    c = table_of(TicketRow).c
    columns = (c.number, c.stage, c.category, c.owner, c.opened_at, c.closed_at, c.rating)
    return database.read_now(lambda conn: list(conn.execute(select(*columns)).all()))
