"""``python -m simulator --world config/site --port N ...``: the simulator as a process of its own.

Prints one line ``sim ready url=...`` on stdout when it listens and stops at SIGTERM or SIGINT.
Exit code 2 with a sentence when it cannot start.
"""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from yaml.error import YAMLError

from simulator.archive_api import rows_of
from simulator.clock import parse_moment
from simulator.server import serve
from simulator.sim import Sim
from simulator.world import load_world


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description="A fake WeCom (企业微信模拟器)")
    parser.add_argument("--world", type=Path, required=True, help="site folder")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--bot-url", help="where callbacks and /-/time go")
    parser.add_argument("--web-url", help="where the day player reads /api/tickets")
    parser.add_argument("--now", type=parse_moment, help="ISO 8601, +08:00 when without zone")
    parser.add_argument("--virgin", action="store_true", help="nobody has spoken to a robot yet")
    parser.add_argument("--data", type=Path, help="folder for the log of broken rules")
    parser.add_argument("--archive", type=Path, help="folder of the archive's rows and keys")
    parser.add_argument("--reset-hook", help="POSTed at /sim/reset; restarts the bot on no data")
    return parser.parse_args()


async def _run(given: argparse.Namespace, sim: Sim) -> None:
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    async with serve(sim, port=given.port) as url:
        sys.stdout.write(f"sim ready url={url}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> int:
    """Run until told to stop; 0, or 2 when it cannot start."""
    given = _arguments()
    try:
        if given.data:
            given.data.mkdir(parents=True, exist_ok=True)
        sim = Sim(
            load_world(given.world),
            bot_url=given.bot_url,
            now=given.now,
            virgin=given.virgin,
            data=given.data,
            reset_hook=given.reset_hook,
        )
        sim.folder = given.world
        if given.archive:
            sim.archive = rows_of(sim, given.archive)
        sim.web_url = given.web_url
        asyncio.run(_run(given, sim))
    except (OSError, KeyError, TypeError, YAMLError) as bad:
        sys.stderr.write(f"模拟器没有启动:{type(bad).__name__}: {bad}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
