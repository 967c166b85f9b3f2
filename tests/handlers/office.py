"""A station in one process (所里): real database, real handlers, no wire; the test holds the clock.

``says``, ``presses`` and ``hour`` put an event into the inbox and give it its Turn, all in one
transaction, as the worker does. What would be said is read from the outbox.
"""

import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import SQLModel

import handlers
from bot import events
from bot.engine.plug import Plug
from bot.engine.worker import known_ahead, reading_of, take_turn
from bot.events import Clicked, Event, Heard, ReplyHandle, Scheduled
from bot.turn import Turn
from config.rules import Rules
from storage import inbox, tickets
from storage.database import Database, table_of
from storage.sealed import Seal
from storage.session import Db
from storage.tables import InboxRow, OutgoingRow, TicketRow
from storage.tickets import Ticket

MORNING = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)  # Wednesday, 09:30 in Shanghai
SEAL = Seal({"k1": b"k" * 32}, "k1", b"h" * 32)
PLUG = Plug(handlers.handle, handlers.refused, handlers.dead, handlers.unsent, jobs={})
GROUP = "wrGUIHUA01"


@dataclass
class Office:
    """One station; ``now`` moves when the test says so."""

    database: Database
    rules: Rules
    now: datetime = MORNING
    _count: int = 0
    _read: set[int] = field(default_factory=set)

    def says(self, user: str, text: str, chat: str = GROUP, **more: Any) -> list[tuple[str, str]]:
        """What the bot says (chat, words) when ``user`` says ``text``; in a group with @."""
        return self.handle(self.message(user, text, chat, **more))

    def message(self, user: str, text: str, chat: str = GROUP, **more: Any) -> Heard:
        """The event that ``says`` handles."""
        self._count += 1
        chat = chat or f"bot:{user}"
        reply = ReplyHandle(kind="req", token=f"r{self._count}", until=self.now + timedelta(days=1))
        words = text if ":" in chat else f"@小警 {text}"
        return Heard(
            key=f"aibot:m{self._count}",
            at=self.now,
            chat=chat,
            by=user,
            door="socket",
            text=words,
            reply=reply,
            **more,
        )

    def presses(self, user: str, card: dict[str, Any], label: str) -> list[tuple[str, str]]:
        """What the bot says when ``user`` presses that button of ``card``."""
        self._count += 1
        key = next(b["key"] for b in card["buttons"] if b["text"] == label)
        until = self.now + timedelta(hours=72)
        event = Clicked(
            key=f"app:c{self._count}",
            at=self.now,
            chat=f"app:{user}",
            by=user,
            door="app",
            task_id=card["task_id"],
            button=key,
            reply=ReplyHandle(kind="code", token=f"code{self._count}", until=until),
        )
        return self.handle(event)

    def hour(self, job: str) -> list[tuple[str, str]]:
        """What the bot says when the cron hour of ``job`` has come."""
        return self.handle(self.cron(job))

    def cron(self, job: str) -> Scheduled:
        """The event that ``hour`` handles."""
        return Scheduled(key=f"cron:{job}:{self.now:%Y%m%d%H%M}", at=self.now, job=job)

    def reads_ahead(self, event: Event) -> Any:
        """What the worker reads before the Turn of ``event``; None where it reads nothing."""
        return handlers.ahead(event, self.rules)

    def read_ahead(self, event: Event) -> dict[Hashable, object]:
        """What it has found there."""
        read = self.reads_ahead(event)
        found: dict[Hashable, object] = self.looks(
            lambda db: known_ahead(read, Turn(db, self.rules, event, self.now))
        )
        return found

    def handle(
        self, event: Event, known: dict[Hashable, object] | None = None
    ) -> list[tuple[str, str]]:
        """Accept and handle one event; what is to be said of it, cards as their titles."""
        reading = reading_of(event, self.rules)
        with self.database.writer_engine.begin() as conn:
            db = Db(conn, SEAL)
            arrival = inbox.Arrival(
                key=event.key,
                line=event.line,
                partition=0,
                kind=type(event).__name__.lower(),
                payload=events.pack(event),
                event_at=event.at,
            )
            inbox.accept(db, arrival, self.now)
            turn = take_turn(PLUG, db, self.rules, event, self.now, reading, known)
            row = conn.execute(
                select(table_of(InboxRow).c.id).where(table_of(InboxRow).c.key == event.key)
            ).scalar_one()
            inbox.done(db, row, self.now, turn.passive, event.key)
        return [(chat, _words(said)) for chat, said in self.said()]

    def said(self) -> list[tuple[str, dict[str, Any]]]:
        """(chat, message) of everything new in the outbox."""
        with self.database.writer_engine.begin() as conn:
            c = table_of(OutgoingRow).c
            rows = conn.execute(select(c.id, c.key, c.body_sealed).order_by(c.id)).all()
            fresh = [row for row in rows if row.id not in self._read]
            self._read |= {row.id for row in fresh}
            conn.execute(update(OutgoingRow).values(state="sent"))
        bodies = [json.loads(SEAL.open(r.body_sealed, f"outgoing:{r.key}")) for r in fresh]
        messages = [json.loads(body["message"]) for body in bodies]
        self.last_cards = [m.get("card", m) for m in messages if m["_"] in ("card", "update")]
        self.last_errands = [m for m in messages if m["_"] == "errand"]
        return [(body["chat"], json.loads(body["message"])) for body in bodies]

    def tickets(self) -> list[Ticket]:
        """All tickets, oldest first."""
        with self.database.writer_engine.begin() as conn:
            ids = conn.execute(select(table_of(TicketRow).c.id).order_by(table_of(TicketRow).c.id))
            return [tickets.get(Db(conn, SEAL), row.id) for row in ids.all()]

    def count(self, row: type[SQLModel]) -> int:
        """How many rows that table has."""
        with self.database.writer_engine.begin() as conn:
            return int(conn.execute(select(func.count()).select_from(table_of(row))).scalar_one())

    def looks(self, fn: Any) -> Any:
        """What ``fn`` finds in the database."""
        with self.database.writer_engine.begin() as conn:
            return fn(Db(conn, SEAL))


def _words(message: dict[str, Any]) -> str:
    if message["_"] == "update":
        return f"card: {message['card']['title']} {message['replace_text']}".strip()
    if message["_"] == "errand":
        return f"errand: {message['what']}"
    return f"card: {message['title']}" if message["_"] == "card" else str(message.get("text", ""))
