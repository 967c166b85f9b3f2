"""One station whose bot is ended and begun again by the test itself (一命接一命).

Beside the demo of the other tests: a simulator, a warm process that forks bots, and a supervisor
that begins a life as soon as one has ended. Nothing is ever reset.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from commands import wipe
from commands.demo import NOW
from commands.demo_processes import HOST, ahead_of, settings_of
from commands.memory import make_folder
from config.load import load_rules
from tests.crash.checks import alive
from tests.servers.polling import until
from tests.servers.process import ServerProcess, free_port, private_folder
from tests.stories.demo import ROOT, Demo
from tests.stories.world import World

_LOOK_S = 0.02
_SITE = ROOT / "config/site"


@dataclass
class Lives(Demo):
    """A station's bot, one life after the other; ``begun`` counts them."""

    environment: dict[str, str] = field(default_factory=dict)
    warm: "subprocess.Popen[str] | None" = None
    pid: int = 0
    begun: int = 0

    def begin(self, now: datetime) -> None:
        """A new life at the moment ``now``."""
        assert self.warm is not None
        asked = {
            "words": [f"--ahead={ahead_of(now)}"],
            "env": self.environment,
            "out": str(self.data / "bot.out"),
        }
        self.pid = int(self._asked(json.dumps(asked)))
        self.begun += 1

    def _asked(self, line: str) -> str:
        assert self.warm is not None
        assert self.warm.stdin is not None
        assert self.warm.stdout is not None
        self.warm.stdin.write(line + "\n")
        self.warm.stdin.flush()
        return self.warm.stdout.readline()

    @property
    def is_dead(self) -> bool:
        """True when nobody lives."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def bot_pid(self) -> int:
        """The one that lives now."""
        return self.pid

    def kill_bot(self) -> None:
        """Kill -9; the supervisor begins the next life."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


@contextmanager
def lives(url: str = "", redis: str = "") -> Iterator[Lives]:
    """A simulator, a warm process and the first life on an empty database."""
    folder = private_folder("lives", None)
    sim, web = f"http://{HOST}:{free_port()}", f"http://{HOST}:{free_port()}"
    data = folder / "data"
    make_folder(data)
    wipe.prepare(url)
    command = [
        *(sys.executable, "-m", "simulator", "--world", str(_SITE), "--port", _port(sim)),
        *("--bot-url", web, "--web-url", web, "--now", NOW.isoformat(), "--data", str(data)),
    ]
    simulator = ServerProcess(
        command,
        folder,
        user=None,
        answers=lambda: _answers(f"{sim}/sim/world"),
        working_folder=ROOT,
    )
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash.warm"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as warm:  # fmt: skip
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "REDIS_URL": redis,
            **_settings(sim, web, data),
        }
        station = Lives(sim, web, data, environment=environment, warm=warm)
        try:
            simulator.start()
            assert warm.stdout is not None
            assert warm.stdout.readline() == "warm\n"
            station.begin(NOW)
            yield station
        finally:
            warm.kill()
            station.kill_bot()
            simulator.stop()
            simulator.remove()


@asynccontextmanager
async def begun_again(world: World) -> AsyncIterator[None]:
    """While open, a life that has ended is followed by another, at the simulator's moment."""
    station = world.demo
    assert isinstance(station, Lives)
    keeping = asyncio.create_task(_keep(world, station))
    try:
        await until(lambda: alive(world), "the first life")
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def _keep(world: World, station: Lives) -> None:
    while True:
        if station.is_dead:
            station.begin(await world.now())
        await asyncio.sleep(_LOOK_S)


def _settings(sim: str, web: str, data: Path) -> dict[str, str]:
    demo = load_rules(_SITE).demo
    assert demo is not None
    return settings_of(
        demo, SITE=_SITE, DATA_DIR=data, WEB_PORT=_port(web), API_BASE=sim, PUBLIC_URL=web,
        SOCKET_URL=f"ws://{HOST}:{_port(sim)}/ws",
    )  # fmt: skip


def _port(url: str) -> str:
    return url.rpartition(":")[2]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
