"""``groups``: every customer group the bot knows: grid, officer, size, last heard, what it lacks.

Reads beside a running bot and changes nothing. Raises StartupFault where there is no database yet.
"""

import argparse
import sys
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from bot.domain import clocks, grouping
from bot.engine.group_rules import registered
from commands.memory import open_seal
from config.faults import StartupFault
from config.load import load_rules
from config.rules import Rules
from config.settings import load_settings
from handlers.group_report import Line, lines_of
from storage import customer_groups, migrate
from storage.customer_groups import CustomerGroup
from storage.database import Database, sqlite_path
from storage.session import Db

_STATES = {
    customer_groups.CLOSED: "已解散",
    customer_groups.IGNORED: "不归我们管",
    customer_groups.FOREIGN: "不是本单位的客户群",
}


def main(words: list[str]) -> int:
    """Exit code 0. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py groups", description="客户群清单")
    parser.add_argument("--all", action="store_true", help="解散的、不归我们管的也列出来")
    given = parser.parse_args(words)
    rules, groups = _known()
    now = datetime.now(UTC)
    shown = [one for one in groups if given.all or one.state not in _STATES]
    lines = [_row(rules, line, now) for line in lines_of(rules, shown, now)]
    sys.stdout.write("".join(f"{line}\n" for line in lines or ["还没有看到客户群。"]))
    return 0


def _row(rules: Rules, line: Line, now: datetime) -> str:
    group = line.group
    last = max(filter(None, (group.heard_at, group.staff_at)), default=None)
    more = [rules.text(key) for key in line.lacks] + ([line.quiet] if line.quiet else [])
    if group.state in _STATES:
        more = [_STATES[group.state]]
    heard = f"{clocks.span_words(now - last)}前" if last else "没听到过"
    chat = rules.chat(group.chat)
    parts = (
        f"#{group.id}",
        group.chat,
        group.name or (chat.name if chat else rules.text("group_unnamed")),
        line.grid or rules.text("group_no_grid"),
        line.officer or "—",
        f"群众{group.residents} 同事{group.members}",
        heard,
        "，".join(more) or "齐全",
    )
    return "  ".join(parts)


def _known() -> tuple[Rules, list[CustomerGroup]]:
    settings = load_settings()
    rules = load_rules(settings.site)
    database = Database(settings.database)
    try:
        if database.is_sqlite and not sqlite_path(database.url).exists():
            raise StartupFault("还没有数据库：机器人跑过以后才有客户群可看（看 JINGGE_DATA_DIR）。")
        migrate.known(database)
        seal = open_seal(settings, database)

        def look(conn: Connection) -> tuple[Rules, list[CustomerGroup]]:
            db = Db(conn, seal)
            return grouping.over(rules, registered(db)), customer_groups.every(db)

        return database.read_now(look)
    except DatabaseError as fault:
        raise StartupFault("数据库读不出来：请先运行 run_bot.py migrate，再看权限。") from fault
    finally:
        database.close()
