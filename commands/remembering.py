"""Fills the memory of the figures (先把账读进来), so that the first report of a day is not slow.

After a start nothing is remembered, and a report of a year would read 60,000 tickets while somebody
waits. So the last thirteen months are read week by week, the newest first, in a thread for pages,
which rests as long as it has worked. Called by ``commands.house``.
"""

import asyncio
import logging
from datetime import timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.app import Engine
from storage import figures
from storage.spans import Span

log = logging.getLogger(__name__)
_WEEK, _WEEKS = timedelta(days=7), 57


async def remember(engine: Engine) -> None:
    """Read what figures are counted from; what was read already costs next to nothing."""
    clock, now = asyncio.get_running_loop().time, engine.clock.now()
    for number in range(_WEEKS):
        began, until = clock(), now - _WEEK * number
        try:
            await _read(engine, Span(until - _WEEK, until))
        except SQLAlchemyError as fault:
            log.warning("figures are not read ahead: %s", type(fault).__name__)
            return
        await asyncio.sleep(clock() - began)


async def _read(engine: Engine, span: Span) -> None:
    def read(conn: Connection) -> None:
        figures.read(engine.reader_of(conn), span)

    await engine.database.read(read)
