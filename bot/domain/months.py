"""Which month a report is asked for (哪个月): 上月, 2月, 2026年2月, or the one that runs.

Looks back: 11月 said in March is that of the year before. Pure; called by ``handlers``.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.clocks import ZONE

_NAMED = re.compile(r"(?:(\d{4})\s*年)?\s*(1[0-2]|0?[1-9])\s*月(?:份)?")
_BEFORE = ("上月", "上个月")


@dataclass(frozen=True, slots=True)
class Month:
    """From its first moment to its last, or to now while it runs; ``name`` is how people say it."""

    since: datetime
    until: datetime
    name: str


def month_of(words: str, now: datetime) -> Month:
    """The month that ``words`` name; the running one where they name none."""
    local = now.astimezone(ZONE)
    first = _midnight(local, local.year, local.month)
    if any(word in words for word in _BEFORE):
        first = (first - timedelta(days=1)).replace(day=1)
    elif found := _NAMED.search(words):
        month = int(found[2])
        year = int(found[1]) if found[1] else local.year - (month > local.month)
        first = _midnight(local, year, month)
    after = (first + timedelta(days=32)).replace(day=1)
    until = min(after, local) if first <= local else after
    name = f"{first.year}年{first.month}月" if first.year != local.year else f"{first.month}月"
    return Month(first.astimezone(now.tzinfo), until.astimezone(now.tzinfo), name)


def _midnight(local: datetime, year: int, month: int) -> datetime:
    return local.replace(year=year, month=month, day=1, hour=0, minute=0, second=0, microsecond=0)
