"""A year in virtual time: the station lives it, and then every book is opened.

One test, because a year is long and workers would each live their own. ``make year`` lives the
full one (2,000 matters, SQLite and PostgreSQL); the usual one has four months.
"""

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import func, select

from bot.domain import rights
from config.people_rules import ZONE
from handlers import loop
from storage.database import table_of
from storage.retention_tables import DeletionRow
from storage.tables import TicketRow
from tests.year import books
from tests.year.conftest import Year, days, matters

pytestmark = [pytest.mark.slow, pytest.mark.timeout(14400)]
_RARE = {"silent", "return", "transfer", "merge", "mediate", "divert", "叫醒演练", "检查", "重办"}
_LONG = 300  # days; a shorter look need not have seen everything


def test_year_ends_with_every_book_right(year: Year) -> None:
    faults = books.audit(year.station)
    faults += year.watch.faults
    faults += strangers_who_saw(year)
    faults += what_never_happened(year)

    assert faults == [], "\n".join(faults[:80])


def strangers_who_saw(year: Year) -> list[str]:
    """Who may not see a protected ticket asks for it by its number, and learns nothing."""
    station, c = year.station, table_of(TicketRow).c
    ids = station.conn.execute(select(c.id).where(c.protected.is_(True)).limit(5)).scalars()
    found = []
    rules = station.rules.on(station.now.astimezone(ZONE).date())
    for ticket in filter(None, [station.ticket(one) for one in ids.all()]):
        matter = loop.matter_of(ticket)
        people = [p for p in rules.people if not rights.may_see(p, matter, rules)]
        for person in people[:: max(1, len(people) // 4)]:
            asks = partial(station.says, person.id, f"查 {ticket.number}")
            heard = year.watch.listen(asks)
            secrets = (ticket.masked[:6], ticket.stage.label, ticket.unit)
            if any(word and word in heard for word in secrets):
                found.append(f"{person.id} asked for {ticket.number} and heard: {heard}")
    return found


def what_never_happened(year: Year) -> list[str]:
    """The year was lived and not idled: the rare things came about, and retention deleted."""
    if days() < _LONG:
        return []
    station = year.station
    found = sorted(_RARE - set(Counter(year.staff.done)))
    rows = select(func.count()).select_from(table_of(DeletionRow))
    if not station.conn.execute(rows).scalar_one():
        found.append("nothing was deleted")
    if station.opened < matters() * 0.8:
        found.append(f"only {station.opened} tickets of {matters()} matters")
    return [f"never happened: {one}" for one in found]
