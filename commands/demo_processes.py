"""The processes of a demo: a free port, is it up, stop it, and what a bot finds in its settings.

Split from ``demo``, which decides what is started when. Called by ``demo`` alone.
"""

import asyncio
import contextlib
import json
import random
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import aiohttp

from bot.engine.clock import passed_time
from config.demo_rules import Demo
from config.faults import StartupFault

HOST = "127.0.0.1"
_START_S = 60.0
_STOP_S = 8.0
_HEALTH_S = 0.1
_OWN_PORTS = (20_000, 32_000)
_DRAWS = 100


def ahead_of(now: datetime) -> str:
    """How many seconds ``now`` is ahead of ``passed_time``, for ``demo-bot --ahead``."""
    return f"{now.timestamp() - passed_time():.3f}"


def settings_of(demo: Demo, **more: object) -> dict[str, str]:
    """The bot's environment as a real corp would set it, filled from demo.yaml and ``more``."""
    given: dict[str, object] = {
        "CORP_ID": demo.corp.id,
        "APP_AGENTID": demo.app.agentid,
        "APP_SECRET": demo.app.secret,
        "APP_TOKEN": demo.app.token,
        "APP_AES_KEY": demo.app.aes_key,
        "VOICE": "1",
        "CONTACTS_SECRET": demo.app.contacts_secret,
        "HOOKS": ",".join(f"{hook.name}={hook.key}" for hook in demo.hooks),
        "BACKOFF_FIRST_S": "0.2",
        "CUSTOMER_GROUPS": "true",
        **more,
    }
    if demo.kf:
        given["KF_ACCOUNTS"] = ",".join(account.id for account in demo.kf)
    for robot in demo.robots:
        if robot.mode == "socket":
            given |= {
                "SOCKET_NAME": robot.name,
                "SOCKET_BOT_ID": robot.id,
                "SOCKET_SECRET": robot.secret,
            }
        else:
            given |= {
                "ROBOT_NAME": robot.name,
                "ROBOT_BOT_ID": robot.id,
                "ROBOT_TOKEN": robot.token,
                "ROBOT_AES_KEY": robot.aes_key or "",
            }
    return {f"JINGGE_{key}": str(value) for key, value in given.items()}


def archive_folder(data: Path) -> Path:
    """Where the simulator keeps its archive; beside the bot's data, which a reset empties."""
    return data.with_name(f"{data.name}-archive").resolve()


def archive_settings(data: Path, library: Path | None) -> dict[str, object]:
    """What opens the archive's door on the simulator's rows; nothing without ``library``."""
    if library is None:
        return {}
    folder = archive_folder(data)
    account = (folder / "sdk" / "account").read_text(encoding="utf-8")
    return {
        "ARCHIVE_SDK": library.resolve(),
        "ARCHIVE_SECRET": account.split()[1],
        "ARCHIVE_KEYS": folder / "keys",
        "STANDIN": folder / "sdk",
    }


async def until_up(
    process: asyncio.subprocess.Process,
    url: str,
    log: Path,
    is_ready: Callable[[str], bool] = bool,
) -> None:
    """Wait until ``is_ready`` for what ``url`` answers ("" while it answers nothing good).

    Raises: StartupFault with the end of ``log`` when the process ended or a minute is over.
    """
    deadline = asyncio.get_running_loop().time() + _START_S
    async with aiohttp.ClientSession() as session:
        while not is_ready(await _answer(session, url)):
            late = asyncio.get_running_loop().time() > deadline
            if process.returncode is not None or late:
                raise StartupFault(f"没有起来，日志最后几行（{log}）：", _end_of(log))
            await asyncio.sleep(_HEALTH_S)


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-800:]


def is_connected(world: str) -> bool:
    """True when the simulator, asked for its world, says that the robot holds its connection."""
    socket = json.loads(world)["doors"].get("robot_socket", {}) if world else {"connected": False}
    return bool(socket.get("connected", True))


async def _answer(session: aiohttp.ClientSession, url: str) -> str:
    """The body of a good answer, "" for any other."""
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with session.get(url, timeout=aiohttp.ClientTimeout(total=2)) as response:
            return await response.text() if response.status == 200 else ""
    return ""


async def end(process: asyncio.subprocess.Process | None) -> None:
    """SIGTERM, then SIGKILL after eight seconds."""
    if process is None or process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def free_port(wanted: int) -> int:
    """``wanted`` if it is free, any free one for 0. Raises: StartupFault.

    A free one is drawn below the range from which systems give ports to outgoing connections
    (from 32768 on Linux, 49152 elsewhere): one of those could be taken before its owner listens.
    """
    drawn = random.SystemRandom()
    for port in [wanted] if wanted else (drawn.randrange(*_OWN_PORTS) for _ in range(_DRAWS)):
        if _is_free(port):
            return port
    raise StartupFault(
        f"端口 {wanted or '20000–32000'} 已被占用，请换一个（--sim-port、--web-port）。"
    )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
