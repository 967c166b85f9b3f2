"""The values of a decision (决定用的值): what was there before a message, and what it leads to.

``bot.domain.deciding`` decides with them; handlers gather a ``Context`` and carry out a
``Decision``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from config.alike_rules import Alike
from config.vocabulary import Danger

# Categories that say nothing of what a matter is.
LOOSE = frozenset({"N15", None})


class Move(StrEnum):
    """What to do with a message."""

    OPEN = "open"  # a new ticket
    AGAIN = "again"  # a new ticket for what a closed one of hers was about
    JOIN = "join"  # the same sender goes on about the ticket of a moment ago
    VOICE = "voice"  # somebody else tells the same
    RAISE = "raise"  # an open ticket becomes a danger
    UPDATE = "update"  # news of an open ticket
    STATUS = "status"  # how far is it?
    ANSWER = "answer"  # a question
    PRAISE = "praise"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Known:
    """An open ticket that could be meant; ``likeness`` of its words to the message, 0 to 1.

    ``unit``: the stairwell (单元) that it names.
    """

    id: int
    category: str
    danger: Danger
    danger_class: str
    opened_at: datetime
    place_key: str
    is_own: bool
    protected: bool = False
    is_told: bool = False
    likeness: float = 0.0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What was there before this message; ``closed`` are her own matters that ended lately.

    ``is_answered``: the site's own answers surely fit it; ``is_overheard``: nobody spoke to us.
    """

    now: datetime
    window: timedelta
    known: Sequence[Known]
    has_media: bool
    place_key: str
    closed: Sequence[Known] = ()
    alike: Alike = field(default_factory=Alike.standard)
    is_answered: bool = False
    is_overheard: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The move, and the ticket it is about (0 for a new one).

    ``alike``: open tickets that a new one may belong to, likest first; a human looks.
    """

    move: Move
    ticket: int = 0
    alike: tuple[int, ...] = ()
