"""Which category a message speaks for (归类): every matching line adds its weight once.

Strong lines say it alone, words need company, weak ones only tip the scale, topics never open
a ticket. A longer word beats
the shorter one inside it; an event right after a negator (没打架) does not count. Every decision
keeps its words as reasons. Called by ``bot.domain.reading`` for whole messages and pieces.
"""

from dataclasses import dataclass

from bot.domain.engine import Scan
from bot.domain.patterns import Found, Line
from config.reading_rules import Category

_SOFT = 4.0
_TELLING = 5
_SEVERAL = 2
_MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Score:
    """What speaks for one category: ``points`` to rank, ``event`` (topics left out) to open."""

    category: Category
    points: float
    event: float
    words: tuple[str, ...]

    @property
    def share(self) -> float:
        """``points`` squeezed into 0–1, for candidates."""
        return round(self.points / (self.points + _SOFT), 3)


def scores(scan: Scan) -> tuple[Score, ...]:
    """All categories that anything speaks for, best first; ties keep the order of the YAML."""
    found = [score for category in scan.categories if (score := _score(scan, category))]
    return tuple(sorted(found, key=lambda score: -score.points))


def best(found: tuple[Score, ...]) -> tuple[Score, ...]:
    """The first five."""
    return found[:_MOST_CANDIDATES]


def _score(scan: Scan, category: Category) -> Score | None:
    weights = scan.engine.rules.weights
    if scan.any(category.not_words):
        return None
    points = event = 0.0
    words: list[str] = []
    taken: list[tuple[int, int]] = []
    for sources, weight in (
        (category.strong, weights.strong),
        (category.words, weights.word),
        (category.weak, weights.weak),
        (category.topics, weights.topic),
    ):
        for found in _longest_first(scan.all(sources)):
            spans = _free_spans(scan, found, taken, category)
            if spans:
                taken.extend(spans)
                worth = _worth(found, sources is category.strong, weight, weights.combined)
                points += worth
                event += worth * (sources is not category.topics)
                words.append(scan.words(found))
    return Score(category, points, event, tuple(dict.fromkeys(words))) if points else None


def _worth(found: Found, is_strong: bool, weight: float, combined: float) -> float:
    """A strong line of several cues, not all of them short, is worth more than a single word."""
    said = sum(end - start for start, end in found.spans)
    return combined if is_strong and len(found.spans) > 1 and said >= _TELLING else weight


def _longest_first(found: list[Found]) -> list[Found]:
    if len(found) < _SEVERAL:
        return found
    return sorted(found, key=lambda f: -sum(e - s for s, e in f.spans))


def _free_spans(
    scan: Scan, found: Found, taken: list[tuple[int, int]], category: Category
) -> list[tuple[int, int]]:
    """Spans of ``found`` that stand by themselves: in no longer word, after no negator."""
    if not found.line.is_single:
        return list(found.spans)
    return [
        span
        for span in scan.spans(found.line)
        if not any(s <= span[0] and span[1] <= e for s, e in taken)
        and not (category.by_police and is_negated(scan, span[0], found.line))
    ]


def is_negated(scan: Scan, start: int, line: Line) -> bool:
    """True when a negator stands right before ``start``, at most one filler between."""
    before = scan.text[max(0, start - 4) : start]
    filler = before[:-1] if before[-1:] in "有再在又是" else before
    return any(before.endswith(n) or filler.endswith(n) for n in scan.engine.rules.negators)
