"""``demo``: the bot and the simulator as two processes that meet only over the wire.

Plays the sample day and leaves two pages up. ``--serve`` (tests script against it) prints one
line and nothing else; it starts the bot again on the same data when it dies, and stops within
ten seconds of SIGTERM.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from commands import wipe
from commands.demo_bot import BotProcess
from commands.demo_processes import (
    HOST,
    ahead_of,
    archive_folder,
    archive_settings,
    end,
    free_port,
    is_connected,
    settings_of,
    until_up,
)
from commands.memory import make_folder
from config.faults import StartupFault
from config.load import load_rules
from config.rules import Rules

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=ZONE)
_AGAIN_S = 0.3


def main(words: list[str]) -> int:
    """Exit code: 0 when all went as the script says, 1 otherwise. Raises: StartupFault."""
    given = _arguments(words)
    rules = load_rules(given.site)
    if rules.demo is None:
        raise StartupFault(
            f"{given.site} 里没有 demo.yaml，演示需要它（可照 config/site 抄一份）。"
        )
    try:
        return asyncio.run(_Demo(given, rules).run())
    except KeyboardInterrupt:
        return 0


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run_bot.py demo", description="看演示")
    parser.add_argument("--play", action="store_true", help="演一天")
    parser.add_argument("--exit", action="store_true", help="演完即退")
    parser.add_argument("--serve", action="store_true", help="只开服务，供脚本使用")
    parser.add_argument("--sim-port", type=int, default=0, help="模拟器端口，0 自选")
    parser.add_argument("--web-port", type=int, default=0, help="网页端口，0 自选")
    parser.add_argument("--data", type=Path, help="数据目录，默认临时目录")
    parser.add_argument("--now", type=_moment, default=NOW, help="从哪一刻开始")
    parser.add_argument("--site", type=Path, default=Path("config/site"), help="规则目录")
    parser.add_argument("--virgin", action="store_true", help="谁都还没和机器人说过话")
    parser.add_argument(
        "--archive-sdk", type=Path, help="会话存档的库（替身库见 docs/simulator.md）"
    )
    parser.add_argument("--pace", type=float, help="每一步停几秒")
    return parser.parse_args(words)


def _moment(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


class _Demo:
    """Both processes, their ports and their data."""

    def __init__(self, given: argparse.Namespace, rules: Rules) -> None:
        self._given = given
        self._rules = rules
        self._data: Path = given.data or Path(tempfile.mkdtemp(prefix="jingge-demo-"))
        self._web_port = free_port(given.web_port)
        self._sim_port = free_port(given.sim_port)
        self._hook_port = free_port(0)
        self.web_url = f"http://{HOST}:{self._web_port}"
        self.sim_url = f"http://{HOST}:{self._sim_port}"
        self._sim: asyncio.subprocess.Process | None = None
        self._bot: BotProcess | None = None
        self._stopping = False
        self._resetting = asyncio.Lock()

    async def run(self) -> int:
        """Start both, serve or play, stop both."""
        stop = asyncio.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(one, stop.set)
        make_folder(self._data)
        await asyncio.to_thread(wipe.prepare, os.environ.get("DATABASE_URL", ""))
        hook = await self._serve_hook()
        watch = None
        try:
            await self._start_simulator()
            await self._start_bot(await self._sim_now())
            watch = asyncio.create_task(self._keep_bot_alive())
            return await self._show(stop)
        finally:
            self._stopping = True
            if watch is not None:
                watch.cancel()
            await asyncio.gather(_end_bot(self._bot), end(self._sim))
            await hook.cleanup()

    async def _show(self, stop: asyncio.Event) -> int:
        if self._given.serve:
            ready = (
                f"ready sim={self.sim_url} web={self.web_url} bot={self._pid()} data={self._data}"
            )
            sys.stdout.write(ready + "\n")
            sys.stdout.flush()
            await stop.wait()
            return 0
        sys.stdout.write(
            f"演练台  {self.sim_url}/\n工单列表  {self.web_url}/\n数据  {self._data}\n\n"
        )
        sys.stdout.flush()
        code = await self._play(stop)
        if not self._given.exit and not stop.is_set():
            sys.stdout.write(
                f"\n演完了。两个网页还开着：演练台 {self.sim_url}/，工单列表 {self.web_url}/。"
                "按 Ctrl+C 结束。\n"
            )
            sys.stdout.flush()
            await stop.wait()
        return code

    async def _play(self, stop: asyncio.Event) -> int:
        pace = (
            self._given.pace if self._given.pace is not None else 0.0 if self._given.exit else 1.2
        )
        player = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "simulator.play",
            "--sim",
            self.sim_url,
            "--web",
            self.web_url,
            "--script",
            str(self._given.site / "demo_day.yaml"),
            "--pace",
            str(pace),
        )
        waiting = asyncio.create_task(player.wait())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait((waiting, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not waiting.done():
            await end(player)
        return int(await waiting or 0)

    async def _start_simulator(self) -> None:
        words = [
            "-m",
            "simulator",
            "--world",
            str(self._given.site),
            "--port",
            str(self._sim_port),
            "--bot-url",
            self.web_url,
            "--web-url",
            self.web_url,
            "--now",
            self._given.now.isoformat(),
            "--reset-hook",
            f"http://{HOST}:{self._hook_port}/reset",
            "--data",
            str(self._data),
        ]
        if self._given.virgin:
            words.append("--virgin")
        if self._given.archive_sdk:
            words += ["--archive", str(archive_folder(self._data))]
        log = (self._data / "simulator.log").open("ab")
        self._sim = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdout=log, stderr=log, start_new_session=True
        )
        await until_up(self._sim, f"{self.sim_url}/sim/world", self._data / "simulator.log")

    async def _start_bot(self, now: datetime) -> None:
        words = ["demo-bot", f"--ahead={ahead_of(now)}"]
        if self._given.virgin:
            words.append("--virgin")
        env = {**os.environ, **self._environment()}
        self._bot = await BotProcess.start(words, self._data / "bot.out", env)
        await self._bot_is_up(self._bot)

    async def _bot_is_up(self, bot: BotProcess) -> None:
        log = self._data / "bot.out"
        await until_up(bot.process, f"{self.web_url}/healthz", log)
        await until_up(bot.process, f"{self.sim_url}/sim/world", log, is_connected)

    def _environment(self) -> dict[str, str]:
        """What the bot of a real corp would find in its settings."""
        demo = self._rules.demo
        assert demo is not None  # main looked  # noqa: S101
        return settings_of(
            demo,
            SITE=self._given.site.resolve(),
            DATA_DIR=self._data.resolve(),
            WEB_PORT=self._web_port,
            API_BASE=self.sim_url,
            PUBLIC_URL=self.web_url,
            SOCKET_URL=f"ws://{HOST}:{self._sim_port}/ws",
            **archive_settings(self._data, self._given.archive_sdk),
        )

    async def _keep_bot_alive(self) -> None:
        """Start the bot again on the same data, at the simulator's moment, when it dies."""
        while not self._stopping:
            bot = self._bot
            if bot is not None:
                await bot.process.wait()
            async with self._resetting:
                if not self._is_current(bot):
                    continue
                await _end_bot(bot)
                try:
                    await self._start_bot(await self._sim_now())
                except StartupFault as fault:
                    sys.stderr.write("\n".join(fault.sentences) + "\n")
                    await asyncio.sleep(_AGAIN_S)

    async def _sim_now(self) -> datetime:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.sim_url}/sim/clock") as response,
        ):
            return datetime.fromisoformat((await response.json())["now"])

    async def _serve_hook(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/reset", self._reset)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, HOST, self._hook_port).start()
        return runner

    async def _reset(self, _request: web.Request) -> web.Response:
        """Close the bot's house, empty its data, open it again: in the same process if it can."""
        async with self._resetting:
            old, self._bot = self._bot, None
            is_waiting = old is not None and await old.close_house()
            if not is_waiting:
                await _end_bot(old)
            await asyncio.to_thread(
                wipe.empty,
                self._data,
                os.environ.get("DATABASE_URL", ""),
                os.environ.get("REDIS_URL", ""),
            )
            now = await self._sim_now()
            if old is None or not is_waiting:
                await self._start_bot(now)
            else:
                self._bot = old
                old.open_house(now)
                await self._bot_is_up(old)
        return web.json_response({"bot": self._pid()})

    def _is_current(self, bot: BotProcess | None) -> bool:
        """True when ``bot`` is still the one that should be running."""
        return not self._stopping and bot is self._bot

    def _pid(self) -> int | None:
        return self._bot.process.pid if self._bot else None


async def _end_bot(bot: BotProcess | None) -> None:
    if bot is not None:
        await end(bot.process)
        bot.hang_up()
