"""``year``: a year that has gone by, on SQLite, and in ``make year`` on PostgreSQL as well."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.load import load_rules
from storage.database import Database
from tests.year.people import Residents
from tests.year.site import of_the_year
from tests.year.staff import Staff
from tests.year.station import Station
from tests.year.watch import Watch

START = datetime(2025, 11, 24, 0, 0, tzinfo=UTC)
_USUAL, _USUAL_DAYS = 40, 120
_FULL = "YEAR_TICKETS"
_SETTLING = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Year:
    """What is there when it is over."""

    station: Station
    staff: Staff
    watch: Watch


def matters() -> int:
    """How many matters people bring; ``make year`` brings 2,000."""
    return int(os.environ.get(_FULL, _USUAL))


def days() -> int:
    """A whole year in ``make year``, four months in ``make test``."""
    return int(os.environ.get("YEAR_DAYS", _USUAL_DAYS))


def _databases() -> list[object]:
    return ["sqlite", "postgres"] if "YEAR_POSTGRES" in os.environ else ["sqlite"]


@pytest.fixture(scope="module", params=_databases())
def year(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    new_sqlite: Callable[[Path], str],
) -> Iterator[Year]:
    folder = tmp_path_factory.mktemp("year")
    if request.param == "postgres":
        server = request.getfixturevalue("postgres")
        url = str(server.fresh_database())
    else:
        url = new_sqlite(folder / "year.db")
    database = Database(url, frozen_after_s=3600)
    if request.param == "postgres":
        database.create_all()
    station = Station(database, load_rules(of_the_year(folder / "site")), START)
    yield _gone_by(station)
    station.close()
    database.close()


def _gone_by(station: Station) -> Year:
    watch = Watch(station)
    residents = Residents(station, seed=7)
    staff = Staff(station, residents, seed=7)
    residents.year(START, days(), matters())
    _drills(station, staff)
    for day in range(days()):
        station.plan(START + timedelta(days=day, hours=13), watch.evening)
    station.run(START + timedelta(days=days()) + _SETTLING)
    return Year(station, staff, watch)


def _drills(station: Station, staff: Staff) -> None:
    """Every second month the leader calls a drill."""
    for day in range(10, days(), 60):
        at = START + timedelta(days=day, hours=2)
        station.plan(at, lambda: staff.orders("zhong_yihang", "叫醒演练 明天 6:30"))
    inspection = "检查 小餐饮 {}1号楼老王面馆"
    for day in range(5, days(), 30):
        at = START + timedelta(days=day, hours=3)
        station.plan(at, lambda: staff.orders("fang_xiaoman", inspection.format("桂花苑")))
        later = at + timedelta(minutes=20)
        station.plan(later, lambda: staff.orders("fang_xiaoman", "2 灭火器过期两年"))
        done = at + timedelta(minutes=40)
        station.plan(done, lambda: staff.orders("fang_xiaoman", "查完"))
