"""The words of the time grammar (时间词), compiled once per version of the rules.

All tables (days, parts of the day, fuzzy words, feasts, recurring) are looked up in one pass: the
first characters are one character class, so a text without any of them costs next to nothing.
``WordFinder`` finds other word lists the same way. Called by ``bot.domain.times`` and
``bot.domain.places``.
"""

import re
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from config.reading_rules import TimeWords

Span = tuple[int, int]
Said = tuple[str, Span]
_KEPT = 4
_lock = threading.Lock()
_known: dict[int, "TimeTables"] = {}


class WordFinder:
    """Finds every occurrence of its words, overlaps included, the longest at each place."""

    def __init__(self, words: Collection[str]) -> None:
        by_first: dict[str, list[str]] = {}
        for word in sorted({w for w in words if w}, key=len, reverse=True):
            by_first.setdefault(word[0], []).append(re.escape(word))
        self._mark = _marks(by_first, {w for w in words if w}) if by_first else None
        self._at = {char: re.compile("|".join(words)) for char, words in by_first.items()}

    def __call__(self, text: str) -> Iterator[Said]:
        """(word, where it stands), by start."""
        if self._mark is None:
            return
        for mark in self._mark.finditer(text):
            found = self._at[mark.group()].match(text, mark.start())
            if found:
                yield found.group(), found.span()


def _marks(firsts: Iterable[str], words: Collection[str]) -> re.Pattern[str]:
    """Where a word may begin: by its first two characters, or by its only one."""
    seconds = _any_of(word[1] for word in words if len(word) > 1)
    singles = _any_of(word for word in words if len(word) == 1)
    return re.compile(f"{_any_of(firsts)}(?:(?={seconds})|(?<={singles}))")


def _any_of(chars: Iterable[str]) -> str:
    """A character class; one that nothing matches when there are no characters."""
    held = re.escape("".join(sorted(set(chars))))
    return f"[{held}]" if held else "(?!)"


@dataclass(slots=True)
class SaidTimes:
    """The time words of one text, table by table, none inside another of its table."""

    days: list[Said] = field(default_factory=list)
    parts: list[Said] = field(default_factory=list)
    fuzzy: list[Said] = field(default_factory=list)
    feasts: list[Said] = field(default_factory=list)
    recurring: list[Said] = field(default_factory=list)


class TimeTables:
    """The words of one ``TimeWords``, compiled; immutable."""

    def __init__(self, source: TimeWords) -> None:
        self.source = source
        tables: dict[str, Mapping[str, object]] = {
            "days": source.days,
            "parts": source.day_parts,
            "fuzzy": source.fuzzy,
            "feasts": source.feasts,
            "recurring": dict.fromkeys(source.recurring, 0),
        }
        self._of: dict[str, list[str]] = {}
        for name, table in tables.items():
            for word in table:
                self._of.setdefault(word, []).append(name)
        self._finder = WordFinder(self._of)

    def look(self, text: str) -> SaidTimes:
        """Every time word of ``text``, found in one pass."""
        said = SaidTimes()
        for word, span in self._finder(text):
            for name in self._of[word]:
                found: list[Said] = getattr(said, name)
                if not found or found[-1][1][1] <= span[0]:
                    found.append((word, span))
        return said


def tables_of(words: TimeWords) -> TimeTables:
    """The compiled form of ``words``; made at the first call, the last few are kept."""
    known = _known.get(id(words))
    if known is not None and known.source is words:
        return known
    with _lock:
        known = TimeTables(words)
        _known[id(words)] = known
        for old in list(_known)[:-_KEPT]:
            del _known[old]
        return known
