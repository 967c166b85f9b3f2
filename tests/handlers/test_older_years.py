"""The years before (bench.station.older): whole matters, so many days earlier, nothing mixed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bench.station import older
from bench.station.make import Wanted, make
from config.rules import Rules
from storage.database import Database, table_of
from storage.tables import JournalRow, TicketRow
from storage.tickets import ENDED
from tests.handlers.made import NOW
from tests.handlers.office import SEAL

_T, _J = table_of(TicketRow).c, table_of(JournalRow).c


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        made: str = request.getfixturevalue("postgres").fresh_database()
        return made
    return f"sqlite:///{tmp_path / 'station.db'}"


def _whole(conn: Connection, first: int, last: int) -> list[tuple[Any, ...]]:
    """Each matter that ended, as far as it must be the same in a copy."""
    steps = select(func.count()).where(_J.ticket_id == _T.id).scalar_subquery()
    wanted = select(_T.grid, _T.place_key, _T.stage, _T.opened_at, _T.closed_at, steps)
    where = (_T.id > first, _T.id <= last, _T.stage.in_(ENDED))
    return [tuple(row) for row in conn.execute(wanted.where(*where).order_by(_T.id))]


@pytest.mark.timeout(180)
def test_a_copy_is_the_same_matters_so_many_days_earlier(url: str, sample_rules: Rules) -> None:
    database, days = Database(url), 90
    make(database, SEAL, sample_rules, Wanted(150, days, NOW, people=20))
    with database.writer_engine.connect() as conn:
        last = int(conn.execute(select(func.max(_T.id))).scalar_one())
        first = _whole(conn, 0, last)

    count = older.copy(database, 2, days)

    with database.writer_engine.connect() as conn:
        for number in (1, 2):
            moved = timedelta(days=number * days)
            expected = [
                (*row[:3], *(at and at - moved for at in row[3:5]), row[5]) for row in first
            ]
            assert _whole(conn, number * last, (number + 1) * last) == expected
    assert count == last + 2 * len(first)
    database.close()
