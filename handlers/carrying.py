"""What she sent just before (先发的图片和地点): a new ticket takes it along.

People send the photo first, or the building, and then say what is wrong. Words and pictures of
the last two minutes that led to nothing are looked at again when a report follows. Used by
``handlers.intake``.
"""

from dataclasses import dataclass, field

from bot.domain.reading import Place, read
from bot.events import Heard, unpack
from bot.turn import Turn
from config.vocabulary import Act
from handlers import opening, supplements
from storage import said
from storage.tickets import Ticket

_LONGEST_PLACE = 20


@dataclass(frozen=True, slots=True)
class Brought:
    """Messages that belong to the new ticket, and the place they name (empty for none)."""

    messages: tuple[Heard, ...] = ()
    place: Place = field(default_factory=Place)


def brought(turn: Turn, event: Heard, grid: str) -> Brought:
    """Pictures and a bare place that this sender sent here in the last two minutes."""
    since = turn.now - turn.rules.alike.carry_window
    keys = said.unbound(turn.db, turn.person_key(event.by), event.line, since)
    messages, place = [], Place()
    for key in keys:
        packed = said.original(turn.db, key)
        before = unpack(packed) if packed else None
        if not isinstance(before, Heard):
            continue
        named = _place(turn, before, grid)
        if before.media or named != Place():
            messages.append(before)
            place = named if named != Place() else place
    return Brought(tuple(messages), place)


def _place(turn: Turn, event: Heard, grid: str) -> Place:
    words = event.text.strip()
    if not words or len(words) > _LONGEST_PLACE:
        return Place()
    view = opening.grid_view(turn.rules.grid(grid))
    return read(words, event.at, view, turn.rules.reading).place


def keep(turn: Turn, ticket: Ticket, found: Brought, by: str) -> None:
    """Write on the new ticket what was brought along."""
    for message in found.messages:
        said.bind(turn.db, message.key, ticket.id)
        words = supplements.kept_words(message)
        if words:
            turn.note(ticket, Act.SUPPLEMENT, by=by, reason=words)
