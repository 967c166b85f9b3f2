"""The web page's button "play the sample day": the day player in the background.

``POST /sim/play {script?, pace?, web?}`` starts it, ``GET /sim/play`` tells how far it is. It
speaks to this simulator over HTTP like any other script.
"""

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import web

from simulator.answers import in_json
from simulator.people import Wrong
from simulator.play import Player, PlayFault
from simulator.script import BadScript, Step, load_script
from simulator.sim import Sim


class Playing:
    """At most one play at a time."""

    def __init__(self, sim: Sim) -> None:
        self._sim = sim
        self._task: asyncio.Task[None] | None = None
        self._lines: list[str] = []
        self._done = False
        self._failed = False

    def routes(self) -> list[web.RouteDef]:
        """Where the handlers live."""
        return [web.post("/sim/play", self.start), web.get("/sim/play", self.state)]

    async def start(self, request: web.Request) -> web.Response:
        """Start the day; 409 while one is running."""
        if self._task and not self._task.done():
            raise Wrong(409, "a play is running")
        body: Any = await request.json() if request.can_read_body else {}
        script = Path(body.get("script") or (self._sim.folder or Path()) / "demo_day.yaml")
        try:
            steps = load_script(script)
        except (BadScript, OSError) as bad:
            raise Wrong(400, str(bad)) from bad
        self._lines, self._done, self._failed = [], False, False
        where = body.get("web") or self._sim.web_url
        player = Player(
            self._sim.public_url, where, self._lines.append, float(body.get("pace", 1)), False
        )
        self._task = asyncio.get_running_loop().create_task(self._play(player, steps))
        return await self.state(request)

    async def _play(self, player: Player, steps: list[Step]) -> None:
        try:
            self._failed = not await player.play(steps)
        except PlayFault as bad:
            self._lines.append(str(bad))
            self._failed = True
        finally:
            self._done = True

    async def state(self, _request: web.Request) -> web.Response:
        """``{running, done, failed, line, lines}``; ``line`` is the newest one."""
        running = self._task is not None and not self._task.done()
        return in_json(
            {
                "running": running,
                "done": self._done,
                "failed": self._failed,
                "line": self._lines[-1] if self._lines else "",
                "lines": self._lines,
            }
        )

    async def stop(self) -> None:
        """End a running play."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
