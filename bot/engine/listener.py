"""The ear's end of the road (收件): an event becomes an inbox row before its door answers.

Implements ``bot.wecom.channel.Ears`` for the doors, and takes timers, cron hours and page
buttons the same way. Nothing is answered before the commit; a known key changes nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.reading import read
from bot.engine.bare_quote import with_quoted_words
from bot.engine.belfry import Belfry
from bot.engine.spelling import as_in_roster
from bot.events import Event, Heard, pack, words_of
from bot.lines import partition_of
from bot.messages import Message, unpack
from config.rules import Rules
from config.vocabulary import Danger
from storage import inbox
from storage.database import Database
from storage.inbox import Arrival
from storage.session import Db
from storage.writer import Writer

log = logging.getLogger(__name__)
POLL_S = 0.05
LONGEST_TEXT = 10_000


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
        self.hearing = 0
        self.keep: Callable[[Heard], None] | None = None

    async def hear(self, event: Event, also: Callable[[Db], None] | None = None) -> bool:
        """True when the event is new; returns after the commit.

        ``also`` runs in the same transaction. Raises: OSError when it cannot be kept now.
        """
        return (await self.hear_all([event], also))[0]

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
            arrivals = [await self._arrival(event) for event in events]
            new, left = await self._writer.do(lambda conn: self._accept(conn, arrivals, also))
        except SQLAlchemyError as fault:
            keys = events[0].key if events else "a cursor"
            raise OSError(f"the inbox cannot keep {keys} now") from fault
        finally:
            self.hearing -= 1
        self._belfry.tell(left)
        for event, is_new in zip(events, new, strict=True):
            if is_new and self.keep is not None and isinstance(event, Heard) and event.media:
                self.keep(event)
        return new

    def _as_meant(self, event: Event) -> Event:
        rules = self._rules()
        return with_quoted_words(as_in_roster(event, rules), rules)

    async def _arrival(self, event: Event) -> Arrival:
        return Arrival(
            key=event.key,
            line=event.line,
            partition=partition_of(event.line),
            kind=type(event).__name__.lower(),
            payload=pack(event),
            event_at=event.at,
            danger=await self._is_dangerous(event),
        )

    async def answer(self, key: str, within_s: float) -> Message | None:
        """The passive answer of event ``key``'s Turn, or None after ``within_s``."""
        deadline = asyncio.get_running_loop().time() + within_s
        while asyncio.get_running_loop().time() < deadline:
            try:
                done, words = await self._database.read(
                    lambda conn: inbox.answer_of(self._db_of(conn), key)
                )
            except SQLAlchemyError as fault:
                log.warning("no answer to id=%s now: %s", key, type(fault).__name__)
                return None
            if done:
                return unpack(words) if words else None
            await asyncio.sleep(POLL_S)
        return None

    def _accept(
        self, conn: object, arrivals: list[Arrival], also: Callable[[Db], None] | None
    ) -> tuple[list[bool], set[str]]:
        db = self._db_of(conn)
        new = [inbox.accept(db, arrival, self._now()) for arrival in arrivals]
        if also is not None:
            also(db)
        return new, db.left

    async def _is_dangerous(self, event: Event) -> bool:
        """A quick look, so that danger never waits behind a held event of its conversation."""
        words = words_of(event)
        if not words:
            return False
        text, rules = words[:LONGEST_TEXT], self._rules().reading
        try:
            reading = await asyncio.to_thread(read, text, event.at, None, rules, addressed=True)
        except Exception:  # kept all the same: its Turn stumbles too, and the operator is told
            log.exception("cannot look at id=%s", event.key)
            return False
        return reading.danger is not Danger.NONE
