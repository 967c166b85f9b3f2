"""失物招领: whether words speak of something lost or found, and of which things.

Pure; the words stand in everyday.yaml. Called by ``handlers.lost_found``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from config.everyday_rules import LostFound

LOST, FOUND = "lost", "found"


@dataclass(frozen=True, slots=True)
class Thing:
    """One ticket as far as matching needs it."""

    id: int
    grid: str
    side: str
    things: frozenset[int]


def side_of(words: str, rules: LostFound) -> str:
    """LOST, FOUND or empty; who found something says so, whatever else she says."""
    if any(word in words for word in rules.found):
        return FOUND
    return LOST if any(word in words for word in rules.lost) else ""


def things_in(words: str, rules: LostFound) -> frozenset[int]:
    """The places of the things that are named, a longer name hiding a shorter one inside it."""
    named: set[int] = set()
    rest = words
    every = [(name, place) for place, group in enumerate(rules.things) for name in group]
    for name, place in sorted(every, key=lambda one: -len(one[0])):
        if name in rest:
            rest = rest.replace(name, " ")
            named.add(place)
    return frozenset(named)


def match(new: Thing, others: Iterable[Thing]) -> Thing | None:
    """The newest of the other side that names a thing of ``new``; the same grid goes first."""
    other_side = {LOST: FOUND, FOUND: LOST}.get(new.side)
    fits = [one for one in others if one.side == other_side and one.things & new.things]
    near = (one for one in fits if new.grid and one.grid == new.grid)
    return max(near, key=_age, default=None) or max(fits, key=_age, default=None)


def _age(one: Thing) -> int:
    return one.id
