"""Real processes of the program for a measurement (几个真进程): start, ready, kill -9, CPU.

Each is ``run_bot.py demo-bot`` with a part of the loops over the same database and keys; a clock of
its own begins where it is told. WeCom is nobody: the address of its API answers nothing. Used by
the lines that need more than one process, or one that starts from nothing.
"""

import contextlib
import http
import http.client
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from commands.demo_processes import HOST, ahead_of, free_port

ROOT = Path(__file__).parents[1]
AES_KEY, TOKEN, CORP, AGENT = "a" * 43, "bench", "wwbench", 1000002
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Ground:
    """What all processes of a measurement share: database, keys, rules, and the time it began."""

    url: str
    folder: Path
    site: Path
    begins: datetime
    more: dict[str, str] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """Their business time, which flows as ours does."""
        return self.begins + timedelta(seconds=time.monotonic() - self._began)

    def environment(self, port: int) -> dict[str, str]:
        """The settings of one process."""
        given = {
            "DATABASE_URL": self.url, "DATA_DIR": str(self.folder), "SITE": str(self.site),
            "WEB_PORT": str(port), "CORP_ID": CORP, "APP_AGENTID": str(AGENT),
            "APP_SECRET": "bench", "APP_TOKEN": TOKEN, "APP_AES_KEY": AES_KEY,
            "API_BASE": "http://127.0.0.1:9", **self.more,
        }  # fmt: skip
        return os.environ | {f"JINGGE_{name}": value for name, value in given.items()}


class One:
    """One process; ``start`` it, and again after its death."""

    def __init__(self, ground: Ground, loops: str) -> None:
        self._ground = ground
        self._loops = loops
        self.port = free_port(0)
        self._process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def start(self) -> None:
        """A new life."""
        command = [sys.executable, "run_bot.py", "demo-bot", "--virgin", "--loops", self._loops]
        self.started = time.monotonic()
        with (self._ground.folder / f"{self.port}.out").open("ab") as out:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [*command, "--ahead", ahead_of(self._ground.now())],
                cwd=ROOT, env=self._ground.environment(self.port), stdin=subprocess.DEVNULL,
                stdout=out, stderr=out,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """Of its present life."""
        assert self._process is not None  # started  # noqa: S101
        return self._process.pid

    def until_ready(self, path: str = "/readyz", within_s: float = 300.0) -> float:
        """Seconds from its start until it says that it is ready. Raises: TimeoutError."""
        deadline = time.monotonic() + within_s
        while not self._says_yes(path):
            if time.monotonic() > deadline or self._is_over():
                raise TimeoutError(self._last_words())
            time.sleep(0.01)
        return time.monotonic() - self.started

    def _last_words(self) -> str:
        logs = [self._ground.folder / name for name in (f"{self.port}.out", "bot.log")]
        return "\n".join(log.read_text()[-2000:] for log in logs if log.exists())

    def _is_over(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _says_yes(self, path: str) -> bool:
        wire = http.client.HTTPConnection(HOST, self.port, timeout=2)
        with contextlib.closing(wire), contextlib.suppress(OSError, http.client.HTTPException):
            wire.request("GET", path)
            return wire.getresponse().status == http.HTTPStatus.OK
        return False

    def kill(self) -> None:
        """Kill -9; nothing where it has not begun."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    @property
    def cpu_s(self) -> float:
        """Seconds of CPU (user and system) that its present life has taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def memory_mb(self) -> float:
        """What it has in memory now (VmRSS)."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        found = next(line for line in lines if line.startswith("VmRSS"))
        return int(found.split()[1]) / 1024
