"""Pages that renew themselves (实时): one line of server-sent events when something has moved.

The line carries a number and nothing else. A page that was made at another number fetches itself
again, with its own rights; whoever comes hears at once where things stand.
Every open page looks through one watcher, once a second, at the newest row of the journal: that
sees what other processes did as well.
"""

import asyncio
import contextlib

from aiohttp import web
from sqlalchemy import Connection

from bot.engine.app import Engine
from config.rights_rules import Page
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Shell
from storage import journal

_LOOK_S = 1.0
_ALIVE_S = 20.0
_LONGEST_S = 3600.0


class Live:
    """One watcher for all open pages of this process."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._newest = -1
        self._moved = asyncio.Event()
        self._watcher: asyncio.Task[None] | None = None
        self._open = 0
        self._ending = False

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get("/live", self._shell.page(Page.TODAY, self.stream))
        app.on_shutdown.append(self._stop)

    async def stream(self, request: web.Request, _seat: Seat) -> web.StreamResponse:
        """An event for every change, and a comment now and then so that proxies keep it open."""
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        self._open += 1
        if self._watcher is None or self._watcher.done():
            self._newest = -1
            self._watcher = asyncio.create_task(self._watch(self._shell.engine))
        try:
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(_LONGEST_S):
                    await self._send(answer)
        finally:
            self._open -= 1
        return answer

    async def _send(self, answer: web.StreamResponse) -> None:
        await answer.write(b"retry: 3000\n\n")
        told = -1
        while not self._ending:
            moved = self._moved
            if told != self._newest:
                told = self._newest
                await answer.write(b"data: %d\n\n" % told)
            try:
                async with asyncio.timeout(_ALIVE_S):
                    await moved.wait()
            except TimeoutError:
                await answer.write(b": \n\n")

    async def _watch(self, engine: Engine) -> None:
        """Until nobody looks any more."""

        def newest(conn: Connection) -> int:
            return journal.newest_id(engine.db_of(conn))

        while self._open and not self._ending:
            found = await engine.database.read(newest)
            if found != self._newest:
                self._newest = found
                moved, self._moved = self._moved, asyncio.Event()
                moved.set()
            await asyncio.sleep(_LOOK_S)

    async def _stop(self, _app: web.Application) -> None:
        self._ending = True
        self._moved.set()
