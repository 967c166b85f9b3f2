"""A program that is measured (被测的程序): its own process on one core, the load on the other.

It says where it listens in its first line and ends when its stdin does. What it costs is read from
/proc: user and system time of all its threads.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.door.load import Answered
from bench.lines import Side

ROOT = Path(__file__).parents[2]
SERVER_CORE, LOAD_CORE = 0, 1
_TICKS = os.sysconf("SC_CLK_TCK")
_GOOD = frozenset({"200", "200+"})


@dataclass(frozen=True, slots=True)
class Served:
    """A running program."""

    url: str
    pid: int
    told: dict[str, Any]

    def cpu_s(self) -> float:
        """Seconds of CPU that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def round(self, load: Callable[[str], Answered]) -> tuple[Side, Answered]:
        """What it shows under that load: answers per second, CPU per answer.

        Raises: RuntimeError when an answer was not a good one.
        """
        before = self.cpu_s()
        found = load(self.url)
        spent = self.cpu_s() - before
        if set(found.kinds) - _GOOD:
            raise RuntimeError(f"answers were {dict(found.kinds)}")
        return Side(found.rate, spent / len(found.waits) * 1e6), found


def pin() -> None:
    """Put this process, and what it starts from now on, on the core of the load."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {LOAD_CORE})


@contextlib.contextmanager
def serving(
    module: str, given: Sequence[str], python: str = sys.executable, **env: str
) -> Iterator[Served]:
    """``python -m module given…`` as long as the block, pinned to the server's core."""
    running = subprocess.Popen(  # noqa: S603  our own program
        [python, "-m", module, *given],
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(running.pid, {SERVER_CORE})
    assert running.stdin is not None and running.stdout is not None  # pipes  # noqa: S101, PT018
    try:
        first = running.stdout.readline()
        if not first:
            raise RuntimeError(f"{module} did not start")
        told = json.loads(first)
        yield Served(told["url"], running.pid, told)
    finally:
        running.stdin.close()
        running.wait(60)
