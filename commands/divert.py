"""``divert``: how good each row of the diversion list is (清单优化), and letters as Word files.

Reads beside a running bot and changes nothing. Raises StartupFault where there is no database yet.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from bot.domain import transfer_letters
from bot.domain.ticket_numbers import is_full
from bot.engine.keepsakes import opened
from bot.wecom.papers import written
from commands.memory import open_seal
from config.faults import StartupFault
from config.load import load_rules
from config.settings import load_settings
from handlers.divert_orders import DAYS, figures
from handlers.letters_out import letter_from
from storage import diversions, migrate, tickets
from storage.database import Database, sqlite_path
from storage.session import Db

_Found = TypeVar("_Found")


def main(words: list[str]) -> int:
    """Exit code 0. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py divert", description="清单优化、转办函")
    parser.add_argument("--days", type=int, default=DAYS, help=f"看最近几天，默认 {DAYS}")
    parser.add_argument("--letter", metavar="编号", help="把这件事的转办函存成 Word 文件")
    parser.add_argument("--out", type=Path, help="存到哪个文件（默认 转办函-编号.docx）")
    given = parser.parse_args(words)
    if given.letter:
        out = given.out or Path(f"转办函-{given.letter}.docx")
        out.write_bytes(_letter(given.letter))
        sys.stdout.write(f"转办函存到 {out}\n")
        return 0
    sys.stdout.write("".join(f"{line}\n" for line in _figures(given.days)))
    return 0


def _figures(days: int) -> list[str]:
    since = datetime.now(UTC) - timedelta(days=days)
    found = _looked(lambda db: diversions.fates(db, since))
    return figures(load_rules(load_settings().site), found, days)


def _letter(number: str) -> bytes:
    settings = load_settings()
    rules = load_rules(settings.site)

    def look(db: Db) -> bytes | None:
        same = tickets.by_serial(db, number)
        ticket = tickets.by_number(db, number) if is_full(number) else next(iter(same), None)
        letter = letter_from(db, rules, ticket) if ticket else None
        if letter is None:
            return None
        pictures = [_picture(settings.data_dir / "media", db, name) for name in letter.photos]
        return written(transfer_letters.paper(letter), [one for one in pictures if one])

    found = _looked(look)
    if found is None:
        raise StartupFault(f"{number} 没有转给外面的部门，没有转办函。")
    return found


def _picture(folder: Path, db: Db, name: str) -> bytes:
    """What is kept under ``name``; nothing where it is gone."""
    try:
        return opened(folder, db.seal, name)
    except OSError:
        return b""


def _looked(look: Callable[[Db], _Found]) -> _Found:
    settings = load_settings()
    database = Database(settings.database)
    try:
        if database.is_sqlite and not sqlite_path(database.url).exists():
            raise StartupFault("还没有数据库：机器人跑过以后才有可看的（看 JINGGE_DATA_DIR）。")
        migrate.known(database)
        seal = open_seal(settings, database)

        def read(conn: Connection) -> _Found:
            return look(Db(conn, seal))

        return database.read_now(read)
    except DatabaseError as fault:
        raise StartupFault("数据库读不出来：请先运行 run_bot.py migrate，再看权限。") from fault
    finally:
        database.close()
