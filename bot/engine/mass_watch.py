"""Looks after mass sends (群发结果): asks WeCom from time to time who has confirmed what.

WeCom tells nobody, so the process that holds the lane's lease asks: every ten minutes of business
time at first, each hour later, for three days. What is new goes into the row, and an event tells
who ordered it. Started by ``commands.house``.
"""

import asyncio
import json
import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.app import Engine
from bot.events import Scheduled
from bot.lines import line_of
from bot.wecom.errors import WeComFault
from bot.wecom.mass import MassLane, Outcome
from storage import mass
from storage.mass import MassSend

log = logging.getLogger(__name__)
_LOOK_S, _REST_S = 1.0, 60.0
_SOON, _LATER, _LIFE = timedelta(minutes=10), timedelta(hours=1), timedelta(days=3)


class MassWatch:
    """One watcher over one engine and one lane."""

    def __init__(self, engine: Engine, lane: MassLane) -> None:
        self._engine = engine
        self._lane = lane

    async def run(self) -> None:
        """Look for ever; the wire's and the database's troubles wait for the next look."""
        while True:
            await asyncio.sleep(_LOOK_S)
            keeper = self._engine.keeper
            if keeper is None or not keeper.holds(f"lane:{self._lane.name}"):
                continue
            try:
                await self.look()
            except (WeComFault, SQLAlchemyError, OSError) as fault:
                log.warning("mass sends are not looked after now: %s", type(fault).__name__)
                await asyncio.sleep(_REST_S)

    async def look(self) -> int:
        """How many were asked about now. Raises: WeComFault, SQLAlchemyError, OSError."""
        now = self._engine.clock.now()
        waiting = await self._engine.database.read(
            lambda conn: mass.running(self._engine.db_of(conn))
        )
        due = [one for one in waiting if one.msgid and is_due(one, now)]
        for one in due:
            await self._ask(one, now)
        return len(due)

    async def _ask(self, one: MassSend, now: datetime) -> None:
        found = await self._lane.results(one.msgid, one.sender)
        results = {d.chat: int(d.outcome) for d in found}
        ended = bool(results) and all(v != Outcome.UNSENT for v in results.values())
        state = mass.DONE if ended or now - one.asked_at > _LIFE else mass.ASKED

        def keep(conn: Connection) -> None:
            mass.checked(self._engine.db_of(conn), one.id, results, state, now)

        await self._engine.writer.do(keep)
        is_news = results != one.results and any(results.values())
        if is_news or (state == mass.DONE and not any(results.values())):
            mark = json.dumps([results, state], sort_keys=True)
            key = f"mass:{one.id}:{line_of(mark)}"
            await self._engine.listener.hear(Scheduled(key=key, at=now, job=f"mass:{one.id}"))


def is_due(one: MassSend, now: datetime) -> bool:
    """True when WeCom should be asked again."""
    pause = _SOON if now - one.asked_at < _LATER else _LATER
    return one.checked_at is None or now - one.checked_at >= pause
