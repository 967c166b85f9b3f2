"""The ear's end of the road (收件): an event becomes an inbox row before its door answers.

Implements ``bot.wecom.channel.Ears`` for the doors, and takes timers, cron hours and page
buttons the same way. Nothing is answered before the commit; a known key changes nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.engine.bare_quote import with_quoted_words
from bot.engine.basket import Basket
from bot.engine.belfry import Belfry
from bot.engine.spelling import as_in_roster
from bot.events import Event, Heard, pack
from bot.lines import partition_of
from bot.messages import Message, unpack
from config.rules import Rules
from storage import inbox
from storage.database import Database
from storage.inbox import Arrival
from storage.session import Db
from storage.writer import Writer

log = logging.getLogger(__name__)
POLL_S, LONGEST_POLL_S = 0.05, 0.5


class Listener:
    """Puts events into the inbox and hands passive answers back."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        db_of: Callable[..., Db],
        now: Callable[[], datetime],
        rules: Callable[[], Rules],
        belfry: Belfry,
    ) -> None:
        self._database = database
        self._writer = writer
        self._db_of = db_of
        self._now = now
        self._rules = rules
        self._belfry = belfry
        self._basket = Basket(writer, self._accept, belfry.tell)
        self.hearing = 0
        self.keep: Callable[[Heard], None] | None = None

    async def hear(self, event: Event, also: Callable[[Db], None] | None = None) -> bool:
        """True when the event is new; returns after the commit.

        ``also`` runs in the same transaction. Raises: OSError when it cannot be kept now.
        """
        if also is not None:
            return (await self.hear_all([event], also))[0]
        self.hearing += 1
        try:
            event = self._as_meant(event)
            is_new = await self._basket.put(_arrival(event))
        except SQLAlchemyError as fault:
            raise OSError(f"the inbox cannot keep {event.key} now") from fault
        finally:
            self.hearing -= 1
        if is_new:
            self._keep_media(event)
        return is_new

    async def hear_all(
        self, events: Sequence[Event], also: Callable[[Db], None] | None = None
    ) -> list[bool]:
        """For each event whether it is new; all of them and ``also`` in one transaction.

        For doors that fetch pages: the cursor moves with the page's events, or nothing does.
        Raises: OSError when they cannot be kept now; what ``also`` raises.
        """
        self.hearing += 1
        try:
            events = [self._as_meant(event) for event in events]
            arrivals = [_arrival(event) for event in events]
            new, left = await self._writer.do(lambda conn: self._accept(conn, arrivals, also))
        except SQLAlchemyError as fault:
            keys = events[0].key if events else "a cursor"
            raise OSError(f"the inbox cannot keep {keys} now") from fault
        finally:
            self.hearing -= 1
        self._belfry.tell(left)
        for event, is_new in zip(events, new, strict=True):
            if is_new:
                self._keep_media(event)
        return new

    def _keep_media(self, event: Event) -> None:
        if self.keep is not None and isinstance(event, Heard) and event.media:
            self.keep(event)

    def _as_meant(self, event: Event) -> Event:
        rules = self._rules()
        return with_quoted_words(as_in_roster(event, rules), rules)

    async def answer(self, key: str, within_s: float) -> Message | None:
        """The passive answer of event ``key``'s Turn, or None after ``within_s``.

        A Turn of this process says it by itself; for one worked elsewhere the row is looked at.
        """
        clock = asyncio.get_running_loop().time
        deadline, pause = clock() + within_s, POLL_S
        told = self._belfry.expect(key)
        try:
            while (left := deadline - clock()) > 0:
                done, _ = await asyncio.wait((told,), timeout=min(pause, left))
                is_done, words = (True, told.result()) if done else await self._looked_up(key)
                if is_done:
                    return unpack(words) if words else None
                pause = min(2 * pause, LONGEST_POLL_S)
        finally:
            self._belfry.forget(key, told)
        return None

    async def _looked_up(self, key: str) -> tuple[bool, str]:
        """Whether the event is done, and its answer; done without one while nobody can know."""
        try:
            return await self._database.read(lambda conn: inbox.answer_of(self._db_of(conn), key))
        except SQLAlchemyError as fault:
            log.warning("no answer to id=%s now: %s", key, type(fault).__name__)
            return True, ""

    def _accept(
        self,
        conn: object,
        arrivals: Sequence[Arrival],
        also: Callable[[Db], None] | None = None,
    ) -> tuple[list[bool], set[str]]:
        db = self._db_of(conn)
        new = inbox.accept_all(db, arrivals, self._now())
        if also is not None:
            also(db)
        return new, db.left


def _arrival(event: Event) -> Arrival:
    return Arrival(
        key=event.key,
        line=event.line,
        partition=partition_of(event.line),
        kind=type(event).__name__.lower(),
        payload=pack(event),
        event_at=event.at,
    )
