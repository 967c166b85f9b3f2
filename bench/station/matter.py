"""One made-up matter (一件编的事) as its rows need it: kind, place, people, words, life."""

from dataclasses import dataclass

from bench.station.lives import Life
from bench.station.words import Said
from config.people_rules import Grid, Person
from config.vocabulary import Danger, Urgency


@dataclass(frozen=True, slots=True)
class Kind:
    """A category that matters may have, and how often."""

    code: str
    handled_by: str
    is_protected: bool
    urgency: Urgency
    weight: int


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter as its rows need it."""

    id: int
    number: str
    kind: Kind
    grid: Grid | None
    owner: Person
    department: str
    chat: str
    carrier: str
    reporter_key: str
    danger: Danger
    is_anonymous: bool
    words: Said
    life: Life

    @property
    def category(self) -> str:
        """Its code."""
        return self.kind.code

    @property
    def masked(self) -> str:
        """What was said, masked."""
        return self.words.masked
