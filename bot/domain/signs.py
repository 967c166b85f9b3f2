"""What the rules found in a message, as names for the second reader (规则看到的迹象).

``cat:P10`` the rules' words speak for P10, ``tone:ask`` a question word, ``alarm:fire`` a danger
line … So a word that a clerk adds moves the second reader as well. Pure; called by ``reading``.
"""

from collections.abc import Iterator
from itertools import pairwise

from bot.domain.danger import Alarm
from bot.domain.kinds import Evidence
from config.vocabulary import Danger

_LENGTHS = (0, 4, 8, 12, 20, 32, 64, 128)
_MOST_CATEGORIES = 4
_CLEAR = 4.0
_TWICE = 2
_TROUBLE = (-6, 12)


def names(evidence: Evidence, alarm: Alarm) -> tuple[str, ...]:
    """The signs of one message, each once, in a fixed order."""
    return tuple(dict.fromkeys(_all(evidence, alarm)))


def _all(evidence: Evidence, alarm: Alarm) -> Iterator[str]:
    for name in evidence.tone.signs:
        yield f"tone:{name}"
        if evidence.tone.count(name) >= _TWICE:
            yield f"tone:{name}:2"
    yield from _categories(evidence)
    if alarm.rule is not None:
        yield f"alarm:{alarm.rule.danger}"
        yield f"alarm:{alarm.grade.value}"
    if alarm.grade is not Danger.NONE:
        yield "alarm"
    for is_there, name in (
        (evidence.is_exact_place, "place:exact"),
        (evidence.has_landmark, "place:spot"),
        (evidence.names_area, "place:area"),
        (evidence.is_far, "far"),
        (evidence.is_lasting, "lasting"),
        (evidence.is_pressing, "pressing"),
    ):
        if is_there:
            yield name
    yield f"length:{_bucket(evidence.length)}"
    low, high = _TROUBLE
    yield f"trouble:{min(max(round(evidence.trouble), low), high)}"


def _categories(evidence: Evidence) -> Iterator[str]:
    for place, score in enumerate(evidence.scores[:_MOST_CATEGORIES]):
        code = score.category.code
        yield f"cat:{code}"
        if score.event >= _CLEAR:
            yield f"clear:{code}"
        if not place:
            yield f"first:{code}"


def _bucket(length: int) -> int:
    """The greatest of the given lengths that ``length`` reaches."""
    return max((low for low, high in pairwise((*_LENGTHS, 10**9)) if low <= length < high))
