"""The performance table (性能表): every line that is registered, or the one that is named.

``run_bot.py bench table`` runs them one after the other and prints Markdown for
docs/performance.md as they come; ``--only WORD`` those whose name has the word in it. A line is a
function that is imported when its turn comes and yields what it ``Found``.
"""

import argparse
import importlib
import os
import platform
import sys
from datetime import UTC, datetime

from bench.lines import HEAD, ROUNDS, Asked, Run, row

LINES: dict[str, str] = {
    "timers": "bench.timers",
    "scale": "bench.scale",
    "beginning": "bench.beginning",
    "moving": "bench.moving",
    "day": "bench.day",
    "processes": "bench.processes",
    "ack": "bench.door.ack",
    "acks": "bench.door.slow:acks",
    "p99": "bench.door.slow:steadily",
    "chain": "bench.door.chain",
    "flask": "bench.door.flask",
    "echo": "bench.echo.line",
    "tickets": "bench.desks.line",
    "flood": "bench.flood",
    "card": "bench.card",
}
"""Name → module, or ``module:function`` where it is not ``run``."""
_SHORT = 0.2


def main(words: list[str]) -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="run_bot.py bench table")
    asked.add_argument("--only", default="", help="lines whose name has this word in it")
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--short", action="store_true", help="a fifth of the time, for a look")
    asked.add_argument("--list", action="store_true", help="names, nothing is measured")
    given = asked.parse_args(words)
    names = [name for name in LINES if given.only in name]
    if given.list:
        sys.stdout.write("".join(f"{name}\n" for name in names))
        return 0
    sys.stdout.write(f"{_machine()}\n\n{HEAD}")
    for name in names:
        _measure(name, Asked(given.rounds, _SHORT if given.short else 1.0))
    sys.stdout.write(f"\nload at the end {_load()}\n")
    return 0


def _measure(name: str, asked: Asked) -> None:
    module, _, function = LINES[name].partition(":")
    run: Run = getattr(importlib.import_module(module), function or "run")
    for found in run(asked):
        sys.stdout.write(row(found))
        for note in found.notes:
            sys.stderr.write(f"{name}, {found.where}: {note}\n")
        sys.stdout.flush()


def _machine() -> str:
    day = datetime.now(UTC).date()
    python = f"CPython {platform.python_version()}"
    return f"{python}, {os.cpu_count()} cores, load at the start {_load()}, {day}"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"
