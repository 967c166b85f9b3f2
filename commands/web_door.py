"""The web server of one process (网页与回调): what of it the loops of this process need.

Who hears opens the callbacks and the door for other systems, whoever shows pages the pages; each
has health and a watch. Called by ``commands.house``.
"""

from collections.abc import Mapping
from typing import Any

from bot.engine.app import Engine
from bot.engine.keepsakes import Keepsakes
from bot.web import server
from bot.web.attempts import Attempts
from bot.web.callbacks import Door
from commands import archive as archive_door
from commands.dashboard import plug_pages
from commands.outside import Outside
from commands.watch import Watchman
from config.settings import Settings
from config.vocabulary import Loop
from handlers.dashboard.api import TicketApi

APP_PATH, ROBOT_PATH = "/wecom/app", "/wecom/robot"


async def open_web(
    settings: Settings,
    engine: Engine,
    doors: Mapping[str, Any],
    kept: Keepsakes,
    bells: Any,
    opened: server.Pages,
    loops: frozenset[Loop],
    *,
    is_demo: bool,
) -> Any:
    """The running server and the way into its pages. Raises: StartupFault."""
    paths = _callback_paths(doors) if Loop.HEAR in loops else {}
    seen = (lambda: _wire(doors, kept)) if is_demo else None
    redis = bells if settings.redis_url else None
    watchman = Watchman(engine, settings, doors, Outside(settings), redis)
    app = server.build(engine, paths, seen=seen, health=watchman.door())
    watchman.plug(app)
    entry = None
    if Loop.WEB in loops:
        key = settings.api_key.get_secret_value()
        TicketApi(engine, key, Attempts(bells), is_open=is_demo).plug(app)
        entry = plug_pages(app, settings, engine, doors["app"], bells, is_demo=is_demo)
    if Loop.HEAR in loops:
        opened(app)
    return await server.serve(app, settings.web_host, settings.web_port), entry


def _callback_paths(doors: Mapping[str, Any]) -> dict[str, Door]:
    """Where WeCom's letters go."""
    named = {APP_PATH: "app", ROBOT_PATH: "robot", archive_door.ARCHIVE_PATH: "archive"}
    return {path: doors[name] for path, name in named.items() if doors.get(name) is not None}


def _wire(doors: Mapping[str, Any], kept: Keepsakes) -> server.Wire:
    """Frames of the socket, customers' words and pictures that are still on their way."""
    socket, kf = doors["socket"], doors["kf"]
    groups = doors["groups"].under_way if doors.get("groups") is not None else 0
    media = {"media": kept.under_way, "kf": kf.unread if kf is not None else 0, "groups": groups}
    if socket is None:
        return server.Wire({}, media)
    under_way = {"unheard": socket.unheard, "unacked": socket.unacked, **media}
    return server.Wire(socket.seen, under_way)
