"""Compiles and matches the clerk's rule lines (规则行), see ``config.reading_rules.Pattern``.

A line is cues that must stand near each other, because people rarely use the one word a list
would hold: “一个女的坐在窗台外头” has no danger word, only a person, a height and an outside.
All words of all lines lie in one lexicon; a message is scanned once. Used by ``bot.domain.engine``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.words import Span

Hits = Mapping[int, list[Span]]
_BARS = re.compile(r"\s*!\s*")
_GROUP = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Term:
    """Alternatives that count as one cue; ``left``/``right`` ask for a clause edge."""

    words: frozenset[str]
    left: frozenset[str]
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A compiled rule line: chains that must all be near, chains that must not.

    ``is_single``: it is of one cue, so that the longest match counts.
    """

    source: str
    needs: tuple[tuple[int, ...], ...]
    bars: tuple[tuple[int, ...], ...]
    is_single: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A line that matched and the pieces of text that made it match."""

    line: Line
    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        """Where the first cue begins."""
        return min(start for start, _ in self.spans)

    @property
    def end(self) -> int:
        """Where the last cue ends."""
        return max(end for _, end in self.spans)


class Compiler:
    """Collects terms while lines are compiled; ``terms`` is complete afterwards."""

    def __init__(self, cues: Mapping[str, tuple[str, ...]]) -> None:
        self._cues = cues
        self._ids: dict[Term, int] = {}
        self._pieces: dict[str, int] = {}
        self._groups: dict[str, list[str]] = {}

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms; the index is the id used in lines."""
        return tuple(self._ids)

    def words(self, sources: Iterable[str]) -> frozenset[str]:
        """All words of plain words and cue groups, in small letters."""
        return frozenset(
            word.lower() for source in sources for word in self._expanded(source) if word
        )

    def line(self, source: str) -> Line:
        """``source`` compiled; raises KeyError for an unknown cue group."""
        wanted, *barred = _BARS.split(source)
        needs = tuple(self._chain(part) for part in wanted.split("+"))
        bars = tuple(self._chain(part) for part in barred)
        return Line(source, needs, bars, is_single=len(needs) == 1 and len(needs[0]) == 1)

    def _chain(self, part: str) -> tuple[int, ...]:
        return tuple(self._term(piece) for piece in part.split("…"))

    def _term(self, piece: str) -> int:
        known = self._pieces.get(piece)
        if known is None:
            known = self._pieces[piece] = self._new_term(piece)
        return known

    def _new_term(self, piece: str) -> int:
        words: set[str] = set()
        left: set[str] = set()
        right: set[str] = set()
        for alternative in self._expanded(piece):
            word = alternative.strip("^$ ").lower()
            words.add(word)
            if alternative.startswith("^"):
                left.add(word)
            if alternative.endswith("$"):
                right.add(word)
        term = Term(frozenset(words), frozenset(left), frozenset(right))
        return self._ids.setdefault(term, len(self._ids))

    def _expanded(self, piece: str) -> list[str]:
        found: list[str] = []
        for alternative in (a.strip() for a in piece.split("|")):
            group = _GROUP.fullmatch(alternative)
            if group:
                found.extend(self._group(group.group(1)))
            else:
                found.append(alternative)
        return found

    def _group(self, name: str) -> list[str]:
        """All alternatives of a cue group; groups stand in many lines and in one another."""
        known = self._groups.get(name)
        if known is None:
            known = [word for inner in self._cues[name] for word in self._expanded(inner)]
            self._groups[name] = known
        return known


def match(line: Line, hits: Hits, reach: int, gap: int) -> Found | None:
    """The nearest way in which ``line`` matches, or None.

    ``reach`` is the greatest length of text that may hold all cues, ``gap`` the greatest distance
    inside a chain (…).
    """
    if line.is_single and not line.bars:
        alone = hits.get(line.needs[0][0])
        return Found(line, (alone[0],)) if alone else None
    first, *others = [_chain_spans(chain, hits, gap) for chain in line.needs]
    for anchor in first:
        spans = _gathered(anchor, others, reach)
        if spans and not (line.bars and _is_barred(line, spans, hits, reach, gap)):
            return Found(line, spans)
    return None


def _chain_spans(chain: tuple[int, ...], hits: Hits, gap: int) -> list[Span]:
    spans = hits.get(chain[0], [])
    for term in chain[1:]:
        following = hits.get(term, [])
        spans = [
            (start, end)
            for start, middle in spans
            for begin, end in following
            if 0 <= begin - middle <= gap
        ]
    return spans


def _gathered(anchor: Span, others: list[list[Span]], reach: int) -> tuple[Span, ...]:
    """The anchor with the nearest span of every other chain, or () when one is too far."""
    chosen = [anchor]
    for spans in others:
        nearest = _nearest(chosen, spans, reach)
        if nearest is None:
            return ()
        chosen.append(nearest)
    low, high = min(chosen)[0], max(end for _, end in chosen)
    return tuple(chosen) if high - low <= reach else ()


def _nearest(chosen: list[Span], spans: list[Span], reach: int) -> Span | None:
    """The span nearest to the first of ``chosen`` that overlaps none of them."""
    origin, found, least = chosen[0][0], None, reach + 1
    for span in spans:
        away = abs(span[0] - origin)
        if away < least and not _overlaps(span, chosen):
            found, least = span, away
    return found


def _overlaps(span: Span, others: list[Span]) -> bool:
    start, end = span
    return any(start < stop and begin < end for begin, stop in others)


def _is_barred(line: Line, spans: tuple[Span, ...], hits: Hits, reach: int, gap: int) -> bool:
    low, high = min(s[0] for s in spans), max(s[1] for s in spans)
    return any(
        start < high + reach and end > low - reach
        for chain in line.bars
        for start, end in _chain_spans(chain, hits, gap)
    )
