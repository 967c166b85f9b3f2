"""A small house around the real engine: a desk that follows a script, lanes that only listen.

Database, writer, leases, worker, senders and clock are the real ones; only behaviour and WeCom are
the test's own. What a Turn of the desk did is read back from the database (``done``), so that
something done twice, or done and rolled back, shows.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, select

from bot.engine.app import Engine, Quiet
from bot.engine.clock import Clock
from bot.engine.part import Part
from bot.engine.plug import Plug
from bot.events import Event, Heard, ReplyHandle
from bot.messages import Outgoing, Receipt, Text
from bot.turn import Turn
from config.faults import Refused
from config.rules import Rules
from config.vocabulary import Act
from storage import journal
from storage.database import Database, table_of
from storage.sealed import Seal
from storage.tables import InboxRow, JournalRow, LeaseRow, OutgoingRow
from tests.servers.polling import until

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)  # Wednesday, 09:30 in Shanghai
GROUP = "wrGUIHUA01"
OTHER_GROUP = "wrHUAIAN01"
SEAL = Seal({"k1": b"k" * 32}, "k1", b"h" * 32)
Script = Callable[[Turn, Event], object]


def heard(key: str, text: str = "你好", chat: str = GROUP, **more: object) -> Heard:
    """Somebody says ``text`` in ``chat``."""
    plain: dict[str, object] = {"key": key, "at": NOW, "chat": chat, "by": "wang", "door": "socket"}
    return Heard(text=text, **{**plain, **more})  # type: ignore[arg-type]  # a table of values


def handle_of(kind: str, until_: datetime) -> ReplyHandle:
    """A right to answer, good until ``until_``."""
    return ReplyHandle(kind=kind, token="t-1", until=until_)


def note(turn: Turn, words: str) -> None:
    """One journal row that no key keeps from standing there twice."""
    entry = journal.Entry(key=uuid.uuid4().hex, ticket_id=1, at=turn.now, actor=words, act=Act.NOTE)
    journal.add(turn.db, entry)


@dataclass
class Desk:
    """What is plugged in: ``scripts`` says by event key what to do before the note is written."""

    scripts: dict[str, Script] = field(default_factory=dict)
    tries: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    unsent: list[tuple[str, str]] = field(default_factory=list)
    ahead: dict[str, Callable[[Turn], object]] = field(default_factory=dict)
    always: Script | None = None
    on_dead: Script | None = None
    on_unsent: Callable[[], None] | None = None

    def plug(self, jobs: Mapping[str, str]) -> Plug:
        """The things the engine asks for."""
        return Plug(self.handle, self.refused, self.bury, self.give_up, jobs, self.reads)

    def reads(self, event: Event, _rules: Rules) -> Callable[[Turn], object] | None:
        """What is read before the Turn of this event."""
        return self.ahead.get(event.key)

    def handle(self, turn: Turn, event: Event) -> None:
        """Follow the script of this event, then note it."""
        self.tries.append(event.key)
        note(turn, event.key)
        script = self.scripts.get(event.key, self.always)
        if script is not None:
            script(turn, event)

    def refused(self, turn: Turn, event: Event, why: Refused) -> None:
        """Note why not."""
        note(turn, f"{event.key} refused {why.text_key}")

    def bury(self, turn: Turn, event: Event) -> None:
        """Note the death."""
        note(turn, f"{event.key} dead")
        self.dead.append(event.key)
        if self.on_dead is not None:
            self.on_dead(turn, event)

    def give_up(self, turn: Turn, chat: str, ticket: int, words: str) -> None:
        """Note what found no way."""
        note(turn, f"unsent {chat}")
        self.unsent.append((chat, words))
        if self.on_unsent is not None:
            self.on_unsent()


@dataclass
class Ear:
    """A lane that keeps what it is given; ``faults`` are raised first, by words or for all."""

    name: str
    clock: Clock
    faults: list[Exception] = field(default_factory=list)
    of_words: dict[str, list[Exception]] = field(default_factory=dict)
    tried: list[Outgoing] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def send(self, out: Outgoing) -> Receipt:
        """The receipt, or the fault that is next."""
        self.tried.append(out)
        faults = self.of_words.get(words_of(out)) or self.faults
        if faults:
            raise faults.pop(0)
        if self.gate is not None:
            await self.gate.wait()
        self.sent.append(out)
        return Receipt(at=self.clock.now(), msgid=f"m{len(self.sent)}", code="c-1")

    @property
    def words(self) -> list[str]:
        """What was said, in order."""
        return [words_of(out) for out in self.sent]


def words_of(out: Outgoing) -> str:
    """The sentence of a text; the title of anything else."""
    return out.message.text if isinstance(out.message, Text) else "card"


class House:
    """One engine with its desk and lanes; ``open`` starts it, ``close`` stops it."""

    def __init__(
        self,
        address: str,
        rules: Rules,
        lanes: tuple[str, ...],
        desk: Desk | None = None,
        jobs: Mapping[str, str] | None = None,
        start: datetime = NOW,
    ) -> None:
        self.desk = desk or Desk()
        self.clock = Clock(start)
        self.database = Database(address)
        self.lanes = {name: Ear(name, self.clock) for name in lanes}
        plug = self.desk.plug(jobs or {})
        self.engine = Engine(self.database, SEAL, self.clock, rules, plug)
        self._is_open = False

    @property
    def socket(self) -> Ear:
        """The lane of the websocket robot."""
        return self.lanes["socket"]

    @property
    def app(self) -> Ear:
        """The lane of the app."""
        return self.lanes["app"]

    async def open(self, part: Part | None = None) -> None:
        """Start everything, or this part of it."""
        await self.engine.start(list(self.lanes.values()), part=part)
        self._is_open = True

    async def close(self) -> None:
        """Stop everything; twice is harmless."""
        if self._is_open:
            self._is_open = False
            await self.engine.stop()
        self.database.close()

    async def hear(self, event: Event) -> bool:
        """Hand an event in as a door does."""
        return await self.engine.listener.hear(event)

    async def quiet(self) -> Quiet:
        """The engine's word once it says that nothing is under way."""

        async def look() -> Quiet | None:
            assert self.engine.failed() is None, self.engine.failed()
            found = await self.engine.quiet()
            return found if found.quiet else None

        return await until(look, "the engine is quiet")

    async def has(self, what: Callable[[], object], why: str) -> None:
        """Wait until ``what()`` holds."""

        async def look() -> bool:
            assert self.engine.failed() is None, self.engine.failed()
            return bool(what())

        await until(look, why)

    def done(self) -> list[str]:
        """What committed Turns noted, in the order in which they were written."""
        table = table_of(JournalRow).c
        return [row.actor for row in self._rows(select(table.actor).order_by(table.id))]

    def inbox(self, key: str) -> tuple[bool, bool, int]:
        """Whether that event is done, whether it is dead, and how often it failed."""
        table = table_of(InboxRow).c
        columns = select(table.done_at, table.dead, table.tries).where(table.key == key)
        row = self._rows(columns)[0]
        return row.done_at is not None, row.dead, row.tries

    def outgoing(self) -> list[tuple[str, str]]:
        """State and reason of every outgoing row."""
        table = table_of(OutgoingRow).c
        columns = select(table.state, table.why).order_by(table.id)
        return [(row.state, row.why) for row in self._rows(columns)]

    def leases(self) -> dict[str, float]:
        """Until when each lease is held."""
        table = table_of(LeaseRow).c
        return {row.name: row.until for row in self._rows(select(table.name, table.until))}

    def _rows(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        return self.database.read_now(lambda conn: conn.execute(statement).all())
