"""A phone, an ID number and a name go in through every door, and stand nowhere in clear."""

import asyncio
import sqlite3
from pathlib import Path

import psycopg
import pytest
import redis
from psycopg import sql

from tests.crash.conftest import Station
from tests.privacy.secrets import IDENTITY, NAME, PHONE, PLANTED, SECRETS, found_below, found_in
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.stories.world import World, open_world

# What the simulator writes, and its cast in the copy of the rules: no real station has them.
SIMULATOR = frozenset({"simulator.log", "simulator-errors.jsonl", "demo.yaml"})
# WeCom accounts of the residents who speak below.
ACCOUNTS = ("wang_ayi", "chen_shu", "liu_nuannuan", "xu_xiaolei")
HIDDEN = (*SECRETS, *ACCOUNTS)


async def whole_loop(world: World) -> None:
    """One ticket from the group to its archive; the secrets are said at each step."""
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(f"3号楼2单元对门挂了面镜子正对我家，天天吵架。{PLANTED}", chat="桂花苑")
    serial = (await world.tickets())[-1].serial
    await lin.types(f"签收 {serial}")
    await lin.types(f"问 {serial} 请问当事人是谁？{PLANTED}")
    await wang.says(f"当事人就是我，{PLANTED}")
    await lin.types(f"到场 {serial}")
    await lin.types(f"处置 {serial} 双方和解签了协议，当事人{NAME}电话{PHONE}证件{IDENTITY}")
    await world.pass_minutes(2)
    await wang.says(f"2分，没用，给我打电话{PHONE}，{NAME}")
    await wang.says(f"没解决，{PLANTED}")
    second = world.person((await world.ticket(serial)).owner)
    await second.types(f"处置 {serial} 又谈了一次，签了协议，{PLANTED}")
    await world.pass_minutes(2)
    await wang.says("5")
    await world.pass_days(7.01)
    await second.types(f"问效 {serial} 好了，{PLANTED}")
    assert (await world.ticket(serial)).stage == "archived"


async def every_other_door(world: World) -> None:
    """The private doors, a forward, a registration, a danger, a question, chat, a wrong command."""
    await world.resident("陈叔").says(f"桂花苑5号楼楼上漏水，{PLANTED}", chat="app")
    await world.resident("徐小蕾").says(f"桂花苑6号楼门口路灯不亮，{PLANTED}", chat="ge")
    await world.resident("刘暖暖").says(f"槐安里2号楼有人打架拿刀，快来，{PLANTED}")
    await world.resident("徐小蕾").says(f"身份证怎么补办？{PLANTED}")
    await world.resident("陈叔").says(f"你好，{PLANTED}", chat="桂花苑")
    worker = world.worker("方小满")
    await worker.says(f"{NAME}说：桂花苑9号楼噪音扰民，电话{PHONE}，身份证{IDENTITY}")
    await worker.types(f"登记 桂花苑10号楼门口垃圾没人清，{PLANTED}")
    await worker.types(f"已办 桂花苑11号楼两家吵架已劝开，{PLANTED}")
    await worker.types(f"查 {NAME} {PHONE}")
    await worker.types(f"退回 0001 {PLANTED}")
    await world.pass_minutes(61)


async def said_everywhere(station: Station) -> None:
    """Plant the secrets by all roads; the logs and WeCom's rules are looked at on the way out."""
    async with open_world(station.demo) as world:
        await whole_loop(world)
        await every_other_door(world)
        assert len(await world.tickets()) >= 5


@pytest.mark.parametrize("form", SECRETS)
def test_search_finds_a_secret_that_is_there(form: str, tmp_path: Path) -> None:
    (tmp_path / "leak").write_text(f"x{form}y", encoding="utf-8")

    assert found_below(tmp_path, SIMULATOR, SECRETS) == {"leak": [form]}


async def test_nothing_planted_stands_in_database_log_backup_or_file_names(
    sqlite_station: Station, tmp_path: Path
) -> None:
    data = sqlite_station.demo.data
    await said_everywhere(sqlite_station)
    with sqlite3.connect(data / "jingge.db") as live, sqlite3.connect(tmp_path / "copy.db") as copy:
        live.backup(copy)

    assert (data / "jingge.db-wal").stat().st_size > 0
    assert {"bot.log", "bot.out"} <= {path.name for path in data.iterdir()}
    assert found_below(data, SIMULATOR, HIDDEN) == {}
    assert found_below(tmp_path, SIMULATOR, HIDDEN) == {}


async def test_nothing_planted_stands_in_postgres_or_redis(
    postgres_station: Station, postgres: PostgresServer, redis_server: RedisServer
) -> None:
    await said_everywhere(postgres_station)
    dumped = await asyncio.to_thread(redis_dump, redis_server)
    rows = await asyncio.to_thread(all_rows, postgres_station.url)

    assert found_in(dumped, HIDDEN) == []
    assert {table: leaked for table, raw in rows.items() if (leaked := found_in(raw, HIDDEN))} == {}
    assert found_below(postgres_station.demo.data, SIMULATOR, HIDDEN) == {}
    assert found_in(postgres.process.log.read_bytes(), HIDDEN) == []


def redis_dump(server: RedisServer) -> bytes:
    """Everything that Redis remembers, as it would lie on a disk, without compression."""
    with redis.Redis.from_url(server.url) as client:
        client.config_set("rdbcompression", "no")
        client.save()
    return server.dump.read_bytes()


def all_rows(url: str) -> dict[str, bytes]:
    """Each table's content as text."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        named = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return {name: _content(connection, name) for (name,) in named}


def _content(connection: psycopg.Connection, name: str) -> bytes:
    copied = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))
    with connection.cursor().copy(copied) as rows:
        return b"".join(bytes(row) for row in rows)
