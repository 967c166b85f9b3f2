"""Which of the site's answers fits a question (常见问题配答案), with the reasons in Chinese.

An entry of faq.yaml lists groups of words. Its score is the share of its groups that the question
names, lifted by how much of the question these words cover; a hint category adds a little. Where a
longer word stands (临时身份证) the shorter ones inside it (身份证) do not count, and an entry that
fits wholly outdoes those that explain less of the question. The best one is given only when it is
good enough and clearly ahead; else a human decides and sees the figures. Pure; called by
``handlers.questions``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.domain.words import Span, is_word_char, normalise
from config.faq_rules import Faq, FaqEntry

_BASE = 0.6
_HINT = 0.05


@dataclass(frozen=True, slots=True)
class Match:
    """An entry with its score, the words that spoke for it and the groups nobody spoke of."""

    entry: FaqEntry
    score: float
    words: tuple[str, ...]
    missing: tuple[str, ...]
    covered: frozenset[int] = frozenset()

    @property
    def why(self) -> str:
        """One line for staff: words found, words missing."""
        said = f"{self.entry.title} {self.score:.2f}：说到“{'、'.join(self.words)}”"
        return said + (f"，没说到“{'、'.join(self.missing)}”" if self.missing else "")

    def outdoes(self, other: "Match") -> bool:
        """True when it fits wholly and explains all that ``other`` explains, and more."""
        return not self.missing and other.covered < self.covered


@dataclass(frozen=True, slots=True)
class Found:
    """The entries that a question speaks of, best first; ``is_sure``: the first may be given."""

    matches: tuple[Match, ...] = ()
    margin: float = 0.0
    is_sure: bool = False

    @property
    def best(self) -> Match | None:
        """The likeliest entry."""
        return self.matches[0] if self.matches else None

    @property
    def margin_words(self) -> str:
        """The two likeliest with their figures, ``… 0.42 对 … 0.38``; empty when nothing fits."""
        return " 对 ".join(f"{m.entry.title} {m.score:.2f}" for m in self.matches[:2])


def find(text: str, faq: Faq, day: date, category: str | None = None) -> Found:
    """What the entries that hold on ``day`` say to ``text``.

    ``category`` is what the reader took it for, None when it took it for nothing.
    """
    said = normalise(text).text
    entries = faq.held(day)
    spots = _spots(said, entries)
    about = _about(said, faq.filler)
    found = [_match(entry, spots, about, category) for entry in entries]
    matches = sorted((m for m in found if m.score), key=lambda m: (-m.score, m.entry.id))
    if not matches:
        return Found()
    best = matches[0]
    rivals = (m.score for m in matches[1:] if not best.outdoes(m))
    margin = round(best.score - max(rivals, default=0.0), 4)
    sure = best.score >= faq.sure_at and margin >= faq.least_margin
    return Found(tuple(matches), margin, is_sure=sure)


def _match(
    entry: FaqEntry, spots: dict[str, tuple[Span, ...]], about: frozenset[int], category: str | None
) -> Match:
    named = [tuple(w for w in map(_plain, group) if w in spots) for group in entry.ask]
    words = tuple(dict.fromkeys(word for group in named for word in group))
    missing = tuple(g[0] for g, hit in zip(entry.ask, named, strict=True) if not hit)
    if not words:
        return Match(entry, 0.0, (), missing)
    share = 1 - len(missing) / len(entry.ask)
    covered = frozenset(at for word in words for span in spots[word] for at in range(*span))
    cover = len(covered & about) / len(about) if about else 1.0
    hint = _HINT if category in entry.categories else 0.0
    score = min(1.0, share * (_BASE + (1 - _BASE) * cover) + hint)
    return Match(entry, round(score, 4), words, missing, covered)


def _spots(said: str, entries: tuple[FaqEntry, ...]) -> dict[str, tuple[Span, ...]]:
    """Where each word of the entries stands, those inside a longer word left out."""
    found = {word: _occurrences(said, word) for word in _words(entries) if word in said}
    spans = {span for places in found.values() for span in places}
    free = {
        word: tuple(span for span in places if not _is_inside(span, spans))
        for word, places in found.items()
    }
    return {word: places for word, places in free.items() if places}


@lru_cache(maxsize=4)
def _words(entries: tuple[FaqEntry, ...]) -> frozenset[str]:
    return frozenset(_plain(w) for entry in entries for group in entry.ask for w in group)


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    return normalise(word).text


def _occurrences(said: str, word: str) -> tuple[Span, ...]:
    starts = []
    at = said.find(word)
    while at >= 0:
        starts.append(at)
        at = said.find(word, at + 1)
    return tuple((start, start + len(word)) for start in starts)


def _is_inside(span: Span, spans: set[Span]) -> bool:
    return any(a <= span[0] and span[1] <= b and (a, b) != span for a, b in spans)


def _about(said: str, filler: Iterable[str]) -> frozenset[int]:
    """The places of the characters that say what is asked about."""
    kept = {at for at, char in enumerate(said) if is_word_char(char)}
    for word in filler:
        for span in _occurrences(said, word):
            kept.difference_update(range(*span))
    return frozenset(kept)
