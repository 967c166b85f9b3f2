"""The simulator as a process of its own, and the part of its control API that these tests use.

There is no bot beside it: the official packages take its place, so nothing waits for the bot to
become quiet (``"wait": false`` everywhere).
"""

import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from tests.interop.node_script import Json
from tests.servers.polling import until
from tests.servers.process import ServerProcess, free_port, private_folder

ROOT = Path(__file__).parents[2]


class Simulator:
    """A running simulator of the sample station."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def get(self, path: str) -> Any:
        """The JSON at ``path``."""
        async with self._session.get(f"{self.url}{path}") as answer:
            assert answer.status == 200, f"{path}: {answer.status} {await answer.text()}"
            return await answer.json()

    async def post(self, path: str, **body: object) -> Json:
        """What ``path`` answers to ``body``."""
        async with self._session.post(f"{self.url}{path}", json=body) as answer:
            assert answer.status == 200, f"{path}: {answer.status} {await answer.text()}"
            return dict(await answer.json())

    async def say(self, chat: str, user: str, text: str, **more: object) -> Json:
        """Let ``user`` speak in ``chat``."""
        return await self.post("/sim/say", chat=chat, user=user, text=text, wait=False, **more)

    async def doors(self) -> Json:
        """Addresses and test secrets of the doors."""
        return dict((await self.get("/sim/world"))["doors"])

    async def messages(self, chat: str) -> list[Json]:
        """What stands in a group, oldest first."""
        return list((await self.get(f"/sim/chats/{chat}"))["messages"])

    async def inbox(self, user: str) -> list[Json]:
        """What stands in somebody's single chats, oldest first."""
        return list((await self.get(f"/sim/inbox/{user}"))["messages"])

    async def errors(self) -> list[Json]:
        """The protocol rules that were broken so far."""
        return list(await self.get("/sim/errors"))

    async def until_message(self, chat: str, fits: Callable[[Json], bool], what: str) -> Json:
        """The first message of a group that ``fits``, waiting for it."""

        async def found() -> Json | None:
            return next((line for line in await self.messages(chat) if fits(line)), None)

        return await until(found, what)


def simulator_process(*arguments: str) -> tuple[ServerProcess, str]:
    """A simulator that is not started yet, and where it will answer."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "simulator", "--world", "config/site", "--port", str(port)]
    process = ServerProcess(
        [*command, *arguments],
        private_folder("simulator", None),
        user=None,
        answers=lambda: _answers(url),
        working_folder=ROOT,
    )
    return process, url


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/sim/world", timeout=5) as answer:  # noqa: S310 - ours
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
