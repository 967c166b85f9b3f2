"""``verify``: looks through the audit chain and says whether every book is as it was sealed.

Only reads; the bot may be at work. ``--head`` holds the chain against a code kept elsewhere (the
administrator's weekly message, the log): a chain that was cut at its end does not know it.
"""

import argparse
import sys

from bot.domain.clocks import ZONE
from commands.memory import open_seal
from config.settings import load_settings
from storage import audit_chain, migrate
from storage.audit_chain import CODE_DIGITS, Found
from storage.database import Database
from storage.session import Db


def main(words: list[str]) -> int:
    """0 when all holds, 1 when something does not. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py verify", description="核对存证链")
    parser.add_argument("--head", default="", help="以前记下的校验码，看它还在不在链上")
    given = parser.parse_args(words)
    settings = load_settings()
    database = Database(settings.database)
    try:
        migrate.known(database)
        seal = open_seal(settings, database)
        found = database.read_now(lambda conn: audit_chain.verify(Db(conn, seal)))
    finally:
        database.close()
    sys.stdout.write("".join(f"{line}\n" for line in lines(found)))
    if found.fault:
        return 1
    if given.head and not found.has(given.head):
        sys.stdout.write(
            f"校验码 {given.head} 不在链上：记下它以后，链的末尾被截断或重做过。"
            "请保留现场，和备份核对。\n"
        )
        return 1
    return 0


def lines(found: Found) -> list[str]:
    """What was seen, in words."""
    if found.fault:
        return [
            f"存证链断了：{found.fault}。",
            f"它前面的 {found.links - 1} 环是好的。请保留现场，不要再写库，和最近的备份核对。",
        ]
    rows = "、".join(f"{label} {count} 行" for label, count in sorted(found.rows.items()))
    waiting = "、".join(f"{label} {n} 行" for label, n in sorted(found.unsealed.items()) if n)
    return [
        f"存证链完好：{found.links} 环{f'（{rows}）' if rows else ''}。",
        *(
            [
                f"最后一环封于 {found.at.astimezone(ZONE):%Y-%m-%d %H:%M}，"
                f"校验码 {found.head[:CODE_DIGITS]}。"
            ]
            if found.at
            else []
        ),
        *([f"还没封的：{waiting}（每分钟封一次，机器人停着就不封）。"] if waiting else []),
    ]
