"""What indexes cost where a ticket is opened (写入的代价): the same Turns with and without them.

``run_bot.py bench opening --data DIR`` takes two copies of the made-up SQLite station there, drops
the indexes of revision 0033 in one of them, and opens tickets in both, turn by turn, so that the
machine's other work falls on both alike. Each Turn is its own commit, its sentence read before.
"""

import argparse
import contextlib
import importlib
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, text

import handlers
from bench.pages import NOW, ROOT
from bot import events
from bot.engine.plug import Plug
from bot.engine.worker import reading_of, take_turn
from bot.events import Heard
from config.load import load_rules
from config.rules import Rules
from storage import inbox
from storage.database import Database, table_of
from storage.key_file import load_or_create_keys
from storage.sealed import Seal
from storage.session import Db
from storage.tables import InboxRow

_PLUG = Plug(handlers.handle, handlers.refused, handlers.dead, handlers.unsent, jobs={})
_REVISION = "storage.migrations.versions.0033_speed"
_ROUNDS = 150


@dataclass(frozen=True, slots=True)
class Road:
    """One database and what its Turns need."""

    database: Database
    seal: Seal
    rules: Rules

    def opens(self, number: int) -> float:
        """Milliseconds of a Turn that opens a ticket, from the event to the commit."""
        at = NOW + timedelta(minutes=number)
        event = _event(number, at)
        reading = reading_of(event, self.rules)
        began = time.perf_counter()
        with self.database.writer_engine.begin() as conn:
            db = Db(conn, self.seal)
            arrival = inbox.Arrival(
                key=event.key, line=event.line, partition=0, kind="heard",
                payload=events.pack(event), event_at=at,
            )  # fmt: skip
            inbox.accept(db, arrival, at)
            turn = take_turn(_PLUG, db, self.rules, event, at, reading)
            c = table_of(InboxRow).c
            row = conn.execute(select(c.id).where(c.key == event.key)).scalar_one()
            inbox.done(db, row, at, turn.passive, event.key)
        return (time.perf_counter() - began) * 1000


def _event(number: int, at: datetime) -> Heard:
    words = f"@小警 {number % 17 + 1}号楼{number % 5 + 1}单元门口路灯不亮，第{number}天了"
    return Heard(
        key=f"aibot:bench{number}", at=at, chat="wrGUIHUA01", by=f"resident{number}",
        door="socket", text=words,
    )  # fmt: skip


def without_indexes(database: Database) -> None:
    """Drop what revision 0033 made, and make again what it dropped."""
    revision = importlib.import_module(_REVISION)
    with database.writer_engine.begin() as conn:
        for name, *_ in revision.MADE:
            conn.execute(text(f"DROP INDEX {name}"))
        conn.execute(text("CREATE INDEX ix_tickets_owner ON tickets (owner)"))
        conn.execute(text("CREATE INDEX ix_tickets_serial ON tickets (serial)"))


def measure(folder: Path, scratch: Path, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each Turn, with and without."""
    rules = load_rules(ROOT / "config" / "site")
    seal = load_or_create_keys(folder / "keys.json", must_exist=True)
    roads = {}
    for name in ("without", "with"):
        shutil.copyfile(folder / "jingge.db", scratch / f"{name}.db")
        roads[name] = Road(Database(f"sqlite:///{scratch / f'{name}.db'}"), seal, rules)
    without_indexes(roads["without"].database)
    found: dict[str, list[float]] = {name: [] for name in roads}
    for number in range(rounds):
        for name, road in roads.items():
            found[name].append(road.opens(number))
    for road in roads.values():
        road.database.close()
    return found


def main(words: list[str]) -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="run_bot.py bench opening")
    asked.add_argument("--data", type=Path, required=True, help="folder of a made-up station")
    asked.add_argument("--rounds", type=int, default=_ROUNDS)
    given = asked.parse_args(words)
    with contextlib.ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="jingge-bench-", dir=given.data)
        found = measure(given.data, Path(stack.enter_context(folder)), given.rounds)
    lines = [
        f"| {name} | {len(spent)} | {statistics.median(spent):.1f} ms "
        f"| {sorted(spent)[round(0.95 * (len(spent) - 1))]:.1f} ms |"
        for name, spent in found.items()
    ]
    head = "| indexes of 0033 | Turns | median | p95 |\n|---|---|---|---|\n"
    sys.stdout.write(head + "\n".join(lines) + "\n")
    return 0
