"""What figures remember of tickets: the same as read afresh, whatever has happened in between."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from config.vocabulary import Act, Stage
from handlers import figures, pace
from storage import figures as stored
from storage import findings, journal, tickets
from storage.audit_books import delete_rows
from storage.database import table_of
from storage.figures import Case
from storage.findings import Finding
from storage.journal import Entry
from storage.ledger import Ledger
from storage.session import Db
from storage.spans import Span
from storage.tables import JournalRow, TicketRow
from tests.handlers import small_station as small
from tests.handlers.office import SEAL, Office

WEEK = Span(small.SINCE, small.UNTIL)
RUNNING = Span(small.SINCE, small.UNTIL + timedelta(days=7))


@pytest.fixture
def station(office: Office) -> Office:
    office.looks(small.fill)
    office.now = small.NOW
    return office


def read(office: Office, ledger: Ledger[Case] | None, conn: Connection) -> list[Any]:
    """Everything that comes out of a week, past and running."""
    db = Db(conn, SEAL, ledger=ledger)
    periods = [figures.of(db, office.rules, span, small.NOW) for span in (WEEK, RUNNING)]
    return [*((one.book, one.cases, one.sums) for one in periods), pace.of(db, WEEK)]


def noted(db: Db, ticket: int, act: Act) -> None:
    at = small.at("5 12:00")
    journal.add(db, Entry(key=f"{ticket}:{act}", ticket_id=ticket, at=at, actor="lin", act=act))


def _moved(db: Db) -> None:
    """Told, closed and rated, as a Turn does it: the ticket and its journal."""
    one = tickets.get(db, 2)
    ended = {"stage": Stage.CLOSED, "closed_at": small.at("5 12:00"), "rating": 5}
    tickets.save(db, replace(one, **ended))  # type: ignore[arg-type]  # a table of values
    noted(db, one.id, Act.CLOSE)


def _recounted(db: Db) -> None:
    """A limit that is counted anew stands in no journal; an open ticket has its version."""
    one = next(t for n in range(1, 18) if (t := tickets.get(db, n)).stage is Stage.ASSIGNED)
    tickets.save(db, replace(one, due_at=small.at("2 08:00")))


def _deleted(db: Db) -> None:
    for row, column in ((JournalRow, "ticket_id"), (TicketRow, "id")):
        delete_rows(db, table_of(row), table_of(row).c[column] == 3)


def _found(db: Db) -> None:
    finding = Finding(1, "repeat_person", "red", "s", "g01", "P11", small.at("5 12:00"))
    findings.add(db, finding)
    findings.link(db, 1, [2], "repeat_person", small.at("5 12:00"))


STEPS: tuple[Callable[[Db], object], ...] = (
    _moved,
    _recounted,
    lambda db: noted(db, 5, Act.VERIFY),
    lambda db: small.put(db, 41, "6 09:00", category="N03"),
    _found,
    lambda db: findings.drop_findings(db, "repeat_person", small.at("9 00:00")),
    _deleted,
    lambda db: noted(db, 6, Act.REOPEN),
    _deleted,
)


def test_remembered_figures_are_those_of_a_fresh_look(station: Office) -> None:
    ledger: Ledger[Case] = Ledger()
    for step in STEPS:
        before = station.database.read_now(lambda conn: read(station, ledger, conn))
        station.looks(step)
        fresh = station.database.read_now(lambda conn: read(station, None, conn))

        after = station.database.read_now(lambda conn: read(station, ledger, conn))
        assert after == fresh
        again = station.database.read_now(lambda conn: read(station, ledger, conn))
        assert again == fresh, f"{len(before)} parts, read twice"


def test_look_that_began_earlier_leaves_nothing_behind(station: Office) -> None:
    ledger: Ledger[Case] = Ledger()

    def late(conn: Connection) -> list[Any]:
        conn.execute(table_of(TicketRow).select().limit(1)).all()  # its snapshot begins
        station.looks(_moved)
        station.database.read_now(lambda other: read(station, ledger, other))
        return read(station, ledger, conn)

    station.database.read_now(late)
    fresh = station.database.read_now(lambda conn: read(station, None, conn))
    assert station.database.read_now(lambda conn: read(station, ledger, conn)) == fresh


def test_what_did_not_move_is_not_read_again(station: Office) -> None:
    ledger: Ledger[Case] = Ledger()
    asked: list[list[int]] = []

    def look(conn: Connection) -> None:
        def reads(db: Db, ids: Sequence[int]) -> list[Case]:
            asked.append(list(ids))
            return stored.of(db, ids)

        ledger.of(Db(conn, SEAL), dict.fromkeys((1, 2, 3), 0), reads)

    station.database.read_now(look)
    station.database.read_now(look)
    station.looks(_moved)
    station.database.read_now(look)

    assert asked == [[1, 2, 3], [], [2]]


def test_remembers_no_more_than_it_may(station: Office) -> None:
    ledger: Ledger[Case] = Ledger(most=5)
    fresh = station.database.read_now(lambda conn: read(station, None, conn))

    for _ in range(2):
        assert station.database.read_now(lambda conn: read(station, ledger, conn)) == fresh
