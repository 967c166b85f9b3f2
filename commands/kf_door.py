"""Opens the door of 微信客服 (客服的门): the app's callback knocks, one process polls.

Called by ``commands.house``; the calls go with the app's own token, since no other secret may make
them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.engine.app import Engine
from bot.engine.kf_books import Books
from bot.wecom import kf
from bot.wecom.app import App
from bot.wecom.client import Api
from bot.wecom.kf import Kf
from bot.wecom.places import KfConfig
from config.settings import Settings

log = logging.getLogger(__name__)


def open_kf(settings: Settings, engine: Engine, app: App, api: Api) -> Kf:
    """The door, and its knocker at the app's address."""
    config = KfConfig(
        accounts=tuple(settings.kf_accounts.split(",")),
        poll_s=settings.kf_poll_s,
        backoff_s=settings.backoff_first_s,
    )
    door = Kf(config, api, Books(engine), engine.clock.now)
    app.hooks[kf.EVENT] = door.knock
    return door


def listen(engine: Engine, door: Kf) -> Callable[[], Awaitable[None]]:
    """Read from now on; what is returned ends it."""

    def ours() -> bool:
        return engine.keeper is not None and engine.keeper.holds("lane:kf")

    reading = asyncio.create_task(door.run(ours))
    reading.add_done_callback(_ended)

    async def stop() -> None:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    return stop


def _ended(reading: asyncio.Task[None]) -> None:
    """A loop that ends by itself is a bug: nobody would hear the customers any more."""
    if not reading.cancelled() and (fault := reading.exception()) is not None:
        log.error("reading of kf ended", exc_info=fault)
