"""Model of alike.yaml (同一件事): when two messages speak of the same, and how people refer back.

Thresholds, time windows and the words that say nothing of a matter. ``bot.domain.alike`` and
``bot.domain.deciding`` use it; a site without the file gets ``Alike.standard``.
"""

from datetime import timedelta
from functools import cached_property
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from config.shapes import CategoryCode, Duration, Shape

_Word = Annotated[str, Field(min_length=1, max_length=20)]
_Share = Annotated[float, Field(gt=0, le=1)]


class Alike(Shape):
    """alike.yaml: ``attach_at`` joins by itself, ``ask_at`` asks a human, windows say how long."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=False, ignored_types=(cached_property,)
    )

    attach_at: _Share
    ask_at: _Share
    most_shown: int = Field(default=3, ge=1, le=3)
    quick_window: Duration = timedelta(hours=24)
    slow_window: Duration = timedelta(days=7)
    quick_categories: tuple[CategoryCode, ...] = ()
    neighbours: tuple[tuple[CategoryCode, ...], ...] = ()
    by_stairwell: tuple[CategoryCode, ...] = ()
    whole_building: tuple[_Word, ...] = ()
    common_words: tuple[_Word, ...] = ()
    again: tuple[_Word, ...] = ()
    corrected: tuple[_Word, ...] = ()
    added: tuple[_Word, ...] = ()
    thanks: tuple[_Word, ...] = ()
    thanked: tuple[_Word, ...] = ()
    asked_after: tuple[_Word, ...] = ()
    asking: tuple[_Word, ...] = ()
    longest_follow_up: int = Field(default=40, ge=4, le=200)
    again_window: Duration = timedelta(days=7)
    carry_window: Duration = timedelta(seconds=120)

    @model_validator(mode="after")
    def _asks_before_it_attaches(self) -> Self:
        if self.ask_at > self.attach_at:
            raise ValueError("ask_at（问一问）不能比 attach_at（直接并）还高")
        return self

    @classmethod
    def standard(cls) -> Self:
        """What holds for a site without the file: thresholds and windows, no words."""
        return cls(attach_at=0.5, ask_at=0.2)

    def window(self, category: str) -> timedelta:
        """How long a ticket of this category waits for others who tell the same."""
        return self.quick_window if category in self.quick_categories else self.slow_window

    def are_neighbours(self, one: str, other: str) -> bool:
        """True when people give these two names to the same matter."""
        return one == other or any(one in group and other in group for group in self.neighbours)
