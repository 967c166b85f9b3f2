"""The ways out that are no chats (旁门): phones, group webhooks, the roster check.

Built beside the doors in ``commands.house``; what is not configured is not there, and the rules'
``lanes`` tell the Turn so. Split off so that the house stays readable.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp

from bot.wecom.channel import Buckets, Ears, Lane
from bot.wecom.client import Api
from bot.wecom.voice import Voice
from config.settings import Settings


def side_lanes(
    settings: Settings,
    api: Api | None,
    session: aiohttp.ClientSession,
    ears: Ears,
    buckets: Buckets,
    now: Callable[[], datetime],
    **more: Any,
) -> list[Lane]:
    """Every lane besides the chats that these settings allow."""
    found: list[Lane] = []
    if settings.has_voice and api is not None:
        found.append(Voice(api, ears, buckets, now))
    return found
