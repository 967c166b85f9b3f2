"""The bot as the demo sees it (演示的机器人): a process that can close its house and open another.

Demo and bot are joined by a socket, the bot's stdin: after SIGHUP the bot says ``CLOSED`` there
and waits for the moment of its next house. Everything that the bot prints stays in its log.
Called by ``demo``; the other end is ``run.demo_bot``.
"""

import asyncio
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from commands.demo_processes import ahead_of

CLOSED = "closed\n"
_CLOSE_S = 8.0


@dataclass
class BotProcess:
    """A bot with its data; ``process`` ends when the bot dies."""

    process: asyncio.subprocess.Process
    _hears: asyncio.StreamReader
    _tells: asyncio.StreamWriter

    @classmethod
    async def start(cls, words: list[str], log: Path, env: Mapping[str, str]) -> Self:
        """A new process ``run_bot.py WORDS`` that writes into ``log``; it is not up yet."""
        ours, theirs = socket.socketpair()
        with theirs, log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "run_bot.py", *words),
                stdin=theirs.fileno(),
                stdout=out,
                stderr=out,
                env=env,
                cwd=Path(__file__).parents[1],
                start_new_session=True,
            )
        return cls(process, *await asyncio.open_connection(sock=ours))

    async def close_house(self) -> bool:
        """True once everything of the bot is closed; False when it is dead, or hung and killed."""
        if self.process.returncode is not None:
            return False
        try:
            self.process.send_signal(signal.SIGHUP)
            async with asyncio.timeout(_CLOSE_S):
                return await self._hears.readline() == CLOSED.encode()
        except (ProcessLookupError, ConnectionError):
            return False
        except TimeoutError:
            self.process.kill()
            return False

    def open_house(self, now: datetime) -> None:
        """Let a bot whose house is closed open another at ``now``; it is not up yet."""
        self._tells.write(f"{ahead_of(now)}\n".encode())

    def hang_up(self) -> None:
        """Give the socket of a bot that has ended back."""
        self._tells.close()
