"""The books of a run (对账): what the database says against what people saw on their phones.

Read from the database file or server itself, unsealed with the demo's own keys, while the bot may
be running. ``Books.faults`` names everything that does not agree; an empty list is a clean run.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text

from bot.domain.lifecycle import TABLE
from bot.messages import Card, Text, unpack
from bot.wecom.cuts import clean, no_tags, parts_of
from bot.wecom.speech import text_parts
from config.vocabulary import Act, Stage
from storage.database import Database, table_of
from storage.key_file import load_or_create_keys
from storage.repeats import FOCUS
from storage.sealed import Seal
from storage.tables import InboxRow, JournalRow, OutgoingRow, TicketRow
from tests.stories.pages import Line

Row = Any
_FINAL = ("sent", "parked", "dropped")
# These come back to the stage that the ticket had before; the table has no one answer.
_BACK = (Act.RESUME, Act.REPLY)


@dataclass(frozen=True)
class Said:
    """One outgoing row: where, its state, and the words or the card it may show."""

    id: int
    key: str
    chat: str
    state: str
    danger: bool
    texts: tuple[str, ...]
    card: str


@dataclass(frozen=True)
class Books:
    """Everything that the database holds of a run."""

    inbox: list[Row]
    ended: dict[str, Any]
    """When each event was done: on PostgreSQL the number of its transaction, for there may be
    several processes with clocks of their own; on SQLite the one process's time. What retention
    has emptied was written once more by it and is not there."""
    words: dict[str, str]
    tickets: list[Row]
    journal: list[Row]
    outgoing: list[Said]
    integrity: str

    def accepted(self, sentence: str) -> list[str]:
        """Keys of the accepted events whose words hold ``sentence``."""
        return [key for key, said in self.words.items() if sentence in said]

    def tickets_of(self, key: str) -> set[int]:
        """Tickets that the event ``key`` opened; what it gave reason to look into is apart."""
        findings = {row.id for row in self.tickets if row.origin == FOCUS}
        return {
            row.ticket_id
            for row in self.journal
            if row.key.startswith(f"{key}:") and row.from_stage == Stage.NEW
        } - findings

    def unfinished(self) -> list[str]:
        """Events that are not done, or dead, and rows that are neither sent nor parked."""
        events = [f"event {row.key}" for row in self.inbox if row.done_at is None or row.dead]
        return events + [f"row {one.key}" for one in self.outgoing if one.state not in _FINAL]

    def parked(self) -> list[str]:
        """Rows that found no way."""
        return [one.key for one in self.outgoing if one.state == "parked"]

    def out_of_order(self) -> list[str]:
        """Events of one conversation that were done before an older one."""
        last: dict[str, Row] = {}
        wrong = []
        for row in self.inbox:
            before = last.get(row.line)
            if row.key not in self.ended:
                continue
            if before is not None and self.ended[row.key] < self.ended[before.key]:
                wrong.append(f"{row.key} before {before.key}")
            last[row.line] = row
        return wrong

    def wrong_stories(self) -> list[str]:
        """Tickets whose journal, replayed, does not lead to the stage they have."""
        steps = defaultdict(list)
        for row in self.journal:
            steps[row.ticket_id].append(row)
        return [
            f"{ticket.number}: {why}"
            for ticket in self.tickets
            if (why := _replayed(steps[ticket.id], ticket.stage))
        ]

    def doubled(self, shown: list[Line]) -> list[str]:
        """Words and cards that people saw more often than there are rows that say them."""
        wanted: Counter[tuple[str, str]] = Counter()
        for one in self.outgoing:
            wanted.update({(one.chat, words) for words in (*one.texts, one.card) if words})
        seen = Counter(
            (line.chat, line.card["task_id"] if line.card else line.text)
            for line in shown
            if line.is_bot
        )
        return [f"{chat}: {what}" for (chat, what), n in seen.items() if n > wanted[chat, what]]

    def unseen(self, shown: list[Line]) -> list[str]:
        """Rows that count as sent, but nobody saw them."""
        seen = {(line.chat, line.card["task_id"] if line.card else line.text) for line in shown}
        return [
            f"{one.key} in {one.chat}"
            for one in self.outgoing
            if one.state == "sent" and (one.texts or one.card)
            if not any((one.chat, words) in seen for words in (*one.texts, one.card))
        ]

    def faults(self, shown: list[Line]) -> dict[str, list[str]]:
        """Everything that does not agree, by kind; kinds without a fault are left out."""
        found = {
            "unfinished": self.unfinished(),
            "parked": self.parked(),
            "out of order": self.out_of_order(),
            "wrong stories": self.wrong_stories(),
            "doubled": self.doubled(shown),
            "unseen": self.unseen(shown),
            "integrity": [] if self.integrity == "ok" else [self.integrity],
        }
        return {kind: names for kind, names in found.items() if names}


def read_books(data: Path, url: str = "") -> Books:
    """The books of the demo whose data lies in ``data``; ``url``: its PostgreSQL database."""
    database = Database(url or f"sqlite:///{data / 'jingge.db'}")
    seal = load_or_create_keys(data / "keys.json", must_exist=True)
    try:
        return database.read_now(lambda conn: _read(conn, seal))
    finally:
        database.close()


def _read(conn: Connection, seal: Seal) -> Books:
    def rows(row: Any) -> list[Row]:
        table = table_of(row)
        return list(conn.execute(select(table).order_by(table.c.id)))

    arrived = rows(InboxRow)
    kept = [row for row in arrived if row.payload_sealed]  # retention empties old ones
    payloads = {row.key: json.loads(_opened(seal, row, "inbox", "payload")) for row in kept}
    is_sqlite = conn.dialect.name == "sqlite"
    return Books(
        inbox=arrived,
        ended=_ended(conn, kept, is_sqlite),
        words={key: said["text"] for key, said in payloads.items() if said.get("text")},
        tickets=rows(TicketRow),
        journal=rows(JournalRow),
        outgoing=[
            _said(row, _opened(seal, row, "outgoing", "body"))
            for row in rows(OutgoingRow)
            if row.body_sealed
        ],
        integrity=conn.execute(text("PRAGMA integrity_check")).scalar_one() if is_sqlite else "ok",
    )


def _ended(conn: Connection, kept: list[Row], is_sqlite: bool) -> dict[str, Any]:
    done = {row.key: row.done_at for row in kept if row.done_at}
    if is_sqlite:
        return done
    found = conn.execute(text("SELECT key, xmin::text::bigint AS number FROM inbox"))
    return {row.key: row.number for row in found if row.key in done}


def _opened(seal: Seal, row: Row, table: str, column: str) -> str:
    return seal.open(getattr(row, f"{column}_sealed"), f"{table}:{row.key}")


def _said(row: Row, body: str) -> Said:
    parts = json.loads(body)
    chat = parts["chat"]
    message = unpack(parts["message"])
    words = [message] + ([unpack(parts["else"])] if "else" in parts else [])
    return Said(
        id=row.id,
        key=row.key,
        chat=chat,
        state=row.state,
        danger=row.danger,
        texts=tuple(as_seen(chat, one.text) for one in words if isinstance(one, Text)),
        card=message.task_id if isinstance(message, Card) else "",
    )


def as_seen(chat: str, words: str) -> str:
    """The first part of ``words`` as the phone shows it."""
    if chat.startswith("app:"):
        return parts_of(no_tags(clean(words)) or "…", 2048, 3)[0]
    return text_parts(words)[0]


def _replayed(steps: list[Row], stage: str) -> str:
    """What is wrong with these steps; empty when they lead to ``stage``."""
    at = Stage.NEW.value
    for step in steps:
        if step.from_stage != at:
            return f"{step.act} from {step.from_stage}, but it was {at}"
        known = TABLE.get((Stage(at), Act(step.act)))
        if known is not None and step.act not in _BACK and known.to != step.to_stage:
            return f"{step.act} at {at} led to {step.to_stage}, not to {known.to}"
        if known is None and step.to_stage != at:
            return f"{step.act} is no way out of {at}"
        at = step.to_stage
    return "" if at == stage else f"the journal ends at {at}, the ticket stands at {stage}"
