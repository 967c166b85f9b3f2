"""When WeCom is asked who refused the archive (问同意): once a day for each group that speaks.

A group that cannot be asked now is asked again soon; until then the rows' own word counts, so that
no cry for help waits for an answer of WeCom.
"""

import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from bot.wecom.archive_rows import Consent
from bot.wecom.errors import WeComFault

log = logging.getLogger(__name__)
_EVERY, _AGAIN = timedelta(days=1), timedelta(minutes=10)
Ask = Callable[[str], Awaitable[list[Consent]]]


class RoomConsents:
    """Remembers which groups were asked; ``ask`` is None where there is nobody to ask."""

    def __init__(self, ask: Ask | None, now: Callable[[], datetime]) -> None:
        self._ask = ask
        self._now = now
        self._due: dict[str, datetime] = {}

    async def fresh(self, rooms: Collection[str]) -> list[Consent]:
        """What WeCom says of those groups that were not asked lately."""
        found: list[Consent] = []
        now = self._now()
        for room in sorted(rooms):
            if self._ask is None or self._due.get(room, now) > now:
                continue
            try:
                found += await self._ask(room)
                self._due[room] = now + _EVERY
            except WeComFault as fault:
                log.warning("cannot ask who refused the archive: %s", fault)
                self._due[room] = now + _AGAIN
        return found
