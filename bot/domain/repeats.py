"""What comes again (重复): 一地多起, 一类多发, 一人多次, counted by the thresholds of repeats.yaml.

Pure: occurrences in, at most one ``Found`` out. Persons are keyed names and never leave as
anything else. A sum too small to judge says nothing: fewer than the threshold, one person only,
too few weeks of history, or an excess that chance alone explains (Poisson).
Called by ``handlers.repeats``.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from config.repeats_rules import KindRule, PersonRule, PlaceRule, Threshold

WEEK = timedelta(days=7)
# What is added to a baseline in which nothing ever happened, so that it is no certainty.
_HALF = 0.5


class What(StrEnum):
    """The three kinds of finding (三类)."""

    PLACE = "repeat_place"  # 一地多起
    KIND = "repeat_kind"  # 一类多发
    PERSON = "repeat_person"  # 一人多次


class Level(StrEnum):
    """How much it is; the names of the colours are the site's."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One telling that counts: of which matter, when, by whom (keyed names, empty when unknown)."""

    id: int
    category: str
    at: datetime
    persons: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: its members, oldest first, and the figures of its reason.

    ``count`` is more than there are members where one of them was told again after its closing.
    """

    what: What
    level: Level
    members: tuple[int, ...]
    category: str
    days: int
    count: int = 0
    people: int = 0
    mean: float = 0.0
    weeks: int = 0


def at_place(rule: PlaceRule, seen: Sequence[Occurrence], now: datetime) -> Found | None:
    """一地多起 among ``seen``, all of one place; red before yellow."""
    counted = [one for one in seen if rule.counts(one.category)]
    for level, threshold in ((Level.RED, rule.red), (Level.YELLOW, rule.yellow)):
        within = _within(counted, threshold.within, now)
        people = _people(within)
        if len(within) >= threshold.count and people >= rule.people:
            return _found(What.PLACE, level, within, threshold, people=people)
    return None


def by_person(rule: PersonRule, seen: Sequence[Occurrence], now: datetime) -> Found | None:
    """一人多次 among ``seen``, all told by one person; one category is one matter.

    Blue is a hint for whoever has the newest, never a finding of its own.
    """
    found = [
        found
        for category in dict.fromkeys(one.category for one in seen)
        if category in rule.categories
        if (found := _of_matter(rule, [o for o in seen if o.category == category], now))
    ]
    order = (Level.BLUE, Level.YELLOW, Level.RED)
    return max(found, key=lambda one: (order.index(one.level), len(one.members)), default=None)


def _of_matter(rule: PersonRule, seen: Sequence[Occurrence], now: datetime) -> Found | None:
    levels = (*((Level.RED, one) for one in rule.red), (Level.YELLOW, rule.yellow))
    for level, threshold in (*levels, (Level.BLUE, rule.hint)):
        within = _within(seen, threshold.within, now)
        if len(within) >= threshold.count:
            return _found(What.PERSON, level, within, threshold, people=1)
    return None


def of_kind(
    rule: KindRule, seen: Sequence[Occurrence], began: datetime, now: datetime
) -> Found | None:
    """一类多发 among ``seen``, all of one category in one grid, against its own weeks before.

    ``began``: when this system began to count there; weeks before that are no zeros. Silent while
    fewer than ``least_weeks`` whole weeks are known.
    """
    recent = _within(seen, WEEK, now)
    weeks = min(rule.baseline_weeks, (now - WEEK - began) // WEEK)
    since = now - WEEK * (weeks + 1)
    before = sum(since <= one.at < now - WEEK for one in seen)
    level = above_usual(rule, len(recent), before, weeks)
    if level is None:
        return None
    mean = before / weeks
    threshold = Threshold(count=rule.least, within=WEEK)
    found = _found(What.KIND, level, recent, threshold, people=_people(recent))
    return replace(found, mean=mean, weeks=weeks)


def above_usual(rule: KindRule, count: int, before: int, weeks: int) -> Level | None:
    """How far ``count`` of one week lies over the ``before`` of so many weeks; None: it does not.

    Nor where there are too few of them, too few weeks, or where chance alone explains it.
    """
    if count < rule.least or weeks < rule.least_weeks:
        return None
    if poisson_tail(count, max(before, _HALF) / weeks) >= rule.chance:
        return None
    mean = before / weeks
    times = count / mean if mean else math.inf
    if times <= rule.yellow_times:
        return None
    return Level.RED if times > rule.red_times else Level.YELLOW


def poisson_tail(count: int, mean: float) -> float:
    """The chance of ``count`` or more where ``mean`` are usual; 1 for a count of 0.

    The sum of the terms below ``count``, each made from the one before.
    """
    if mean > 700:  # e**-mean is no number any more: the normal curve is as good there
        return 0.5 * math.erfc((count - 0.5 - mean) / math.sqrt(2 * mean))
    term, below = math.exp(-mean), 0.0
    for k in range(count):
        below += term
        term *= mean / (k + 1)
    return max(0.0, 1.0 - below)


def came_back(
    closed_at: datetime, within: timedelta, seen: Sequence[Occurrence], but: Collection[int]
) -> list[int]:
    """一事反复: which of ``seen`` came within that time after a closing, oldest first."""
    until = closed_at + within
    return [one.id for one in _by_time(seen) if closed_at < one.at <= until and one.id not in but]


def _found(
    what: What,
    level: Level,
    members: Sequence[Occurrence],
    threshold: Threshold,
    *,
    people: int,
) -> Found:
    categories = [one.category for one in members]
    most = max(dict.fromkeys(categories), key=categories.count)
    ids = tuple(dict.fromkeys(one.id for one in members))
    return Found(what, level, ids, most, threshold.within.days, len(members), people)


def _within(seen: Sequence[Occurrence], span: timedelta, now: datetime) -> list[Occurrence]:
    return [one for one in _by_time(seen) if now - span < one.at <= now]


def _by_time(seen: Sequence[Occurrence]) -> list[Occurrence]:
    return sorted(seen, key=lambda one: (one.at, one.id))


def _people(seen: Sequence[Occurrence]) -> int:
    """Different persons; all whom nobody knows count as one."""
    known = frozenset[str]().union(*(one.persons for one in seen))
    unknown = any(not one.persons for one in seen)
    return len(known) + int(unknown)
