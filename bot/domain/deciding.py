"""What a message leads to, given what went before (决定): new ticket, more of an old one, or talk.

``read`` knows only the words; ``decide`` adds the sender's last minutes, her open tickets and what
is open at the same place. Pure; the handler gathers the context and carries the decision out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.reading import Place, Reading
from config.vocabulary import Danger, Kind

SAME_DANGER = timedelta(minutes=10)
SAME_PLACE = timedelta(hours=24)
SHORT = 12
CRY = 4
_URGING = ("快", "急", "救", "来人", "有人吗", "在吗", "怎么还")
_LOOSE = frozenset({"N15", None})


class Move(StrEnum):
    """What to do with a message."""

    OPEN = "open"  # a new ticket
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
    """An open ticket that could be meant."""

    id: int
    category: str
    danger: Danger
    danger_class: str
    opened_at: datetime
    place_key: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What was there before this message."""

    now: datetime
    window: timedelta
    known: Sequence[Known]
    has_media: bool
    place_key: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The move, and the ticket it is about (0 for a new one)."""

    move: Move
    ticket: int = 0


def decide(reading: Reading, context: Context) -> Decision:
    """What ``reading`` leads to in ``context``."""
    own = [k for k in context.known if k.is_own]
    recent = next((k for k in own if context.now - k.opened_at <= context.window), None)
    if reading.danger is not Danger.NONE:
        return _danger(reading, context, recent)
    if reading.is_praise and reading.category in _LOOSE:
        return Decision(Move.PRAISE, own[0].id if own else 0)
    if reading.kind is Kind.REPORT:
        return _report(reading, context, recent)
    if reading.is_over and own:
        return Decision(Move.UPDATE, own[0].id)
    if reading.is_status_question and own:
        return Decision(Move.STATUS, own[0].id)
    if recent and _goes_on(reading, context, recent):
        return Decision(Move.JOIN, recent.id)
    return _talk(reading, own)


def _talk(reading: Reading, own: list[Known]) -> Decision:
    if reading.kind is Kind.UPDATE and own:
        return Decision(Move.UPDATE, own[0].id)
    if reading.kind is Kind.QUESTION:
        return Decision(Move.ANSWER)
    return Decision(Move.CHAT)


def _danger(reading: Reading, context: Context, recent: Known | None) -> Decision:
    """One incident and group is one ticket for ten minutes; a fresh ticket of hers is raised."""
    same = next(
        (
            k
            for k in context.known
            if k.danger is not Danger.NONE
            and k.danger_class == (reading.danger_class or "")
            and context.now - k.opened_at <= SAME_DANGER
            and _fits(k.place_key, context.place_key)
        ),
        None,
    )
    if same:
        raised = same.danger is Danger.SUSPECTED and reading.danger is Danger.CONFIRMED
        return Decision(Move.RAISE if raised else Move.JOIN if same.is_own else Move.VOICE, same.id)
    if recent is None or not _fits(recent.place_key, context.place_key):
        return Decision(Move.OPEN)
    graver = reading.danger is Danger.CONFIRMED and recent.danger_class != reading.danger_class
    raised = graver or recent.danger is Danger.NONE
    return Decision(Move.RAISE if raised else Move.JOIN, recent.id)


def _report(reading: Reading, context: Context, recent: Known | None) -> Decision:
    if (
        recent
        and reading.category in (*_LOOSE, recent.category)
        and _fits(recent.place_key, context.place_key)
    ):
        return Decision(Move.JOIN, recent.id)
    same = next(
        (
            k
            for k in context.known
            if k.category == reading.category
            and k.place_key
            and k.place_key == context.place_key
            and context.now - k.opened_at <= SAME_PLACE
        ),
        None,
    )
    if same:
        return Decision(Move.JOIN if same.is_own else Move.VOICE, same.id)
    return Decision(Move.OPEN)


def _goes_on(reading: Reading, context: Context, recent: Known) -> bool:
    """Photos, places, cries and words of the same matter belong to what she just said."""
    if context.has_media or _says_place(reading.place):
        return True
    if reading.kind is Kind.UPDATE or _of_one_kind(reading, recent.category):
        return True
    words = reading.text_stripped.strip()
    return len(words) <= CRY or (len(words) <= SHORT and any(w in words for w in _URGING))


def _says_place(place: Place) -> bool:
    return bool(place.building or place.landmark or place.road or place.unit or place.room)


_QUARREL = frozenset({"P03", "P04", "P10", "P11", "P12"})


def _of_one_kind(reading: Reading, category: str) -> bool:
    """True when the words could be about this category; quarrels go by several names."""
    meant = {candidate.code for candidate in reading.candidates}
    return category in meant or (category in _QUARREL and bool(meant & _QUARREL))


def _fits(one: str, other: str) -> bool:
    """Two places can be the same when one is not said."""
    return not one or not other or one == other


def place_key(grid: str, place: Place) -> str:
    """Grid, building and landmark as one word; empty when no spot was named."""
    spot = place.building or place.landmark or (place.road + place.road_no if place.road else "")
    return f"{grid}|{spot}" if spot else ""


_NO_PLACE_NEEDED = frozenset(
    {"P02", "P08", "P12", "P13", "P16", "P17", "P22", "P23", "N10", "N11", "N12", "N15", "N16"}
)


def lacks_place(category: str, place: Place, known_spot: bool) -> bool:
    """True when somebody who knows the estate could not walk there."""
    if category in _NO_PLACE_NEEDED or known_spot:
        return False
    return not _says_place(place)
