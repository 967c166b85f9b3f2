"""Empties the demo's data (清空演示数据): files, PostgreSQL schema, Redis keys of the demo's own.

``demo`` calls it, on data that it made itself; tests take ``blank``.
"""

import shutil
import tempfile
from functools import cache
from pathlib import Path

import redis
from sqlalchemy import text

from storage import migrate
from storage.database import Database


def prepare(database_url: str) -> None:
    """Bring a PostgreSQL database to the newest schema; SQLite does that at start."""
    if database_url and not database_url.startswith("sqlite"):
        database = Database(database_url)
        try:
            migrate.upgrade(database)
        finally:
            database.close()


def empty(data: Path, database_url: str, redis_url: str) -> None:
    """No tickets, no messages, no keys are left; the tables of SQLite stand there already."""
    for path in data.glob("jingge.db*"):
        path.unlink()
    if not database_url:
        (data / "jingge.db").write_bytes(blank())
    (data / "keys.json").unlink(missing_ok=True)
    shutil.rmtree(data / "media", ignore_errors=True)
    if database_url and not database_url.startswith("sqlite"):
        _empty_postgres(database_url)
    if redis_url:
        _empty_redis(redis_url)


@cache
def blank() -> bytes:
    """A SQLite file with all tables and no rows, made once for a process."""
    with tempfile.TemporaryDirectory(prefix="jingge-blank-") as folder:
        file = Path(folder) / "blank.db"
        database = Database(f"sqlite:///{file}")
        try:
            migrate.upgrade(database)
        finally:
            database.close()
        return file.read_bytes()


def _empty_postgres(url: str) -> None:
    database = Database(url)
    try:
        with database.writer_engine.begin() as conn:
            conn.execute(text("DROP SCHEMA public CASCADE"))
            conn.execute(text("CREATE SCHEMA public"))
        migrate.upgrade(database)
    finally:
        database.close()


def _empty_redis(url: str) -> None:
    with redis.Redis.from_url(url) as connection:
        for key in connection.scan_iter("jingge:*"):
            connection.delete(key)
