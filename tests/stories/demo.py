"""The demo as a process (``run_bot.py demo --serve``): bot and simulator, as people start them.

A story starts from nothing: ``/sim/reset`` closes the bot's house, empties its data and opens it
again in the same process; loading the program anew would take five times as long.
``conftest.py`` keeps one process per test process and kind of database; tests that need a demo of
their own (another mode, another port) start one here.
"""

import contextlib
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import ServerProcess, private_folder

ROOT = Path(__file__).parents[2]
_READY = re.compile(r"^ready sim=(\S+) web=(\S+) bot=(\d+) data=(\S+)$", re.MULTILINE)


@dataclass
class Demo:
    """A running demo; ``fresh`` until its first story has begun."""

    sim: str
    web: str
    data: Path
    fresh: bool = True

    @property
    def logs(self) -> list[Path]:
        """Everything the bot writes for operators."""
        return [self.data / "bot.log", self.data / "bot.out"]

    def bot_pid(self) -> int:
        """The process that is the bot now. Raises: AssertionError when there is none."""
        data = f"JINGGE_DATA_DIR={self.data.resolve()}\0".encode()
        port = f"JINGGE_WEB_PORT={self.web.rpartition(':')[2]}\0".encode()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                environ = (process / "environ").read_bytes()
                if data in environ and port in environ:
                    return int(process.name)
        raise AssertionError("no bot is running")

    def bot_environment(self) -> dict[str, str]:
        """The settings of the bot that runs now, for another process beside it."""
        said = Path(f"/proc/{self.bot_pid()}/environ").read_bytes().decode().split("\0")
        return dict(one.split("=", 1) for one in said if "=" in one)

    def kill_bot(self) -> None:
        """Kill -9 the bot; the demo starts it again on the same data."""
        os.kill(self.bot_pid(), signal.SIGKILL)


@contextmanager
def demo_process(*arguments: str, **environment: str) -> Iterator[Demo]:
    """A demo that has said it is ready; stopped in good order afterwards.

    ``environment``: DATABASE_URL, REDIS_URL. Raises: RuntimeError with the end of its output.
    """
    folder = private_folder("demo", None)
    command = [
        *("env", *(f"{name}={value}" for name, value in environment.items())),
        *(sys.executable, "run_bot.py", "demo", "--serve", "--data", str(folder / "data")),
        *arguments,
    ]
    process = ServerProcess(
        command, folder, user=None, answers=lambda: _ready(folder) is not None, working_folder=ROOT
    )
    try:
        process.start()
        said = _ready(folder)
        assert said is not None
        yield Demo(said[1], said[2], Path(said[4]))
    finally:
        process.stop()
        process.remove()


def _ready(folder: Path) -> re.Match[str] | None:
    log = folder / "server.log"
    return _READY.search(log.read_text(encoding="utf-8")) if log.exists() else None
