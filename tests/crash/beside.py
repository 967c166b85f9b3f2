"""More processes beside a demo's bot (并肩的进程): same database, same settings, own port.

The simulator moves their clocks with the demo's own bot's; who is killed is started again, as
systemd does. Called by the tests of many processes.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from commands.demo_processes import HOST, ahead_of, free_port
from tests.stories.demo import ROOT, Demo
from tests.stories.world import World

ALL = "hear,work,send,tick,web"
_LOOK_S = 0.2
_STOP_S = 15.0


@dataclass
class Beside:
    """One more process; ``start`` after it died."""

    demo: Demo
    environment: dict[str, str]
    loops: str = ALL
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def url(self) -> str:
        """Its own pages."""
        return f"http://{HOST}:{self.environment['JINGGE_WEB_PORT']}"

    def start(self, now: datetime) -> None:
        """A new life at the moment ``now``."""
        command = [sys.executable, "run_bot.py", "demo-bot", f"--ahead={ahead_of(now)}"]
        command += ["--loops", self.loops]
        self.starts += 1
        with (self.demo.data / "beside.out").open("ab") as out:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env=self.environment, cwd=ROOT, start_new_session=True,
            )  # fmt: skip

    @property
    def is_dead(self) -> bool:
        """True when it has ended by itself or by us."""
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """Kill -9."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    async def end(self) -> int:
        """Exit code of a clean stop."""
        assert self.process is not None
        self.process.terminate()
        return await asyncio.to_thread(self.process.wait, _STOP_S)


@asynccontextmanager
async def beside(world: World, *loops: str, **settings: str) -> AsyncIterator[list[Beside]]:
    """One process for each of ``loops``, ready; whoever dies is started again until the end.

    ``settings``: what differs from those of the demo's own bot.
    """
    given = world.demo.bot_environment()
    made = [
        Beside(world.demo, {**given, "JINGGE_WEB_PORT": str(free_port(0)), **settings}, one)
        for one in loops
    ]
    keeping = asyncio.create_task(_keep(world, made))
    try:
        for one in made:
            await ready(world, one)
        await world.post("/sim/bots", urls=[one.url for one in made])
        yield made
    finally:
        await world.post("/sim/bots", urls=[])
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        for one in made:
            one.kill()


async def ready(world: World, one: Beside) -> None:
    """Wait until it answers."""
    for _ in range(600):
        with suppress(aiohttp.ClientError):
            async with world.session.get(f"{one.url}/healthz") as answer:
                if answer.status == 200:
                    return
        await asyncio.sleep(0.1)
    raise AssertionError("a process beside did not start")


async def _keep(world: World, made: list[Beside]) -> None:
    """Start who is dead, at the simulator's moment."""
    while True:
        for one in made:
            if one.is_dead:
                one.start(await world.now())
        await asyncio.sleep(_LOOK_S)
