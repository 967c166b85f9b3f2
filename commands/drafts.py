"""``drafts``: how fast what humans must say reached the groups: median and worst, door by door.

Reads beside a running bot and changes nothing. Raises StartupFault where there is no database yet.
"""

import argparse
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from commands.memory import open_seal
from config.faults import StartupFault
from config.settings import load_settings
from handlers.draft_figures import by_door
from storage import drafts, migrate
from storage.database import Database, sqlite_path
from storage.drafts import Spans
from storage.session import Db


def main(words: list[str]) -> int:
    """Exit code 0. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py drafts", description="代发用时")
    parser.add_argument("--days", type=int, default=30, help="看最近几天，默认 30")
    given = parser.parse_args(words)
    found = by_door(_spans(given.days))
    lines = [one.words for one in found] or [f"近{given.days}天没有要人代发的话。"]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _spans(days: int) -> list[Spans]:
    settings = load_settings()
    database = Database(settings.database)
    try:
        if database.is_sqlite and not sqlite_path(database.url).exists():
            raise StartupFault("还没有数据库：机器人跑过以后才有用时可看（看 JINGGE_DATA_DIR）。")
        migrate.known(database)
        seal = open_seal(settings, database)
        since = datetime.now(UTC) - timedelta(days=days)

        def look(conn: Connection) -> list[Spans]:
            return drafts.spans(Db(conn, seal), since)

        return database.read_now(look)
    except DatabaseError as fault:
        raise StartupFault("数据库读不出来：请先运行 run_bot.py migrate，再看权限。") from fault
    finally:
        database.close()
