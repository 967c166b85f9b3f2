"""The one web server of the bot (网页服务): callbacks, health, pages, and the demo's clock.

Callbacks come from WeCom; pages are plugged in by the roof, because behaviour lies above this
floor. ``POST /-/time`` exists only in the demo and in tests: ``run`` never opens it.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.app import Engine
from bot.web import headers
from bot.web.callbacks import Door, add_callbacks
from bot.web.health import HealthDoor
from config.faults import StartupFault

log = logging.getLogger(__name__)
Pages = Callable[[web.Application], None]


@dataclass(frozen=True, slots=True)
class Wire:
    """What a door knows of frames under way: seen on this connection, and not yet done."""

    seen: Mapping[str, int]
    under_way: Mapping[str, int]


Seen = Callable[[], Wire]


def build(
    engine: Engine,
    doors: Mapping[str, Door],
    pages: Pages | None = None,
    seen: Seen | None = None,
    health: HealthDoor | None = None,
) -> web.Application:
    """The application; ``seen`` given opens the demo's clock."""
    app = web.Application(client_max_size=1024 * 1024)
    headers.plug(app)
    add_callbacks(app, doors, engine.measures.acks.observe)
    (health or HealthDoor(engine)).plug(app)
    if seen is not None:
        app.router.add_post("/-/time", TimeDoor(engine, seen).post)
    if pages is not None:
        pages(app)
    return app


async def serve(app: web.Application, host: str, port: int) -> web.AppRunner:
    """The running server; ``cleanup`` stops it. Raises: StartupFault when the port is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as fault:
        await runner.cleanup()
        raise StartupFault(
            f"网页端口 {port} 打不开（{fault.strerror}）。请换一个端口：JINGGE_WEB_PORT，"
            "或 demo 的 --web-port。"
        ) from fault
    return runner


class TimeDoor:
    """Asks and moves business time; for the simulator alone."""

    def __init__(self, engine: Engine, seen: Seen) -> None:
        self._engine = engine
        self._seen = seen

    async def post(self, request: web.Request) -> web.Response:
        """``{to?}`` → ``{now, quiet, next, waiting_for, seen}``."""
        body = await request.json() if request.can_read_body else {}
        if "to" in body:
            self._engine.push_to(datetime.fromisoformat(body["to"]))
        wire = self._seen()
        try:
            quiet = await self._engine.quiet()
        except SQLAlchemyError:
            return web.json_response({"waiting_for": ["database"]}, status=503)
        waiting = [*quiet.waiting_for, *(f"{k}={n}" for k, n in wire.under_way.items() if n)]
        return web.json_response(
            {
                "now": quiet.now.isoformat(),
                "quiet": not waiting,
                "next": quiet.next.isoformat() if quiet.next else None,
                "waiting_for": waiting,
                "seen": dict(wire.seen),
            }
        )
