"""Model of faq.yaml (常见问题): what residents ask again and again, and the station's answers.

A clerk writes an entry as groups of words that a question must name, the answer, and until when
it holds. ``bot.domain.faq`` matches a question against them; ``config.faq_check`` warns of entries
that are out of date, alike or too general. A site without the file has no answers of its own.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from config.shapes import CategoryCode, Code, Shape
from config.text_keys import STATION_WORDS as _STATION
from config.text_rules import Texts, stray_brace, words_of

LONGEST_ANSWER = 120
STATION_WORDS = (*_STATION, "posts")
_Word = Annotated[str, BeforeValidator(str), Field(min_length=1, max_length=20)]
_Group = Annotated[tuple[_Word, ...], Field(min_length=1)]
_Link = Annotated[str, Field(pattern=r"^https://[^\s<>\"]+$", max_length=200)]


class FaqEntry(Shape):
    """One question with its answer; every group of ``ask`` names what must be spoken of."""

    id: Code
    ask: tuple[_Group, ...] = Field(min_length=1)
    answer: str = Field(min_length=1, max_length=LONGEST_ANSWER)
    link: _Link | None = None
    valid_until: date | None = None
    categories: tuple[CategoryCode, ...] = ()

    @model_validator(mode="after")
    def _only_station_words(self) -> "FaqEntry":
        """Refuse braces that name nothing the program can fill in."""
        wrong = [word for word in words_of(self.answer) if word not in STATION_WORDS]
        if wrong or stray_brace(self.answer):
            known = "、".join(f"{{{word}}}" for word in STATION_WORDS)
            raise ValueError(f"答案里的花括号只能写 {known}")
        return self

    @property
    def title(self) -> str:
        """What staff read it as: the first word of each group."""
        return "·".join(group[0] for group in self.ask)

    def said(self, station_words: Mapping[str, str]) -> str:
        """The answer as people hear it, the link on a line of its own."""
        words = Texts({self.id: self.answer}).fill(self.id, station_words)
        return f"{words}\n{self.link}" if self.link else words

    def holds_on(self, day: date) -> bool:
        """True until the day it is valid for is over."""
        return self.valid_until is None or self.valid_until >= day


class Faq(Shape):
    """faq.yaml: the entries, and how sure a match must be before the robot answers by itself."""

    sure_at: float = Field(default=0.6, gt=0, le=1)
    least_margin: float = Field(default=0.1, ge=0, le=1)
    filler: tuple[_Word, ...] = ()
    asking: tuple[_Word, ...] = ()
    entries: tuple[FaqEntry, ...] = ()

    def held(self, day: date) -> tuple[FaqEntry, ...]:
        """The entries that hold on ``day``."""
        return tuple(entry for entry in self.entries if entry.holds_on(day))
