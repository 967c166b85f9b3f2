"""Several matters in one message (一句话几件事): what further pieces of it speak for.

A piece counts when it is clear by itself and says nothing of the main category; so one long story
stays one ticket. Called by ``bot.domain.reading``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain import danger as dangers
from bot.domain import manner, scoring
from bot.domain.engine import Scan
from bot.domain.places import GridView, Place, find_place
from bot.domain.scoring import Score
from config.reading_rules import Category
from config.vocabulary import Danger, Kind

_PIECE = re.compile(r"[。!！?？;；\n]+|另外|还有就是|还有一个|其次|第[二三四五]|以及")
_LEAST_PIECE = 6
_MOST_PIECES = 12
_TWO = 2


@dataclass(frozen=True, slots=True)
class Matter:
    """A further matter of the same message (另一件事)."""

    category: str
    place: Place
    department: str | None
    danger: Danger


def further(
    scan: Scan,
    scores: tuple[Score, ...],
    kind: Kind,
    category: Category | None,
    grid: GridView | None,
) -> tuple[Matter, ...]:
    """Further matters: pieces of the message that speak clearly for another category."""
    if kind is not Kind.REPORT or category is None:
        return ()
    strong = scan.engine.rules.weights.strong
    if not any(s.event >= strong and s.category is not category for s in scores):
        return ()
    pieces = [span for span in _pieces(scan.text) if span[1] - span[0] >= _LEAST_PIECE]
    del pieces[_MOST_PIECES:]
    if len(pieces) < _TWO:
        return ()
    found: dict[str, Matter] = {}
    for start, end in pieces:
        matter = _matter(scan.within(start, end), scan.text[start:end], category, grid)
        if matter:
            found.setdefault(matter.category, matter)
    return tuple(found.values())


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the parts between sentence marks and words such as 另外."""
    start = 0
    for mark in _PIECE.finditer(text):
        yield start, mark.start()
        start = mark.end()
    yield start, len(text)


def _matter(scan: Scan, piece: str, main: Category, grid: GridView | None) -> Matter | None:
    """What one piece speaks for when it is clear and speaks not at all for the main category."""
    scores = scoring.scores(scan)
    if not scores or scores[0].event < scan.engine.rules.weights.strong:
        return None
    if any(score.category is main and score.event for score in scores):
        return None
    tone = manner.tone(scan)
    if tone.is_unreal:
        return None
    alarm = dangers.alarm(scan, tone)
    category = scores[0].category
    return Matter(
        category=category.code,
        place=find_place(piece, grid, scan.engine.rules.places.landmarks),
        department=None if category.by_police else category.handled_by,
        danger=alarm.grade,
    )
