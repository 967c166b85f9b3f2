"""Opens the door of 政民沟通 (上报单): its own secret, one watcher, pictures.

Called by ``commands.house`` where the settings name a report secret, and by ``commands.orders``.
"""

import asyncio
import contextlib
from datetime import timedelta

import aiohttp

from bot.engine.app import Engine
from bot.engine.keepsakes import Keepsakes
from bot.engine.order_watch import LEASE, OrderWatch, Pace
from bot.wecom.channel import Now, Tokens
from bot.wecom.client import Api
from bot.wecom.orders import Orders
from bot.wecom.places import AppConfig
from config.settings import Settings


def door(settings: Settings, session: aiohttp.ClientSession, tokens: Tokens, now: Now) -> Orders:
    """The door as the settings describe it."""
    config = AppConfig(
        corpid=settings.corp_id,
        agentid=settings.report_agentid,
        secret=settings.report_secret.get_secret_value(),
        api_base=settings.api_base,
        timeout_s=settings.http_timeout_s,
    )
    return Orders(config, Api(config, session, tokens, now), session, now)


def watch(
    settings: Settings,
    engine: Engine,
    session: aiohttp.ClientSession,
    tokens: Tokens,
    kept: Keepsakes,
    stack: contextlib.AsyncExitStack,
) -> None:
    """Begin to poll, once the engine runs; nothing where the settings name no report secret."""
    if not settings.has_orders:
        return
    made = door(settings, session, tokens, engine.clock.now)
    kept.plug(made.name, made.fetch)
    pace = Pace(overlap=timedelta(seconds=settings.orders_overlap_s), poll_s=settings.orders_poll_s)
    assert engine.keeper is not None  # the engine runs  # noqa: S101
    engine.keeper.also(LEASE)
    polling = asyncio.create_task(OrderWatch(engine, made, pace).run())

    async def stop() -> None:
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)

    stack.push_async_callback(stop)
