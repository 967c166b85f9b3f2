"""One compiled set of rules (规则引擎): every word of a message is looked up once.

``engine_for(rules)`` compiles a rules version once and keeps the last few; ``Engine.scan`` gives a
``Scan`` that answers which rule lines of any list match. Knows nothing about reports or danger:
the modules beside it ask. A second, statistical reader can be set beside it without changes here.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.patterns import Compiler, Found, Line, match
from bot.domain.second import unpacked
from bot.domain.words import Lexicon, Normal, Span, is_word_char, longest, replaced
from config.reading_rules import Category, ReadingRules

_KEPT = 4
_lock = threading.Lock()
_engines: dict[int, "Engine"] = {}


def engine_for(rules: ReadingRules) -> "Engine":
    """The engine of this rules version; compiled at the first call (about 0.1 s)."""
    with _lock:
        engine = _engines.get(id(rules))
        if engine is None or engine.rules is not rules:
            engine = Engine(rules)
            _engines[id(rules)] = engine
            for old in list(_engines)[:-_KEPT]:
                del _engines[old]
        return engine


@dataclass(frozen=True, slots=True)
class Scan:
    """What one message holds: spans per term, shielded parts taken out."""

    engine: "Engine"
    text: str
    hits: dict[int, list[Span]]
    begun: dict[int, list[int]]

    @property
    def categories(self) -> list[Category]:
        """The categories of which some line has begun, in the order of the YAML."""
        of = self.engine.category_of
        places = sorted({of[key] for key in self.begun if key in of})
        return [self.engine.rules.categories[place] for place in places]

    @property
    def manners(self) -> list[str]:
        """The manners of speaking of which some line has begun, in the order of the YAML."""
        of = self.engine.manner_of
        begun = {of[key] for key in self.begun if key in of}
        return [name for name in of.values() if name in begun]

    def all(self, sources: tuple[str, ...]) -> list[Found]:
        """Every line of this list of the rules that matches."""
        return list(self._matching(sources))

    def any(self, sources: tuple[str, ...]) -> Found | None:
        """The first line of this list of the rules that matches, or None."""
        return next(self._matching(sources), None)

    def within(self, start: int, end: int) -> "Scan":
        """The same scan narrowed to what lies between ``start`` and ``end``."""
        hits: dict[int, list[Span]] = {}
        for term, spans in self.hits.items():
            inside = [span for span in spans if start <= span[0] and span[1] <= end]
            if inside:
                hits[term] = inside
        return Scan(self.engine, self.text, hits, self.engine.begun(hits))

    def _matching(self, sources: tuple[str, ...]) -> Iterator[Found]:
        """Matches in the order of the list; only lines whose first cue was seen are tried."""
        begun = self.begun.get(id(sources))
        if not begun:
            return
        weights = self.engine.rules.weights
        lines = self.engine.lines(sources)
        for index in sorted(begun):
            found = match(lines[index], self.hits, weights.reach, weights.gap)
            if found:
                yield found

    def spans(self, line: Line) -> list[Span]:
        """All places where the single word line ``line`` stands."""
        return self.hits.get(line.needs[0][0], [])

    def words(self, found: Found) -> str:
        """The words of the message that made ``found`` match, in order, for reasons."""
        pieces = [self.text[start:end] for start, end in sorted(found.spans)]
        return "+".join(dict.fromkeys(pieces))


class Engine:
    """The rules of one version, compiled; immutable, safe to share between threads."""

    def __init__(self, rules: ReadingRules) -> None:
        self.rules = rules
        compiler = Compiler(rules.cues)
        self._lists: dict[int, tuple[Line, ...]] = {}
        self._begins: dict[int, list[tuple[int, int]]] = {}
        self.category_of: dict[int, int] = {}
        self.manner_of: dict[int, str] = {}
        for owner in (*rules.categories, *rules.danger, rules.manner):
            for field in type(owner).model_fields:
                value = getattr(owner, field)
                if isinstance(value, tuple) and id(value) not in self._lists:
                    self._add_list(id(value), tuple(compiler.line(source) for source in value))
        for place, category in enumerate(rules.categories):
            for sources in (category.strong, category.words, category.weak, category.topics):
                self.category_of[id(sources)] = place
        for name in type(rules.manner).model_fields:
            self.manner_of[id(getattr(rules.manner, name))] = name
        self.second = unpacked(rules.model) if rules.model else None
        self._corrections = self._table(rules)
        self._typos = Lexicon(self._corrections)
        self._shields = compiler.words(rules.shields)
        self._terms_of: dict[str, list[tuple[int, bool, bool]]] = {}
        for index, term in enumerate(compiler.terms):
            for word in term.words:
                entry = (index, word in term.left, word in term.right)
                self._terms_of.setdefault(word, []).append(entry)
        self._lexicon = Lexicon([*self._terms_of, *self._shields])

    def _add_list(self, key: int, lines: tuple[Line, ...]) -> None:
        """Keep a compiled list and note under the first cue of each line where it stands."""
        self._lists[key] = lines
        for index, line in enumerate(lines):
            self._begins.setdefault(line.needs[0][0], []).append((key, index))

    def lines(self, sources: tuple[str, ...]) -> tuple[Line, ...]:
        """The compiled form of one list of the rules."""
        return self._lists[id(sources)]

    def corrected(self, normal: Normal) -> Normal:
        """Typos and the dialects that the site has switched on put right."""
        return replaced(normal, self._corrections, self._typos)

    def scan(self, text: str) -> Scan:
        """Look up every word of ``text`` (already normalised and corrected)."""
        occurrences = self._lexicon.occurrences(text)
        shields = longest((s, e) for word, s, e in occurrences if word in self._shields)
        hits: dict[int, list[Span]] = {}
        for word, start, end in occurrences:
            terms = self._terms_of.get(word)
            if not terms or _is_covered(start, end, shields):
                continue
            for index, left, right in terms:
                if (left and not _starts_clause(text, start)) or (
                    right and not _ends_clause(text, end)
                ):
                    continue
                hits.setdefault(index, []).append((start, end))
        return Scan(self, text, hits, self.begun(hits))

    def begun(self, hits: Iterable[int]) -> dict[int, list[int]]:
        """For every list of the rules the lines whose first cue is among ``hits``."""
        found: dict[int, list[int]] = {}
        for term in hits:
            for key, line in self._begins.get(term, ()):
                found.setdefault(key, []).append(line)
        return found

    def shielded(self, text: str) -> list[Span]:
        """Where protected phrases (保护短语) stand in ``text``."""
        found = self._lexicon.occurrences(text)
        return [(start, end) for word, start, end in found if word in self._shields]

    @staticmethod
    def _table(rules: ReadingRules) -> dict[str, str]:
        table = {wrong.lower(): right for wrong, right in rules.typos.items()}
        for name in rules.dialects_on:
            table |= {said.lower(): meant for said, meant in rules.dialects[name].items()}
        return table


def _is_covered(start: int, end: int, shields: list[Span]) -> bool:
    """True when a longer shield (保护短语) holds or overlaps the hit."""
    return any(s < end and start < e and e - s > end - start for s, e in shields)


def _starts_clause(text: str, start: int) -> bool:
    return start == 0 or not is_word_char(text[start - 1])


def _ends_clause(text: str, end: int) -> bool:
    return end == len(text) or not is_word_char(text[end])
