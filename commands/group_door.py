"""Opens the door of the customer groups (客户群的门): letters at the app's address, one looks.

``house`` calls it when the app is configured and ``JINGGE_CUSTOMER_GROUPS`` is on; the calls go
with the app's own token.
"""

import asyncio
import contextlib
import logging

from bot.engine.app import Engine
from bot.engine.group_watch import LEASE, GroupWatch, Plan
from bot.wecom.app import App
from bot.wecom.customer_groups import EVENT, CustomerGroups
from config.settings import Settings

log = logging.getLogger(__name__)


async def open_groups(
    settings: Settings, engine: Engine, app: App | None, stack: contextlib.AsyncExitStack
) -> GroupWatch | None:
    """The watch, closed with ``stack``; None where it is not wanted. The engine has started."""
    if app is None or not settings.customer_groups or engine.keeper is None:
        return None
    plan = Plan(walk_s=settings.customer_groups_walk_s)
    watch = GroupWatch(engine, CustomerGroups(app.api), plan)
    app.hooks[EVENT] = watch.knock
    engine.keeper.also(LEASE)
    await engine.keeper.renew()
    task = asyncio.create_task(watch.run())
    task.add_done_callback(_ended)
    stack.push_async_callback(_close, task)
    return watch


async def _close(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _ended(task: asyncio.Task[None]) -> None:
    """A loop that ends by itself is a bug: changes of groups would go unseen."""
    if not task.cancelled() and task.exception() is not None:
        log.error("watching customer groups ended", exc_info=task.exception())
