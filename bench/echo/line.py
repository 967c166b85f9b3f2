"""Echo over the long connection (长连接回声): our socket ÷ the official Python and Node SDKs.

In every round each of the three connects to the same fake gateway and answers every message, with
one and then with 32 on their way; who begins changes. The robot has one core, the gateway the
other. CPU is the robot's process. A line of ``bench.table``.
"""

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

from bench import installed
from bench.echo.gateway import Wire
from bench.lines import Asked, Found, Measure, Round, Side

WINDOWS = (1, 32)
_WARM_S, _MEASURED_S = 0.5, 3.0
_CONNECT_S = 30.0
_FLOOR, _GOAL = 1.2, 2.5
_TICKS = os.sysconf("SC_CLK_TCK")
_OURS, _PYTHON, _NODE = "ours", "official Python SDK 1.0.2", "official Node SDK 1.0.7"

Sides = dict[int, Side]
"""By window."""


def run(asked: Asked) -> Iterator[Found]:
    """Four rows: each SDK, with one message on its way and with 32."""
    robots = _robots()
    found = asyncio.run(_rounds(robots, asked))
    for peer in (_PYTHON, _NODE):
        measure = Measure("echo", f"socket echo ÷ {peer}", _FLOOR, _GOAL)
        for window in WINDOWS:
            sides = [Round(one[_OURS][window], one[peer][window]) for one in found]
            yield Found(measure, f"{window} on the way", sides)


def _robots() -> dict[str, list[str]]:
    """The command of each; the gateway's URL comes behind it."""
    python, folder = installed.peers_python(), installed.peers_node()
    here = Path(__file__).parent
    shutil.copy(here / "official.mjs", folder)
    return {
        _OURS: [sys.executable, "-m", "bench.echo.ours"],
        _PYTHON: [str(python), str(here / "official.py")],
        _NODE: [installed.node(), str(folder / "official.mjs")],
    }


async def _rounds(robots: dict[str, list[str]], asked: Asked) -> list[dict[str, Sides]]:
    """Each round measures all, each beginning with the next one."""
    names, found = list(robots), []
    for number in range(asked.rounds):
        first = number % len(names)
        order = names[first:] + names[:first]
        found.append({name: await _measured(robots[name], asked.scale) for name in order})
    return found


async def _measured(command: list[str], scale: float) -> Sides:
    """What one robot shows, from its start to its end."""
    async with _gateway() as (url, wires), _robot([*command, url]) as robot:
        async with asyncio.timeout(_CONNECT_S):
            wire = await wires.get()
            await wire.subscribed.wait()
        found = {window: await _window(wire, robot.pid, window, scale) for window in WINDOWS}
        wire.close()
        if wire.strange:
            raise RuntimeError(f"{wire.strange} answers to nothing: {command}")
        return found


async def _window(wire: Wire, pid: int, window: int, scale: float) -> Side:
    await wire.measure(window, _WARM_S)
    await wire.quiet()
    before = _cpu_s(pid)
    answers, seconds = await wire.measure(window, _MEASURED_S * scale)
    spent = _cpu_s(pid) - before
    await wire.quiet()
    return Side(answers / seconds, spent / answers * 1e6)


@contextlib.asynccontextmanager
async def _gateway() -> AsyncIterator[tuple[str, asyncio.Queue[Wire]]]:
    """Its URL, and the wires of who called."""
    wires: asyncio.Queue[Wire] = asyncio.Queue()

    def called() -> Wire:
        wire = Wire()
        wires.put_nowait(wire)
        return wire

    server = await asyncio.get_running_loop().create_server(called, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"ws://127.0.0.1:{port}", wires
    finally:
        server.close()


@contextlib.asynccontextmanager
async def _robot(command: list[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    start = partial(asyncio.create_subprocess_exec, *command, cwd=installed.ROOT)
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])  # what is started inherits it, with all its threads
    try:
        process = await start()
    finally:
        os.sched_setaffinity(0, cores[1:] or cores)
    try:
        yield process
    finally:
        os.sched_setaffinity(0, cores)
        process.kill()
        await process.wait()


def _cpu_s(pid: int) -> float:
    """Seconds of CPU that it has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
