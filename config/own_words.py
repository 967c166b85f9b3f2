"""The site's own words (own_words.yaml): what ``tune`` proposed and a clerk accepted, line by line.

They are merged into the categories at load. In their own category they take the place of the same
word at any other weight, so that a word can also be weakened; in another category the same word
of equal or lower weight gives way: the site's own words win every tie. Called by ``config.load``.
"""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.reading_rules import Category, OwnWord, ReadingRules
from config.shapes import Shape

_PLAIN = re.compile(r"[+!…<>]")


class Level(StrEnum):
    """How much a word says; the names are those of the lists in categories.yaml."""

    STRONG = "强"
    WORD = "词"
    WEAK = "弱"
    TOPIC = "话题"

    @property
    def field(self) -> str:
        """The list of a category that holds words of this weight."""
        return _FIELDS[self]

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return list(Level).index(self)

    @property
    def weaker(self) -> "Level | None":
        """The next lower weight; None for the lowest."""
        following = list(Level)[self.rank + 1 :]
        return following[0] if following else None


_FIELDS = {
    Level.STRONG: "strong",
    Level.WORD: "words",
    Level.WEAK: "weak",
    Level.TOPIC: "topics",
}


class OwnWords(Shape):
    """own_words.yaml."""

    words: Annotated[tuple[OwnWord, ...], Field(max_length=5000)] = ()


def merged(reading: ReadingRules, own: OwnWords) -> ReadingRules:
    """``reading`` with the site's own words in its categories; the words stay in ``own_words``."""
    if not own.words:
        return reading
    categories = tuple(_with_own(category, own.words) for category in reading.categories)
    return reading.model_copy(update={"categories": categories, "own_words": own.words})


def levels_of(category: Category, word: str) -> list[Level]:
    """At which weights ``word`` stands by itself in a category, strongest first."""
    return [level for level in Level if word in plain_words(getattr(category, level.field))]


def plain_words(lines: tuple[str, ...]) -> list[str]:
    """The words of lines that need nothing beside them, in order."""
    return [word for line in lines if not _PLAIN.search(line) for word in _parts(line)]


def _with_own(category: Category, words: tuple[OwnWord, ...]) -> Category:
    lists = {level: getattr(category, level.field) for level in Level}
    for own in words:
        weight = Level(own.weight)
        for level in Level:
            gives_way = own.category == category.code or level.rank >= weight.rank
            if gives_way:
                lists[level] = _without(lists[level], own.word)
    for own in words:
        if own.category == category.code:
            level = Level(own.weight)
            lists[level] = (own.word, *lists[level])
    changed = {level.field: lines for level, lines in lists.items()}
    return category.model_copy(update=changed)


def _without(lines: tuple[str, ...], word: str) -> tuple[str, ...]:
    """The lines without ``word`` where it stands by itself; an emptied line goes."""
    if not any(word in line for line in lines):
        return lines
    kept = (_line_without(line, word) for line in lines)
    return tuple(line for line in kept if line)


def _line_without(line: str, word: str) -> str:
    if _PLAIN.search(line) or word not in _parts(line):
        return line
    return "|".join(part for part in _parts(line) if part != word)


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split("|")]
