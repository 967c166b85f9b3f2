"""What one line led to (重放的结果), read back from the database right after its Turn.

The journal says what was done to which ticket, ``heard`` says what was decided, the outbox what
was said to whom. Sending is off: everything counts as delivered at once. Called by
``commands.replay``.
"""

import json
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from bot.domain.deciding import Move
from bot.domain.reading import Reading
from bot.events import Heard
from bot.messages import Card, Text, unpack
from bot.turn import Turn
from config.vocabulary import Act, Danger
from storage import tickets
from storage.database import table_of
from storage.people_tables import HeardRow
from storage.session import Db
from storage.tables import JournalRow, OutgoingRow, TicketRow

_OUT = table_of(OutgoingRow).c
_SAID = (
    select(_OUT.key, _OUT.body_sealed)
    .where(_OUT.key >= bindparam("first"), _OUT.key < bindparam("last"))
    .order_by(_OUT.id)
)
_SENT = update(OutgoingRow).where(_OUT.state == "pending").values(state="sent", why="replay")
_HEARD = table_of(HeardRow).c
_MOVE = select(_HEARD.kind, _HEARD.ticket_id).where(_HEARD.event_key == bindparam("key"))
_JOURNAL = table_of(JournalRow).c
_TICKETS = table_of(TicketRow).c
_STEPS = (
    select(_JOURNAL.act, _TICKETS.number, _TICKETS.category, _TICKETS.danger)
    .join_from(table_of(JournalRow), table_of(TicketRow), _TICKETS.id == _JOURNAL.ticket_id)
    .where(_JOURNAL.key >= bindparam("first"), _JOURNAL.key < bindparam("last"))
    .order_by(_JOURNAL.id)
)
_DECIDED = {
    Move.OPEN: "决定：新开工单",
    Move.JOIN: "决定：同一个人接着说，并入原来的工单",
    Move.VOICE: "决定：别人说过同一件事，并入那张工单",
    Move.RAISE: "决定：把已有的工单升为险情",
    Move.UPDATE: "决定：已有工单的新情况",
    Move.STATUS: "决定：问进度",
    Move.ANSWER: "决定：咨询，不开工单",
    Move.PRAISE: "决定：致谢，不开工单",
    Move.CHAT: "决定：闲聊，不开工单",
}
_BY_MOVE = {
    Move.JOIN: "attached",
    Move.VOICE: "attached",
    Move.RAISE: "attached",
    Move.UPDATE: "updated",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One journal row of the line, with its ticket as it stands after the Turn."""

    act: Act
    number: str
    category: str
    danger: Danger


@dataclass(frozen=True, slots=True)
class Outcome:
    """One output line, without its id."""

    action: str
    tickets: tuple[str, ...]
    category: str | None
    danger: bool
    said: tuple[tuple[str, str], ...]
    why: str

    def to_json(self, id: object) -> dict[str, object]:
        """The line as it is printed."""
        return {
            "id": id,
            "action": self.action,
            "tickets": list(self.tickets),
            "category": self.category,
            "danger": self.danger,
            "said": [{"to": to, "text": text} for to, text in self.said],
            "why": self.why,
        }


def outcome(turn: Turn, event: Heard, reading: Reading) -> Outcome:
    """What the Turn of ``event`` did; marks everything it said as delivered."""
    steps = _steps(turn.db, event.key)
    move, ticket_id = _decided(turn, event) or (None, 0)
    action = _action(move, {step.act for step in steps}, answered=turn.answered)
    numbers = list(dict.fromkeys(step.number for step in steps))
    if ticket_id and not numbers:
        numbers = [tickets.get(turn.db, ticket_id).number]
    first = steps[0] if steps else None
    opened = first if action == "opened" else None
    category = opened.category if opened else reading.category or (first and first.category)
    danger = reading.danger is not Danger.NONE
    said = _said(turn.db, event.key)
    if said:
        delivered(turn.db)
    return Outcome(
        action=action,
        tickets=() if action == "none" else tuple(numbers),
        category=category or None,
        danger=danger or bool(opened and opened.danger is not Danger.NONE),
        said=said,
        why="；".join((*reading.why, _in_words(move, steps))),
    )


def delivered(db: Db) -> None:
    """Mark everything that waits as sent: to the handlers it has arrived, nothing rings on."""
    db.conn.execute(_SENT)


def _said(db: Db, key: str) -> tuple[tuple[str, str], ...]:
    """(chat, words) of all that the Turn of this event said, in its order."""
    rows = db.conn.execute(_SAID, {"first": f"{key}:", "last": f"{key};"})
    bodies = [json.loads(db.seal.open(r.body_sealed, f"outgoing:{r.key}")) for r in rows]
    said = ((body["chat"], _words(body["message"])) for body in bodies)
    return tuple((chat, words) for chat, words in said if words)


def _words(packed: str) -> str:
    """What people read of a message; a card's replacement says nothing new."""
    match unpack(packed):
        case Text(text=text):
            return text
        case Card() as card:
            return "\n".join(part for part in (card.title, card.desc, card.text) if part)
        case _:
            return ""


def _steps(db: Db, key: str) -> list[Step]:
    rows = db.conn.execute(_STEPS, {"first": f"{key}:", "last": f"{key};"})
    return [Step(Act(r.act), r.number, r.category, Danger(r.danger)) for r in rows]


def _decided(turn: Turn, event: Heard) -> tuple[Move, int] | None:
    """The move and its ticket id (0 for none); None for commands and awaited answers."""
    row = turn.db.conn.execute(_MOVE, {"key": event.key}).first()
    return (Move(row.kind), row.ticket_id) if row else None


def _action(move: Move | None, acts: set[Act], *, answered: bool) -> str:
    if Act.OPEN in acts:
        return "opened"
    if move in _BY_MOVE:
        return _BY_MOVE[move]
    if Act.ASK in acts:
        return "asked"
    if move is None and Act.SUPPLEMENT in acts:
        return "attached"
    if move is None and acts - {Act.REFUSE}:
        return "updated"
    return "answered" if answered else "none"


def _in_words(move: Move | None, steps: list[Step]) -> str:
    if move is not None:
        return _DECIDED[move]
    acts = "、".join(dict.fromkeys(step.act.label for step in steps))
    return f"按口令或回话办：{acts}" if acts else "按口令或回话答复"
