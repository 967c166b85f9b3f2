"""Our robot that echoes (我方回声): the real ``Socket``, an ear that answers, nothing stored.

``bench.echo.line`` starts it as a process with the gateway's URL. Its buckets always give, since
the gateway has no limits; all else is what a station runs.
"""

import asyncio
import gc
import sys
from datetime import UTC, datetime

import aiohttp

from bot.events import Event, Heard
from bot.messages import Message, Outgoing, Text
from bot.wecom.aibot import Socket
from bot.wecom.places import SocketConfig


class _Buckets:
    """No limits."""

    async def take(self, name: str, limits: tuple[tuple[int, int], ...], reserve: int = 0) -> float:
        return 0.0


class _Ears:
    """Answers in a task of its own, as the sender does: hearing waits for nobody."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        self._number = 0
        self.socket: Socket | None = None

    async def hear(self, event: Event) -> bool:
        assert isinstance(event, Heard)  # noqa: S101 the gateway says nothing else
        self._number += 1
        out = Outgoing(
            id=self._number,
            key=event.key,
            lane="socket",
            chat=event.chat,
            message=Text(text=event.text),
            reply=event.reply,
        )
        assert self.socket is not None  # noqa: S101 it hears by it
        self._tasks.create_task(self.socket.send(out))
        return True

    async def answer(self, key: str, within_s: float) -> Message | None:
        return None


async def main(url: str) -> None:
    """Run until the process is ended."""
    gc.collect()  # as ``commands.run.settle`` does; the whole house is not imported for it
    gc.freeze()
    config = SocketConfig(bot_id="aibBENCH", secret="bench", url=url)  # noqa: S106  made up
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
        ears = _Ears(tasks)
        ears.socket = Socket(
            config, session, ears, _Buckets(), lambda: datetime.now(UTC), alarm=lambda *_: None
        )
        await ears.socket.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
