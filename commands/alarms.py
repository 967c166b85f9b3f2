"""Tells the administrator what WeCom refuses for good (报警): once a day, by whatever way is left.

The API calls ``refused`` wherever it is called from; for an address that WeCom does not trust an
event goes out, since the robot may still reach people. ``doctor`` says what to click.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.door_events import Alarmed
from bot.wecom.channel import Ears
from bot.wecom.errors import NotAllowed
from bot.wecom.explain import ip_of

log = logging.getLogger(__name__)
_IP = 60020


class Alarms:
    """Turns refusals into events."""

    def __init__(self, ears: Ears, now: Callable[[], datetime]) -> None:
        self._ears = ears
        self._now = now
        self._telling: set[asyncio.Task[None]] = set()

    def refused(self, fault: NotAllowed) -> None:
        """WeCom refused a call for good."""
        log.warning("WeCom refuses: errcode=%s; `run_bot.py doctor` says why", fault.errcode)
        if fault.errcode == _IP:
            task = asyncio.create_task(self._tell(ip_of(fault)))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell(self, address: str) -> None:
        at = self._now()
        key = f"alarm:app:ip:{address}:{at:%Y%m%d}"
        event = Alarmed(key=key, at=at, door="app", text="operator_ip", values={"why": address})
        try:
            await self._ears.hear(event)
        except OSError as fault:
            log.warning("an alarm cannot be kept now: %s", fault)
