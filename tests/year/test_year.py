"""A year in virtual time: the station lives it, and then every book is opened.

``make year`` lives the full one (2,000 matters, SQLite and PostgreSQL); the usual one is smaller.
"""

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import func, select

from bot.domain import rights
from handlers import loop
from storage.database import table_of
from storage.retention_tables import DeletionRow
from storage.tables import TicketRow
from tests.year import books
from tests.year.conftest import Year, days, matters

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


@pytest.mark.parametrize("book", books.BOOKS, ids=lambda book: book.__name__)
def test_book_is_right_at_the_end_of_the_year(year: Year, book: books.Book) -> None:
    faults = list(book(year.station))

    assert faults == [], "\n".join(faults[:40])


def test_nothing_was_said_that_must_not_be(year: Year) -> None:
    assert year.watch.faults == [], "\n".join(year.watch.faults[:60])


def test_protected_tickets_are_unknown_to_who_may_not_see_them(year: Year) -> None:
    station = year.station
    ids = station.conn.execute(
        select(table_of(TicketRow).c.id).where(table_of(TicketRow).c.protected.is_(True)).limit(5)
    ).scalars()
    asked = 0
    for ticket in filter(None, [station.ticket(one) for one in ids.all()]):
        matter = loop.matter_of(ticket)
        strangers = [
            p for p in station.rules.people if not rights.may_see(p, matter, station.rules)
        ]
        for person in strangers[:: max(1, len(strangers) // 4)]:
            asks = partial(station.says, person.id, f"查 {ticket.number}")
            heard = year.watch.listen(asks)
            assert "没找到" in heard or "这个单号" in heard, (person.id, heard)
            asked += 1

    assert asked or days() < 300


def test_the_year_was_lived_and_not_idled(year: Year) -> None:
    if days() < 300:
        pytest.skip("a short year holds not everything")
    done, station = Counter(year.staff.done), year.station

    rare = {
        "silent",
        "return",
        "transfer",
        "merge",
        "mediate",
        "divert",
        "叫醒演练",
        "检查",
        "重办",
    }
    assert rare <= set(done), rare - set(done)
    assert station.opened >= matters() * 0.8
    deleted = station.conn.execute(
        select(func.count()).select_from(table_of(DeletionRow))
    ).scalar_one()
    assert deleted > 0
