"""When a group may hear a line of publicity, and which one (宣传的规矩): said here alone.

At most one a local day and three in any seven, by day only, the same wording not again within
sixty days, nothing on a day of mourning, near an open danger, or where somebody opted out. The
numbers stand in ``config.publicity_rules``; a site may only be stricter. Pure; called by
``handlers.publicity`` and its neighbours, by ``handlers.mass`` for the count alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.clocks import ZONE
from config.people_rules import Grid
from config.publicity_rules import Publicity, Topic, Variant

_WEEK = 7


class Why(StrEnum):
    """What speaks against a line; the first that holds, gravest first."""

    OUT = "out"
    MOURNING = "mourning"
    HOURS = "hours"
    DANGER = "danger"
    DAY = "day"
    WEEK = "week"
    AGAIN = "again"
    FULL = "full"
    UNSENT = "unsent"

    @property
    def label(self) -> str:
        """The reason as staff read it."""
        return _LABELS[self]


_LABELS = {
    Why.OUT: "这个群说了不发宣传",
    Why.MOURNING: "静默日",
    Why.HOURS: "只在白天发",
    Why.DANGER: "附近有险情没办完",
    Why.DAY: "今天发过了",
    Why.WEEK: "七天里够次数了",
    Why.AGAIN: "同一句还没隔够天数",
    Why.FULL: "群里今天话够多了",
    Why.UNSENT: "没人代发",
}
# What may be over in a while; the rest is so until the day is over.
PASSING = frozenset({Why.DANGER, Why.FULL})


@dataclass(frozen=True, slots=True)
class Past:
    """A line that went, or will go, to the group; ``variant`` is empty for words of staff."""

    at: datetime
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one group: its lines, whether it opted out, the newest open danger there."""

    lines: tuple[Past, ...] = ()
    is_out: bool = False
    danger_at: datetime | None = None


def refusal(standing: Standing, variant: str, at: datetime, rules: Publicity) -> Why | None:
    """Why that group may not hear that wording at ``at``; None when it may.

    Lines that are planned for later count like those that went.
    """
    local = at.astimezone(ZONE)
    if standing.is_out:
        return Why.OUT
    if rules.is_quiet(local.date()):
        return Why.MOURNING
    if not rules.hours.covers(local):
        return Why.HOURS
    if _is_near(standing.danger_at, at, rules):
        return Why.DANGER
    return too_many(standing.lines, at, rules) or _again(standing.lines, variant, local, rules)


def _is_near(danger_at: datetime | None, at: datetime, rules: Publicity) -> bool:
    return danger_at is not None and at - danger_at < rules.danger_quiet


def too_many(lines: Iterable[Past], at: datetime, rules: Publicity) -> Why | None:
    """The count alone: one a day, and so many in any seven days around ``at``."""
    today = at.astimezone(ZONE).date()
    gaps = [(day_of(one.at) - today).days for one in lines]
    if 0 in gaps:
        return Why.DAY
    windows = range(1 - _WEEK, 1)  # each seven days that hold today, by their first day
    full = any(
        sum(first <= gap < first + _WEEK for gap in gaps) >= rules.a_week for first in windows
    )
    return Why.WEEK if full else None


def _again(lines: Iterable[Past], variant: str, local: datetime, rules: Publicity) -> Why | None:
    days = rules.again_after.days
    same = (one for one in lines if variant and one.variant == variant)
    near = any(abs((day_of(one.at) - local.date()).days) < days for one in same)
    return Why.AGAIN if near else None


def day_of(at: datetime) -> date:
    """The local day."""
    return at.astimezone(ZONE).date()


def planned_at(day: date, rules: Publicity) -> datetime:
    """When lines of that day go."""
    return datetime.combine(day, rules.send_at, ZONE)


def ends_at(at: datetime, rules: Publicity) -> datetime:
    """When on that day nothing goes any more."""
    return datetime.combine(day_of(at), rules.hours.to, ZONE)


def soonest(now: datetime, rules: Publicity) -> datetime:
    """The next moment by day: now, else this morning's or tomorrow's hour."""
    local = now.astimezone(ZONE)
    if rules.hours.covers(local):
        return now
    if local.time() < rules.hours.from_:
        return datetime.combine(local.date(), rules.hours.from_, ZONE)
    return planned_at(local.date() + timedelta(days=1), rules)


def topics_on(day: date, rules: Publicity) -> list[Topic]:
    """What the calendar has on that day, days of the year first; nothing in mourning."""
    if rules.is_quiet(day):
        return []
    found = [one for one in rules.topics if one.is_on(day)]
    return sorted(found, key=lambda one: (day.month, day.day) not in one.dates)


def for_case(category: str, rules: Publicity) -> list[Topic]:
    """The topics that a ticket of that category calls for."""
    return [one for one in rules.topics if category in one.cases]


def spread(
    topic: Topic, groups: Mapping[str, Standing], at: datetime, rules: Publicity
) -> list[tuple[Variant, list[str]]]:
    """Each wording with the groups that hear it: as few wordings as reach all that may hear one.

    Of two that reach as many, the one that rested longer. A group that may hear none is left out.
    """
    free = {
        variant.id: [g for g, standing in groups.items()
                     if refusal(standing, variant.id, at, rules) is None]
        for variant in topic.variants
    }  # fmt: skip
    found: list[tuple[Variant, list[str]]] = []
    left = set(groups)
    while left:
        best = min(topic.variants, key=lambda one: _rank(one, free[one.id], left, groups))
        heard = [group for group in free[best.id] if group in left]
        if not heard:
            break
        found.append((best, heard))
        left -= set(heard)
    return found


def _rank(
    variant: Variant, free: Collection[str], left: set[str], groups: Mapping[str, Standing]
) -> tuple[int, float]:
    used = [
        one.at.timestamp()
        for group in left
        for one in groups[group].lines
        if one.variant == variant.id
    ]
    return -len(left.intersection(free)), max(used, default=0.0)


def is_small(grid: Grid, residents: int, rules: Publicity) -> bool:
    """True when a case could be guessed from a line: few people, few buildings, or nobody knows."""
    if residents:
        return residents < rules.small.residents
    listed = [estate.buildings for estate in grid.estates]
    return not all(listed) or sum(map(_count, listed)) < rules.small.buildings


def _count(buildings: str) -> int:
    spans = [part.split("-") for part in buildings.split(",") if part]
    return sum(int(span[-1]) - int(span[0]) + 1 for span in spans)


def case_words(words: str, rules: Publicity, *, is_verified: bool) -> str:
    """The line after a case; that something happened here is said only when it is sure."""
    return f"{rules.local_words}{words}" if is_verified else words
