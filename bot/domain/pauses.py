"""Clocks that stand still (停表): a limit counted without its pauses, from intervals that are kept.

A pause is an interval, never a shifted limit: so a limit can be counted anew whenever category,
urgency or calendar change, and nothing is lost. An approved extension (延期) is the interval from
the old limit to the new one. The clock of the first answer has no pauses. Used by
``handlers.loop``.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain import clocks
from config.time_rules import Allowance, Pause, WorkCalendar


def due_at(
    start: datetime, allowance: Allowance, calendar: WorkCalendar, pauses: Iterable[Pause]
) -> datetime | None:
    """Moment at which ``allowance`` that began at ``start`` is used up; None while it stands still.

    Pauses may overlap, come in any order, and begin before ``start``; what lies beyond the limit
    does not count. Raises: CalendarEmpty.
    """
    at, left = start, allowance.span
    for pause in sorted(pauses, key=lambda one: one.begins):
        if pause.ends is not None and pause.ends <= at:
            continue
        begins = max(pause.begins, at)
        used = spent(at, begins, calendar, allowance.round_the_clock)
        if used > left:
            break
        if pause.ends is None:
            return None
        at, left = pause.ends, left - used
    return clocks.due_at(at, Allowance(left, allowance.round_the_clock), calendar)


def spent(
    start: datetime, end: datetime, calendar: WorkCalendar, round_the_clock: bool
) -> timedelta:
    """How much of an allowance passes from ``start`` to ``end``; nothing when ``end`` is first."""
    if end <= start:
        return timedelta(0)
    if round_the_clock:
        return end - start
    return clocks.worked(start, end, calendar)
