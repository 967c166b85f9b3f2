"""Two stations in two schemas of one PostgreSQL: strangers, in every table, lease and backup."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from commands import backup, restore
from config.faults import StartupFault
from config.settings import Settings
from storage import leases, migrate, tickets
from storage.backup_files import BackupBroken
from storage.database import Database
from storage.key_file import load_or_create_keys
from storage.session import Db
from tests.crash.checks import opened_once, settled
from tests.crash.conftest import Station
from tests.crash.stream import Poured, pour, reports
from tests.deploy.stations import Shared, shared
from tests.docs.pages import ROOT
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.storage.rows import NOW, SEAL
from tests.storage.rows import ticket as make_ticket
from tests.stories.demo import demo_process
from tests.stories.world import open_world

A, B = "st_lanting", "st_huaian"
MOST = 24
LATE = frozenset({"callback_late"})  # four programs on one busy machine


@pytest.fixture
def ground(postgres: PostgresServer) -> Iterator[Shared]:
    with shared(postgres) as made:
        yield made


@pytest.fixture
def two(ground: Shared) -> Iterator[tuple[Database, Database]]:
    """Both stations with all tables."""
    pair = Database(ground.station(A)), Database(ground.station(B))
    assert [migrate.upgrade(one) for one in pair] == [migrate.newest()] * 2
    yield pair
    for one in pair:
        one.close()


def opened(database: Database, number: str) -> int:
    with database.writer_engine.begin() as conn:
        return tickets.create(Db(conn, SEAL), make_ticket(number)).id


def numbers(database: Database) -> list[str]:
    found = database.read_now(lambda conn: tickets.newest(Db(conn, SEAL)))
    return [one.number for one in found]


def test_each_has_its_own_numbers_leases_and_revision(two: tuple[Database, Database]) -> None:
    a, b = two
    assert opened(a, "XH260304-0001F") == opened(b, "XH260304-0001F") == 1
    opened(a, "XH260304-0002E")
    for database, owner in ((a, "a1"), (b, "b1")):
        with database.writer_engine.begin() as conn:
            assert leases.hold(conn, leases.lane("socket"), owner) == 1
        migrate.known(database)

    assert (len(numbers(a)), len(numbers(b))) == (2, 1)
    held = [
        one.read_now(lambda conn: leases.holders(conn, leases.database_time(conn))) for one in two
    ]
    assert [set(one.values()) for one in held] == [{"a1"}, {"b1"}]


def test_neither_may_read_or_change_the_other(
    ground: Shared, two: tuple[Database, Database]
) -> None:
    opened(two[0], "XH260304-0001F")

    with ground.connect(ground.url(B)) as conn:
        for statement in (
            f"TABLE {A}.tickets", f"TRUNCATE {A}.tickets",
            f"CREATE TABLE {A}.mine (id int)", f"GRANT USAGE ON SCHEMA {A} TO {B}",
            f"SET ROLE {A}", "CREATE TABLE public.mine (id int)",
        ):  # fmt: skip
            with pytest.raises(InsufficientPrivilege):
                conn.execute(statement.encode())


def test_one_does_not_wait_for_the_upgrade_of_the_other(
    ground: Shared, two: tuple[Database, Database]
) -> None:
    with ground.connect() as conn:
        conn.execute(f"ALTER ROLE {B} SET lock_timeout = '2s'".encode())
    two[1].disconnect()

    with two[0].writer_engine.begin() as conn:
        conn.execute(migrate._QUEUE, {"key": migrate._ONE_AT_A_TIME})
        assert migrate.upgrade(two[1]) == migrate.newest()


def test_one_leaves_and_the_other_stays(ground: Shared, two: tuple[Database, Database]) -> None:
    for one in two:
        opened(one, "XH260304-0001F")
    two[0].disconnect()
    ground.drop(A)

    assert numbers(two[1]) == ["XH260304-0001F"]
    assert migrate.upgrade(two[1]) == migrate.newest()
    with pytest.raises(StartupFault, match="没有自己的模式"):
        migrate.upgrade(two[0])


def test_path_through_another_station_is_refused(
    ground: Shared, two: tuple[Database, Database]
) -> None:
    """With the other one's tables behind one's own, what is missing here is found there."""
    with ground.connect() as conn:
        conn.execute(f"GRANT USAGE ON SCHEMA {A} TO {B}".encode())
        conn.execute(f"ALTER ROLE {B} SET search_path = {B}, {A}".encode())
    two[1].disconnect()

    for enter in (migrate.known, migrate.upgrade):
        with pytest.raises(StartupFault, match=A):
            enter(two[1])


def settings_of(url: str, data: Path) -> Settings:
    data.mkdir()
    load_or_create_keys(data / "keys.json", must_exist=False)
    site = ROOT / "config" / "site"
    return Settings(_env_file=None, database_url=url, data_dir=data, site=site, redis_url="")


def test_backup_holds_one_station_and_goes_back_into_its_own_schema(
    ground: Shared, two: tuple[Database, Database], tmp_path: Path
) -> None:
    for one, number in zip(two, ("XH260304-0001F", "XH260304-0007A"), strict=True):
        opened(one, number)
    settings = settings_of(ground.url(A), tmp_path / "data")
    whole, _ = backup.made(settings, tmp_path / "out", NOW, 14)
    empty = ground.server.fresh_database()
    name = empty.rpartition("/")[2]
    with ground.connect() as conn:
        conn.execute(f"GRANT CREATE ON DATABASE {name} TO {A}".encode())

    with pytest.raises(BackupBroken, match=f"csearch_path%3D{A}"):
        restore.restored(whole, tmp_path / "wrong", None, empty)
    restore.restored(whole, tmp_path / "new", None, ground.url(A, name))

    again = Database(ground.url(A, name))
    assert numbers(again) == ["XH260304-0001F"]
    again.close()
    with pytest.raises(BackupBroken, match="已经有表"):
        restore.restored(whole, tmp_path / "twice", None, ground.url(A))
    ground.server.drop(empty)


def measured(conn: psycopg.Connection, name: str) -> dict[str, int]:
    """What one station takes of the server, as docs/sizing.md tells it."""
    (kinds,) = conn.execute(
        "SELECT json_object_agg(relkind, n) FROM (SELECT relkind::text, count(*) AS n FROM pg_class"
        " WHERE relnamespace = %s::regnamespace GROUP BY 1) AS k", [name]
    ).fetchone() or ({},)  # fmt: skip
    (size,) = conn.execute(
        "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class"
        " WHERE relnamespace = %s::regnamespace AND relkind = 'r'", [name]
    ).fetchone() or (0,)  # fmt: skip
    (connected,) = conn.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [name]
    ).fetchone() or (0,)
    return {"tables": kinds["r"], "indexes": kinds["i"], "bytes": size, "connections": connected}


def site_of(folder: Path, name: str) -> Path:
    """The sample station under another id, so that its keys in Redis are its own."""
    shutil.copytree(ROOT / "config" / "site", folder)
    station = folder / "station.yaml"
    station.write_text(station.read_text("utf-8").replace("id: xihe", f"id: {name}", 1), "utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.serial
@pytest.mark.timeout(600)
async def test_two_stations_work_beside_each_other_and_mix_nothing(
    ground: Shared, redis_server: RedisServer, tmp_path: Path
) -> None:
    redis_server.empty()
    names = (A, B)
    with ExitStack() as stack:
        stations = []
        for name in names:
            url = ground.station(name)
            site = site_of(tmp_path / name, name.removeprefix("st_"))
            given = {"DATABASE_URL": url, "REDIS_URL": redis_server.url}
            demo = stack.enter_context(demo_process("--site", str(site), **given))
            stations.append(Station(demo, url))
        runs = await asyncio.gather(*(busy(one, seed) for seed, one in enumerate(stations)))
        said = [{report.text for report in poured.reports} for poured in runs]
        with ground.connect() as conn:
            taken = [measured(conn, name) for name in names]
    assert all(len(one) == MOST for one in said)
    assert said[0] != said[1]
    assert all(one["connections"] > 0 for one in taken), taken


async def busy(station: Station, seed: int) -> Poured:
    """A station's busy hour; its books hold what was said to it, and nothing else."""
    poured = Poured()
    async with open_world(station.demo) as world:
        world.broken_on_purpose = LATE  # WeCom sends it again, and it counts once
        await pour(world, poured, reports(seed), MOST)
        await settled(world)
        books = station.books()
        assert books.faults(await world.everything_said()) == {}
        assert opened_once(books, poured) == []
        assert [one for one in poured.reports if not books.accepted(one.text)] == []
        serials = sorted(str(row.serial) for row in books.tickets)
        assert serials == [f"{number:04}" for number in range(1, len(serials) + 1)]
    return poured
