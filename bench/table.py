"""The performance table (性能表): every line that is registered, or the one that is named.

``run_bot.py bench table`` runs them one after the other and prints Markdown for
docs/performance.md as they come; ``--only WORD`` those whose name has the word in it. Each line is
measured in a process of its own (``--line``), so that none inherits a core, a cache or a fault of
the one before; what it says on stderr is passed on, and one that fails says why in a row.
"""

import argparse
import importlib
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import why
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
_ROOT = Path(__file__).parents[1]


def main(words: list[str]) -> int:
    """Measure and print; 1 when a line could not be measured."""
    given = _asked().parse_args(words)
    if given.line:
        return _measure(given.line, Asked(given.rounds, _SHORT if given.short else 1.0))
    names = [name for name in LINES if given.only in name]
    if given.list:
        sys.stdout.write("".join(f"{name}\n" for name in names))
        return 0
    sys.stdout.write(f"{_machine()}\n\n{HEAD}")
    failed = [name for name in names if not _is_measured(name, given)]
    sys.stdout.write(f"\nload at the end {_load()}\n")
    return 1 if failed else 0


def _asked() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(prog="run_bot.py bench table")
    asked.add_argument("--only", default="", help="lines whose name has this word in it")
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--short", action="store_true", help="a fifth of the time, for a look")
    asked.add_argument("--list", action="store_true", help="names, nothing is measured")
    asked.add_argument("--line", choices=LINES, help="this one, in this process, without a head")
    return asked


def _is_measured(name: str, given: argparse.Namespace) -> bool:
    """Whether the line came to its end; if not, its last row says why."""
    sys.stdout.flush()
    words = [*("--line", name, "--rounds", str(given.rounds)), *["--short"] * given.short]
    command = [sys.executable, "run_bot.py", "bench", "table", *words]
    running = subprocess.Popen(  # noqa: S603  our own program
        command, cwd=_ROOT, stderr=subprocess.PIPE, text=True
    )
    said = why.passed_on(running)
    if running.wait():
        sys.stdout.write(f"| {name} | not measured to its end: {why.short(said)} |\n")
    return not running.returncode


def _measure(name: str, asked: Asked) -> int:
    """0; 1 when there was nothing that it could measure."""
    module, _, function = LINES[name].partition(":")
    run: Run = getattr(importlib.import_module(module), function or "run")
    is_found = False
    for found in run(asked):
        is_found = True
        sys.stdout.write(row(found))
        for note in found.notes:
            sys.stderr.write(f"{name}, {found.where}: {note}\n")
        sys.stdout.flush()
    if not is_found:
        sys.stderr.write(f"{name}: what it needs is not installed here\n")
    return 0 if is_found else 1


def _machine() -> str:
    day = datetime.now(UTC).date()
    python = f"CPython {platform.python_version()}"
    return f"{python}, {os.cpu_count()} cores, load at the start {_load()}, {day}"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"
