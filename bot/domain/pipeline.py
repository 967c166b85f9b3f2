"""四级工作机制: whether a report waits for its grid leader before the officer judges it.

Grid worker reports → grid leader merges, adds, comments, approves → community officer gives level
and route → joint solving. Switched on for each grid in grids.yaml (``pipeline: four``). Pure; asked
by ``handlers.opening``, which ``handlers.tiers`` then carries on.
"""

from collections.abc import Collection
from datetime import datetime

from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Danger, Role, Urgency

TIMER = "tier"
_WORKERS = (Role.GRID_WORKER, Role.MICRO_WORKER, Role.ASSISTANT)
AT_ONCE = (Urgency.U1, Urgency.U2)


def reader(
    *,
    grid_id: str,
    category: str,
    urgency: Urgency,
    danger: Danger,
    protected: bool,
    carrier: str,
    at: datetime,
    away: Collection[str],
    rules: Rules,
) -> Person | None:
    """The grid leader who reads it first; None where it goes straight on.

    Straight on go danger, what is protected or urgent, what is for the police alone, what nobody
    of the grid's workers reported, and everything while the leader is away.
    """
    grid, worker = rules.grid(grid_id), rules.person(carrier)
    if grid is None or worker is None or grid.pipeline != "four" or worker.role not in _WORKERS:
        return None
    if danger is not Danger.NONE or protected or urgency in AT_ONCE:
        return None
    if rules.is_police_only(category):
        return None
    leader = rules.stand_in(grid.leader, at, away)
    return leader if leader and leader.role is Role.GRID_LEADER and leader != worker else None
