"""``import12345 FILE --map MAP``: orders of the hotline's export become reports, each once.

First the faults of the file, then what is new, known or changed; ``--dry-run`` ends there. The
orders go to the running bot over its own open door, by a key that only this machine can make, so
they take the same road as any report and the same order number twice is one.
"""

import argparse
import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from sqlalchemy.exc import DatabaseError

from bot.domain import privacy
from bot.web.open311 import event_key
from commands.import_rows import Order, Table, read_table
from commands.partner_key import seal_of
from config.faults import StartupFault
from config.import_map import ImportMap, load_map
from config.load import load_rules
from config.settings import Settings, load_settings
from storage import filed, partner_keys
from storage.database import Database, sqlite_path
from storage.sealed import Seal
from storage.session import Db

_AT_ONCE = 4
_TRIES = 5
_MOST_SHOWN = 200
_AGAIN = (429, 503)


@dataclass(frozen=True, slots=True)
class Diff:
    """What an import would do."""

    new: list[Order]
    known: list[Order]
    changed: list[Order]


def main(words: list[str]) -> int:
    """0 when all is in (or would be), 1 when some were refused. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py import12345", description="导入12345工单")
    parser.add_argument("file", type=Path, help="导出的 CSV")
    parser.add_argument("--map", type=Path, required=True, help="列对照表")
    parser.add_argument("--dry-run", action="store_true", help="只看会导入什么，不导入")
    parser.add_argument("--skip-faulty", action="store_true", help="有错的行跳过，其余照导")
    parser.add_argument("--site", type=Path, help="规则目录（默认 config/site）")
    parser.add_argument("--url", default="", help="机器人的地址（默认本机 JINGGE_WEB_PORT）")
    given = parser.parse_args(words)
    settings = load_settings(**({"site": given.site} if given.site else {}))
    rules = load_map(given.map)
    _require_client(settings, rules)
    table = read_table(given.file, rules)
    _say_faults(table)
    if table.faults and not given.skip_faulty:
        return 2
    seal = seal_of(settings)
    diff = compare(settings, seal, rules, table.orders)
    _say_diff(diff, table)
    if given.dry_run:
        sys.stdout.write("这是试运行，什么也没有导入。\n")
        return 0
    return asyncio.run(_send(_url(settings, given.url), seal, rules, diff.new))


def compare(settings: Settings, seal: Seal, rules: ImportMap, orders: list[Order]) -> Diff:
    """Which orders are new, known, or known with other words. Raises: StartupFault."""
    database = Database(settings.database)
    try:
        if database.is_sqlite and not sqlite_path(database.url).exists():
            return Diff(orders, [], [])
        return database.read_now(lambda conn: _compared(Db(conn, seal), rules, orders))
    except DatabaseError as fault:
        raise StartupFault("数据库读不出来，请先让机器人启动一次（它会建好表）。") from fault
    finally:
        database.close()


def _compared(db: Db, rules: ImportMap, orders: list[Order]) -> Diff:
    diff = Diff([], [], [])
    for order in orders:
        before = filed.by_key(db, event_key(rules.client, "post", order.key))
        if before is None:
            diff.new.append(order)
        elif before.body_hash == order.body_hash:
            diff.known.append(order)
        else:
            diff.changed.append(order)
    return diff


def _require_client(settings: Settings, rules: ImportMap) -> None:
    if load_rules(settings.site).partners.client(rules.client) is None:
        raise StartupFault(f"partners.yaml 里没有“{rules.client}”，请先把它加上。")


def _say_faults(table: Table) -> None:
    if table.faults:
        sys.stdout.write("".join(f"{fault}\n" for fault in table.faults))
        sys.stdout.write(f"\n共 {len(table.faults)} 处有错。\n")


def _say_diff(diff: Diff, table: Table) -> None:
    for name, orders in (("新", diff.new), ("有变", diff.changed)):
        for order in orders[:_MOST_SHOWN]:
            words = " ".join(privacy.mask(order.fields["description"]).split())[:24]
            line = f"{name}  第 {order.row} 行  {order.number}  {order.fields['service_code']}"
            sys.stdout.write(f"{line}  {words}\n")
    sys.stdout.write(
        f"新 {len(diff.new)} 件，已导入过 {len(diff.known)} 件，"
        f"导入后对方改过 {len(diff.changed)} 件（不动，请人工核对），"
        f"表内重复 {table.repeated} 行，按对照表跳过 {table.skipped} 行。\n"
    )


def _url(settings: Settings, given: str) -> str:
    host = "127.0.0.1" if settings.web_host in ("0.0.0.0", "::") else settings.web_host  # noqa: S104
    return given.rstrip("/") or f"http://{host}:{settings.web_port}"


async def _send(url: str, seal: Seal, rules: ImportMap, orders: list[Order]) -> int:
    """Send them, a few at once. Raises: StartupFault when no bot answers."""
    headers = {"X-API-Key": partner_keys.own_key(seal, rules.client)}
    timeout = aiohttp.ClientTimeout(total=60)
    gate = asyncio.Semaphore(_AT_ONCE)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:

        async def one(order: Order) -> str:
            async with gate:
                return await _post(session, url, order)

        try:
            refused = [why for why in await asyncio.gather(*map(one, orders)) if why]
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise StartupFault(
                f"机器人没有应答（{url}）。请确认它在运行，再运行一次；已导入的不会重复。"
            ) from fault
    sys.stdout.write("".join(refused) + f"导入 {len(orders) - len(refused)} 件。\n")
    return 1 if refused else 0


async def _post(session: aiohttp.ClientSession, url: str, order: Order) -> str:
    """Empty when it was taken, else the Chinese line that says why not."""
    headers = {"Idempotency-Key": order.key}
    status = 0
    for _ in range(_TRIES):
        async with session.post(
            f"{url}/open311/v2/requests.json", data=order.fields, headers=headers
        ) as response:
            status = response.status
            if status == 201:
                return ""
            if status not in _AGAIN:
                break
            await asyncio.sleep(min(60.0, float(response.headers.get("Retry-After", "1"))))
    return f"第 {order.row} 行，编号 {order.number}：没有收下（{status}）。\n"
