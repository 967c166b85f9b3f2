"""``run``: the bot itself, until SIGTERM; everything it started is finished within ten seconds.

The demo's bot (``demo_bot``) can begin anew in the same process: loading the program takes far
longer than opening a house, and whoever presses reset waits for it.
"""

import argparse
import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from pathlib import Path

from commands import logs
from commands.demo_bot import CLOSED
from commands.house import Demo, House, open_house
from config.settings import Settings, load_settings, require_doors
from config.vocabulary import Loop, Role

log = logging.getLogger(__name__)
_LOOK_S = 0.5
_FIRST_IN = (Role.ADMIN, Role.LEADER)
_ANEW = -1  # what ``serve`` returns when the demo wants another house; never an exit code


def main(words: list[str]) -> int:
    """Exit code 0 after a clean stop, 1 when a loop broke. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py run", description="运行警格")
    parser.add_argument("--site", type=Path, help="规则目录（默认 config/site）")
    _add_loops(parser)
    given = parser.parse_args(words)
    settings = load_settings(**({"site": given.site} if given.site else {}))
    require_doors(settings)
    logs.begin(form=settings.log_format)
    return asyncio.run(serve(settings, None, given.loops))


def demo_bot(words: list[str]) -> int:
    """The bot of the demo, started by ``demo`` alone: its clock can be moved.

    SIGHUP closes its house; it says so on the socket that is its stdin, and opens another, as far
    ahead of ``passed_time`` as it reads there.
    """
    parser = argparse.ArgumentParser(prog="run_bot.py demo-bot")
    parser.add_argument("--ahead", required=True, type=float, help="seconds")
    parser.add_argument("--virgin", action="store_true")
    _add_loops(parser)
    given = parser.parse_args(words)
    settings = load_settings(env_file=None)
    logs.begin(settings.data_dir / "bot.log")
    ahead_s = given.ahead
    while True:
        demo = Demo(ahead_s, spoken=not given.virgin)
        if (code := asyncio.run(serve(settings, demo, given.loops))) != _ANEW:
            return code
        line = _next_house()
        if not line:
            return 0
        ahead_s = float(line)


def _add_loops(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--loops",
        type=_loops,
        default=frozenset(Loop),
        help="这个进程做哪些事，用逗号分开：hear 听，work 办，send 发，tick 看钟，web 网页"
        "（默认全部；几个进程合用一个 PostgreSQL 时可以任意分）",
    )


def _loops(words: str) -> frozenset[Loop]:
    """Raises: argparse.ArgumentTypeError."""
    known = {loop.value for loop in Loop}
    named = {word.strip() for word in words.split(",")} - {""}
    if not named or named - known:
        raise argparse.ArgumentTypeError(f"--loops 只认 {'、'.join(Loop)}，用英文逗号分开")
    return frozenset(Loop(word) for word in named)


def _next_house() -> str:
    """How far ahead the demo wants the next house; empty when the demo has gone."""
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as demo, demo.makefile("rw") as line:
        line.write(CLOSED)
        line.flush()
        return line.readline().strip()


async def serve(
    settings: Settings, demo: Demo | None, loops: frozenset[Loop] = frozenset(Loop)
) -> int:
    """Run until told to stop; in the demo also until told to begin anew."""
    stop, told = asyncio.Event(), [signal.SIGTERM]

    def hear(one: signal.Signals) -> None:
        told.append(one)
        stop.set()

    for one in (signal.SIGTERM, signal.SIGINT, *((signal.SIGHUP,) if demo else ())):
        asyncio.get_running_loop().add_signal_handler(one, hear, one)
    async with open_house(settings, demo, loops) as house:
        await asyncio.to_thread(settle)
        log.info("ready web=%s rules=%s", house.web_url, house.engine.rules.version)
        sys.stdout.write(f"bot ready web={house.web_url}\n")
        if demo is None and (not settings.app_agentid or sys.stdout.isatty()):
            _print_links(house)
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
    return _ANEW if told[-1] is signal.SIGHUP else 0


def settle() -> None:
    """Keep rules and dictionaries out of the collector's sight from now on.

    They stay as long as the process. Walking over all of them, which a long report brings about,
    held everything up for a quarter of a second, the answer to a callback as well.
    """
    gc.collect()
    gc.freeze()


def _print_links(house: House) -> None:
    """A way to the pages for the first one, where nobody can scan a code yet; never logged."""
    rules = house.engine.rules
    if house.entry is None:
        return
    for person in (one for role in _FIRST_IN for one in rules.people_with(role)):
        link = f"{house.web_url}{house.entry.link(person.id)}"
        sys.stdout.write(f"{person.name}进网页的链接（半小时内一次有效，别转发）：{link}\n")
