"""Looks for orders of 政民沟通 (轮询上报单): nobody calls us, so one process asks again and again.

Asked is for what changed since the last poll, less an overlap, page by page; the events of a page
and the mark are one transaction. Keys are made of the order and its content, so that an order in
two polls is one event. Once an hour a whole day is asked for again: WeCom's clock need not be ours.
The lease ``lane:orders`` says who asks. Started by ``commands.order_door``.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.orders import messages
from bot.door_events import Alarmed, OrderSeen
from bot.engine.app import Engine
from bot.wecom.errors import NotAllowed, Refusal, WeComFault
from bot.wecom.orders import KINDS, OrderPage, Orders
from storage import orders
from storage.leases import LeaseLost
from storage.orders import Mark
from storage.session import Db

log = logging.getLogger(__name__)
T = TypeVar("T")
LEASE = "lane:orders"
FIRST_LOOK = timedelta(days=1)
SWEEP_EVERY = timedelta(hours=1)
_REMEMBER_EVERY = timedelta(minutes=1)
_MOST_PAGES = 200
_LOOK_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """``overlap`` is business time; the waits are transport time, in seconds."""

    overlap: timedelta = timedelta(seconds=120)
    poll_s: float = 30.0
    refused_pause_s: float = 60.0


class OrderWatch:
    """One watcher over one engine and one door."""

    def __init__(self, engine: Engine, door: Orders, pace: Pace) -> None:
        self._engine = engine
        self._door = door
        self._pace = pace
        self._swept: dict[str, datetime] = {}

    async def run(self) -> None:
        """Poll for ever, whenever the lease is ours."""
        while True:
            rest_s = await self._round()
            await asyncio.sleep(rest_s)

    async def _round(self) -> float:
        """Look once at both kinds; how long to rest, in seconds."""
        keeper = self._engine.keeper
        if keeper is None or not keeper.holds(LEASE):
            return min(_LOOK_S, self._pace.poll_s)
        rest_s = self._pace.poll_s
        for kind in KINDS:
            try:
                await self.look(kind)
            except NotAllowed as fault:
                log.error("orders %s refused: errcode=%d", kind, fault.errcode)
                rest_s = max(rest_s, self._pace.refused_pause_s)
                await self._tell(fault)
            except (WeComFault, OSError, SQLAlchemyError, LeaseLost) as fault:
                log.warning("orders %s wait: %s", kind, type(fault).__name__)
        return rest_s

    async def _tell(self, fault: NotAllowed) -> None:
        """The administrator hears of it; both kinds are refused for one reason."""
        now, why = self._engine.clock.now(), str(fault.errcode)
        key = f"alarm:orders:{why}:{now:%Y%m%d%H}"
        text, values = "operator_orders_refused", {"why": why}
        alarm = Alarmed(key=key, at=now, door="orders", text=text, values=values)
        try:
            await self._engine.listener.hear(alarm)
        except OSError as fault_here:
            log.warning("an alarm cannot be kept now: %s", fault_here)

    async def look(self, kind: str) -> int:
        """Read all pages that there are; how many orders were new or changed.

        A poll that was cut off goes on at its cursor. Raises: WeComFault, OSError, LeaseLost.
        """
        count = 0
        for _ in range(_MOST_PAGES):
            before = await self._read(lambda db: orders.mark(db, kind))
            now = self._engine.clock.now()
            mark = before or Mark(now - FIRST_LOOK)
            since = mark.since or self._since(kind, mark, now)
            page = await self._page(kind, mark.cursor, since)
            began = mark.began or now
            to = Mark(mark.until, page.cursor, began, since) if page.cursor else Mark(began)
            if page.orders or page.cursor or _is_worth(before, to):
                count += await self._keep(kind, page, to)
            if not page.cursor:
                break
        return count

    def _since(self, kind: str, mark: Mark, now: datetime) -> datetime:
        """From when on to ask: the mark less the overlap, once an hour a whole day."""
        since = mark.until - self._pace.overlap
        if kind in self._swept and now - self._swept[kind] < SWEEP_EVERY:
            return since
        self._swept[kind] = now
        return min(since, now - FIRST_LOOK)

    async def _page(self, kind: str, cursor: str, since: datetime) -> OrderPage:
        try:
            page = await self._door.page(kind, since, cursor)
        except Refusal:
            if not cursor:
                raise
            log.info("orders %s: the cursor is no good any more, from the beginning", kind)
            return await self._door.page(kind, since)
        return OrderPage(page.orders, "") if page.cursor == cursor else page

    async def _keep(self, kind: str, page: OrderPage, to: Mark) -> int:
        """Events and mark in one transaction; then the pictures of what is new."""

        def also(db: Db) -> None:
            assert self._engine.keeper is not None  # _round looked  # noqa: S101
            self._engine.keeper.fence(db.conn, LEASE)
            orders.keep_mark(db, kind, to)

        listener = self._engine.listener
        is_new = await listener.hear_all(page.orders, also)
        fresh = [one for one, new in zip(page.orders, is_new, strict=True) if new]
        for event in fresh:
            self._fetch_pictures(event)
        if fresh:
            log.info("orders %s page=%d new=%d", kind, len(page.orders), len(fresh))
        return len(fresh)

    def _fetch_pictures(self, event: OrderSeen) -> None:
        keep = self._engine.listener.keep
        for message in messages(event):
            if keep is not None and message.media:
                keep(message)

    async def _read(self, fn: Callable[[Db], T]) -> T:
        return await self._engine.database.read(lambda conn: fn(self._engine.db_of(conn)))


def _is_worth(before: Mark | None, to: Mark) -> bool:
    """True when the mark moved far enough to be written although nothing happened."""
    return before is None or bool(before.cursor) or to.until - before.until >= _REMEMBER_EVERY
