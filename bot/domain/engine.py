"""One compiled set of rules (规则引擎): every word of a message is looked up once.

``engine_for(rules)`` compiles a rules version once and keeps the last few; ``Engine.scan`` gives a
``Scan`` that answers which rule lines of any list match. Knows nothing about reports or danger:
the modules beside it ask. A second, statistical reader can be set beside it without changes here.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from bot.domain.patterns import Compiler, Found, Line, match
from bot.domain.second import unpacked
from bot.domain.words import Lexicon, Normal, Occurrence, Span, is_word_char, longest, replaced
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
    """What one message holds: where each cue stands, and which lines of each list match.

    Shielded parts are taken out; the lines of a list stand in the order of the YAML.
    """

    engine: "Engine"
    text: str
    hits: dict[int, list[Span]]
    found: dict[int, list[Found]]

    @property
    def categories(self) -> list[Category]:
        """The categories of which some line matches, in the order of the YAML."""
        of = self.engine.category_of
        places = sorted({of[key] for key in self.found if key in of})
        return [self.engine.rules.categories[place] for place in places]

    @property
    def manners(self) -> dict[str, list[Found]]:
        """The manners of speaking of which some line matches, with these, in the YAML's order."""
        found = self.found
        return {name: found[key] for key, name in self.engine.manner_of.items() if key in found}

    def all(self, sources: tuple[str, ...]) -> list[Found]:
        """Every line of this list of the rules that matches."""
        return self.found.get(id(sources), [])

    def any(self, sources: tuple[str, ...]) -> Found | None:
        """The first line of this list of the rules that matches, or None."""
        found = self.found.get(id(sources))
        return found[0] if found else None

    def within(self, start: int, end: int) -> "Scan":
        """The same scan narrowed to what lies between ``start`` and ``end``."""
        hits: dict[int, list[Span]] = {}
        for term, spans in self.hits.items():
            inside = [span for span in spans if start <= span[0] and span[1] <= end]
            if inside:
                hits[term] = inside
        return Scan(self.engine, self.text, hits, self.engine.found(hits))

    def spans(self, line: Line) -> list[Span]:
        """All places where the single word line ``line`` stands."""
        return self.hits.get(line.needs[0][0], [])

    def words(self, found: Found) -> str:
        """The words of the message that made ``found`` match, in order, for reasons."""
        pieces = [self.text[start:end] for start, end in sorted(found.spans)]
        return pieces[0] if len(pieces) == 1 else "+".join(dict.fromkeys(pieces))


class Engine:
    """The rules of one version, compiled; immutable, safe to share between threads."""

    def __init__(self, rules: ReadingRules) -> None:
        self.rules = rules
        self._reach, self._gap = rules.weights.reach, rules.weights.gap
        compiler = Compiler(rules.cues)
        self._lists: dict[int, tuple[Line, ...]] = {}
        self._begins: dict[int, list[tuple[int, int, frozenset[int]]]] = {}
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
        self._shields = compiler.words(rules.shields)
        self._terms_of: dict[str, list[int]] = {}
        self._edged_of: dict[str, list[tuple[int, bool, bool]]] = {}
        for index, term in enumerate(compiler.terms):
            for word in term.words:
                left, right = word in term.left, word in term.right
                if left or right:
                    self._edged_of.setdefault(word, []).append((index, left, right))
                else:
                    self._terms_of.setdefault(word, []).append(index)
        self._lexicon = Lexicon(
            [*self._terms_of, *self._edged_of, *self._shields, *self._corrections]
        )

    def _add_list(self, key: int, lines: tuple[Line, ...]) -> None:
        """Keep a compiled list; under each line's first cue its place and its other cues."""
        self._lists[key] = lines
        for index, line in enumerate(lines):
            first, *others = (cue for chain in line.needs for cue in chain)
            self._begins.setdefault(first, []).append((key, index, frozenset(others)))

    def lines(self, sources: tuple[str, ...]) -> tuple[Line, ...]:
        """The compiled form of one list of the rules."""
        return self._lists[id(sources)]

    def corrected(self, normal: Normal) -> Normal:
        """Typos and the dialects that the site has switched on put right, offsets kept."""
        return replaced(normal, self._corrections, self._wrong(normal.text)[0])

    def _righted(self, normal: Normal) -> tuple[str, list[Occurrence]]:
        """The corrected text and every word in it."""
        wrong, occurrences = self._wrong(normal.text)
        if not wrong:
            return normal.text, occurrences
        text = replaced(normal, self._corrections, wrong).text
        return text, self._lexicon.occurrences(text)

    def _wrong(self, text: str) -> tuple[list[Span], list[Occurrence]]:
        """Where typos and dialect words stand, and every word of the text."""
        occurrences = self._lexicon.occurrences(text)
        wrong = [(start, end) for word, start, end in occurrences if word in self._corrections]
        return longest(wrong), occurrences

    def scan(self, normal: Normal) -> Scan:
        """Look up every word of ``normal``, typos and dialect words put right."""
        text, occurrences = self._righted(normal)
        shields = longest((s, e) for word, s, e in occurrences if word in self._shields)
        terms_of, edged_of = self._terms_of, self._edged_of
        hits: dict[int, list[Span]] = {}
        for word, start, end in occurrences:
            if shields and _is_covered(start, end, shields):
                continue
            for index in terms_of.get(word, ()):
                hits.setdefault(index, []).append((start, end))
            for index, left, right in edged_of.get(word, ()):
                if not (left and not _starts_clause(text, start)) and not (
                    right and not _ends_clause(text, end)
                ):
                    hits.setdefault(index, []).append((start, end))
        return Scan(self, text, hits, self.found(hits))

    def found(self, hits: Mapping[int, list[Span]]) -> dict[int, list[Found]]:
        """For every list of the rules the lines that match, tried only when all cues are there."""
        begins, seen = self._begins, hits.keys()
        matches: dict[int, list[tuple[int, Found]]] = {}
        for term in hits:
            for key, index, others in begins.get(term, ()):
                if others and not seen >= others:
                    continue
                match_ = match(self._lists[key][index], hits, self._reach, self._gap)
                if match_:
                    matches.setdefault(key, []).append((index, match_))
        return {key: _in_order(lines) for key, lines in matches.items()}

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


def _in_order(lines: list[tuple[int, Found]]) -> list[Found]:
    """Matching lines in the order of their list."""
    if len(lines) > 1:
        lines.sort(key=itemgetter(0))
    return [found for _, found in lines]


def _is_covered(start: int, end: int, shields: list[Span]) -> bool:
    """True when a longer shield (保护短语) holds or overlaps the hit."""
    return any(s < end and start < e and e - s > end - start for s, e in shields)


def _starts_clause(text: str, start: int) -> bool:
    return start == 0 or not is_word_char(text[start - 1])


def _ends_clause(text: str, end: int) -> bool:
    return end == len(text) or not is_word_char(text[end])
