"""The second way (第二条路): a short call beside WeCom, when WeCom itself cannot be reached.

A program of the station, or an address in its own network (an SMS gateway, a siren, syslog), is
told one Chinese sentence without anything personal. Both are optional settings; a failure is
logged and never stops anything. Called by ``commands.watch``.
"""

import asyncio
import logging
from pathlib import Path

import aiohttp

from config.settings import Settings

log = logging.getLogger(__name__)
WITHIN_S = 20.0


class Outside:
    """Calls what the settings name; nothing where they name nothing."""

    def __init__(self, settings: Settings) -> None:
        self._program = settings.outside_command
        self._url = settings.outside_url

    @property
    def is_there(self) -> bool:
        """True when there is a second way."""
        return bool(self._url) or self._program != Path()

    async def call(self, sentence: str) -> None:
        """Say it to both; returns within ``WITHIN_S`` of each."""
        if self._program != Path():
            await self._run(sentence)
        if self._url:
            await self._post(sentence)

    async def _run(self, sentence: str) -> None:
        """The sentence is the program's one argument; no shell in between."""
        quiet = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                str(self._program), sentence, stdin=quiet, stdout=quiet, stderr=quiet
            )
        except OSError as fault:
            log.error("the outside command cannot be started: %s", type(fault).__name__)
            return
        try:
            async with asyncio.timeout(WITHIN_S):
                code = await process.wait()
        except TimeoutError:
            process.kill()
            code = await process.wait()
        if code:
            log.error("the outside command ended with %d", code)

    async def _post(self, sentence: str) -> None:
        timeout = aiohttp.ClientTimeout(total=WITHIN_S)
        body = sentence.encode()
        kind = {"Content-Type": "text/plain; charset=utf-8"}
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self._url, data=body, headers=kind, allow_redirects=False) as answer,
            ):
                if answer.status >= 300:
                    log.error("the outside address answered %d", answer.status)
        except (aiohttp.ClientError, TimeoutError) as fault:
            log.error("the outside address cannot be reached: %s", type(fault).__name__)
