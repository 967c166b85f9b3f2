"""``run``: the bot itself, until SIGTERM; everything it started is finished within ten seconds."""

import argparse
import asyncio
import logging
import signal
import sys
from datetime import datetime
from pathlib import Path

from commands import logs
from commands.house import Demo, open_house
from config.settings import Settings, load_settings, require_doors

log = logging.getLogger(__name__)
_LOOK_S = 0.5


def main(words: list[str]) -> int:
    """Exit code 0 after a clean stop, 1 when a loop broke. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py run", description="运行警格")
    parser.add_argument("--site", type=Path, help="规则目录（默认 config/site）")
    given = parser.parse_args(words)
    settings = load_settings(**({"site": given.site} if given.site else {}))
    require_doors(settings)
    logs.begin(form=settings.log_format)
    return asyncio.run(serve(settings, None))


def demo_bot(words: list[str]) -> int:
    """The bot of the demo, started by ``demo`` alone: its clock can be moved."""
    parser = argparse.ArgumentParser(prog="run_bot.py demo-bot")
    parser.add_argument("--now", required=True, type=datetime.fromisoformat)
    parser.add_argument("--virgin", action="store_true")
    given = parser.parse_args(words)
    settings = load_settings(env_file=None)
    logs.begin(settings.data_dir / "bot.log")
    return asyncio.run(serve(settings, Demo(given.now, spoken=not given.virgin)))


async def serve(settings: Settings, demo: Demo | None) -> int:
    """Run until told to stop."""
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    async with open_house(settings, demo) as house:
        log.info("ready web=%s rules=%s", house.web_url, house.engine.rules.version)
        sys.stdout.write(f"bot ready web={house.web_url}\n")
        sys.stdout.flush()
        while not stop.is_set():
            fault = house.engine.failed()
            if fault is not None:
                log.error("a loop ended: %s", type(fault).__name__, exc_info=fault)
                return 1
            try:
                async with asyncio.timeout(_LOOK_S):
                    await stop.wait()
            except TimeoutError:
                continue
    return 0
