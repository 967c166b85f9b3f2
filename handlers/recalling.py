"""Somebody took a message back (撤回): its words are hidden, the matter itself stays.

The ticket shows 已撤回 where the words stood, and its owner is told; nothing is closed, least of
all danger: what was seen may be true all the same. The sealed original stays with the ticket.
"""

from bot.domain.reading import read
from bot.door_events import Recalled
from bot.events import Heard, unpack
from bot.turn import Turn
from config.vocabulary import Act
from handlers import cards, loop, merging
from handlers.report import words_of
from storage import people, recalls, said, tickets
from storage.tickets import Ticket

_KEPT_WORDS = 500
_ADDED_WORDS = 200
_LONGEST = 10_000


def recalled(turn: Turn, event: Recalled) -> None:
    """Hide the words of the message that ``event`` takes back, wherever a ticket shows them."""
    if not recalls.note(turn.db, event.of, turn.now):
        return
    heard = people.heard_as(turn.db, event.of)
    if heard is None:
        return
    words = _masked(turn, event.of, heard.masked)
    recalls.hush(turn.db, event.of)
    for ticket in _tickets(turn, heard.ticket_id, event.of):
        _hide(turn, ticket, words)


def _masked(turn: Turn, key: str, kept: str) -> str:
    """All masked words of the message; long ones are read once more, for only 500 were kept."""
    if len(kept) < _KEPT_WORDS:
        return kept
    packed = said.original(turn.db, key)
    event = unpack(packed) if packed else None
    if not isinstance(event, Heard):
        return kept
    text = words_of(turn, event)[:_LONGEST]
    return read(text, event.at, None, turn.rules.reading, addressed=False).masked


def _tickets(turn: Turn, tied: int, key: str) -> list[Ticket]:
    """Every ticket that has these words: the ones it opened, and where they were merged to."""
    found: dict[int, Ticket] = {}
    for ticket_id in sorted({tied, *recalls.tickets_of(turn.db, key)} - {0}):
        ticket = tickets.get(turn.db, ticket_id)
        for one in (ticket, merging.goes_on_in(turn, ticket)):
            found[one.id] = one
    return list(found.values())


def _hide(turn: Turn, ticket: Ticket, words: str) -> None:
    mark = turn.text("recalled_mark")
    masked = without(ticket.masked, words, mark)
    saved = loop.change(turn, ticket, Act.NOTE, by="reporter", reason=mark, masked=masked)
    if not saved.is_open:
        return
    cards.refresh(turn, saved)
    if saved.owner:
        urgent = loop.is_danger(saved)
        text = turn.text("recalled_staff", number=saved.number)
        turn.tell(saved.owner, text, danger=urgent, ticket=saved.id)


def without(text: str, words: str, mark: str) -> str:
    """``text`` with ``mark`` wherever ``words`` stood, also where only their beginning was kept."""
    for piece in (words, words[:_ADDED_WORDS]):
        if piece.strip() and piece in text:
            return text.replace(piece, mark)
    return text
