"""How long a Turn keeps the writer (写线程等多久), with and without what is read before it.

``run_bot.py bench aside --data DIR`` takes the made-up SQLite station there, gives each event two
Turns one after the other and undoes both: one that reads everything itself, and one to which it is
handed over, as the worker does it (``Plug.ahead``). While a Turn runs, nothing else is written.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import handlers
from bench.page_list import LEADER
from bench.pages import NOW, ROOT
from bot.engine.plug import Plug
from bot.engine.worker import known_ahead, reading_of, take_turn
from bot.events import Event, Heard, Scheduled
from bot.turn import Turn
from config.load import load_rules
from config.rules import Rules
from storage.database import Database
from storage.key_file import load_or_create_keys
from storage.sealed import Seal
from storage.session import Db

_PLUG = Plug(
    handlers.handle, handlers.refused, handlers.dead, handlers.unsent, jobs={},
    ahead=handlers.ahead,
)  # fmt: skip
_ROUNDS = 3


def events() -> dict[str, Event]:
    """What is measured: orders of a leader, the morning's hours."""
    orders = ("日报", "周研判", "月通报", "季度报", "年报")
    jobs = {"早会日报 07:45": "digest_day", "周研判 08:30": "digest_week", "重复 07:10": "repeats"}
    said: dict[str, Event] = {
        f"说“{one}”": Heard(
            key=f"aibot:{one}", at=NOW, chat=f"bot:{LEADER}", by=LEADER, door="socket", text=one
        )
        for one in orders
    }
    hours = {n: Scheduled(key=f"cron:{job}:x", at=NOW, job=job) for n, job in jobs.items()}
    return {**said, **hours}


@dataclass(frozen=True, slots=True)
class Road:
    """One database and what its Turns need."""

    database: Database
    seal: Seal
    rules: Rules

    def ahead(self, event: Event) -> tuple[dict[Hashable, object], float]:
        """What the worker reads before the Turn, and milliseconds."""
        began = time.perf_counter()
        read = _PLUG.ahead(event, self.rules)
        if read is None:
            return {}, 0.0
        known = self.database.read_now(
            lambda conn: known_ahead(read, Turn(Db(conn, self.seal), self.rules, event, NOW))
        )
        return known, (time.perf_counter() - began) * 1000

    def turn(self, event: Event, known: dict[Hashable, object]) -> float:
        """Milliseconds of the Turn in the writer; it is undone."""
        reading = reading_of(event, self.rules)
        with self.database.writer_engine.connect() as conn:
            began = time.perf_counter()
            take_turn(_PLUG, Db(conn, self.seal), self.rules, event, NOW, reading, known)
            spent = (time.perf_counter() - began) * 1000
            conn.rollback()
        return spent


def main(words: list[str]) -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="run_bot.py bench aside")
    asked.add_argument("--data", type=Path, required=True, help="folder of a made-up station")
    asked.add_argument("--rounds", type=int, default=_ROUNDS)
    given = asked.parse_args(words)
    seal = load_or_create_keys(given.data / "keys.json", must_exist=True)
    rules = load_rules(ROOT / "config" / "site")
    road = Road(Database(f"sqlite:///{given.data / 'jingge.db'}"), seal, rules)
    heads = ("event", "Turn that reads itself", "Turn that is handed it", "read beside it")
    sys.stdout.write(f"| {' | '.join(heads)} |\n|---|---|---|---|\n")
    for name, event in events().items():
        rounds = [_round(road, event) for _ in range(given.rounds)]
        found = (f"{statistics.median(one):.0f} ms" for one in zip(*rounds, strict=True))
        sys.stdout.write(f"| {name} | {' | '.join(found)} |\n")
        sys.stdout.flush()
    road.database.close()
    return 0


def _round(road: Road, event: Event) -> tuple[float, float, float]:
    alone = road.turn(event, {})
    known, beside = road.ahead(event)
    return alone, road.turn(event, known), beside
