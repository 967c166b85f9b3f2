"""How long a reload of the rules holds up the event loop (重读规则卡多久), in one run.

A heart beats every millisecond on the loop while the desk of the rules loads a changed folder, as
after 重读规则; beside it the same heart while nothing happens. Run by ``run_bot.py bench stall``;
prints a Markdown table.
"""

import asyncio
import os
import platform
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import handlers
from bot.engine.app import Engine
from bot.engine.clock import Clock
from bot.engine.plug import Plug
from commands.rule_desk import RuleDesk
from commands.run import settle
from config.load import load_rules
from storage import migrate
from storage.database import Database
from storage.sealed import Seal

SITE = Path(__file__).parents[1] / "config" / "site"
ROUNDS = 8
BEAT_S = 0.001
_CHANGED = ("categories.yaml", "[路灯, 减速带", "[路灯, 景观灯杆{n}, 减速带")


class Heart:
    """Beats on the loop and remembers every pause between two beats, in seconds."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def beat(self) -> None:
        """For ever."""
        before = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT_S)
            now = time.perf_counter()
            self.pauses.append(now - before - BEAT_S)
            before = now


async def _watched(work: asyncio.Future[object] | asyncio.Task[object]) -> tuple[float, float]:
    """(longest pause, whole time) while ``work`` runs."""
    heart = Heart()
    beating = asyncio.create_task(heart.beat())
    began = time.perf_counter()
    await work
    whole = time.perf_counter() - began
    beating.cancel()
    return max(heart.pauses, default=whole), whole


async def measure(rounds: int) -> list[tuple[float, float, float]]:
    """(longest pause in quiet, longest in a reload, its whole time) for each round."""
    with tempfile.TemporaryDirectory(prefix="jingge-bench-") as folder:
        site = Path(folder) / "site"
        shutil.copytree(SITE, site)
        database = Database(f"sqlite:///{folder}/bench.db")
        migrate.upgrade(database)
        seal = Seal({"k1": secrets.token_bytes(32)}, "k1", secrets.token_bytes(32))
        rules = load_rules(site)
        plug = Plug(handlers.handle, handlers.refused, handlers.dead, handlers.unsent, jobs={})
        engine = Engine(database, seal, Clock(), rules, plug)
        desk = RuleDesk(engine, site, Path(folder))
        await desk.reload()
        settle()
        found = []
        for number in range(rounds):
            file, was, now = _CHANGED
            text = (SITE / file).read_text("utf-8").replace(was, now.format(n=number))
            (site / file).write_text(text, "utf-8")
            reload, whole = await _watched(asyncio.create_task(desk.reload()))
            quiet, _ = await _watched(asyncio.create_task(asyncio.sleep(whole)))
            found.append((quiet, reload, whole))
        database.close()
        return found


def main() -> int:
    """Exit code 0; prints the table."""
    found = asyncio.run(measure(ROUNDS))
    head = f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {len(found)} reloads"
    sys.stdout.write(f"{head}\n\n| longest pause of the loop | median | worst |\n|---|---|---|\n")
    for name, column in (("in quiet", 0), ("in a reload", 1)):
        values = [1000 * one[column] for one in found]
        middle, worst = statistics.median(values), max(values)
        sys.stdout.write(f"| {name} | {middle:.0f} ms | {worst:.0f} ms |\n")
    whole = statistics.median(one[2] for one in found)
    sys.stdout.write(f"\nA reload took {whole:.1f} s (median).\n")
    return 0
