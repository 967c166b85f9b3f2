"""Who steps in (备勤接手、就近): the next one of the police when the owner is busy or silent.

First whoever is left of the grid itself, then the grids beside it by distance, those first whose
post is open now, at last the command room. Pure; ``handlers.stepping`` and ``routing`` ask.
"""

from collections.abc import Collection
from datetime import datetime

from config.people_rules import ZONE, Grid, Person
from config.rules import Rules
from config.vocabulary import Role

_ROLES = (Role.OFFICER, Role.AUXILIARY)
_LAST = (Role.COMMAND_ROOM, Role.LEADER)


def grids_by_distance(start: str, rules: Rules) -> list[tuple[Grid, int]]:
    """Every grid that can be reached from ``start`` over neighbours, with the number of steps.

    A neighbour that only one of two grids names counts for both.
    """
    found: dict[str, int] = {start: 0}
    ring = [start]
    while ring:
        reached = [other for one in ring for other in _beside(one, rules) if other not in found]
        steps = found[ring[0]] + 1
        found.update(dict.fromkeys(reached, steps))
        ring = list(dict.fromkeys(reached))
    pairs = ((rules.grid(grid), steps) for grid, steps in found.items())
    return [(grid, steps) for grid, steps in pairs if grid is not None]


def _beside(grid_id: str, rules: Rules) -> list[str]:
    grid = rules.grid(grid_id)
    named = list(grid.neighbours) if grid else []
    return named + [one.id for one in rules.grids.grids if grid_id in one.neighbours]


def is_open(grid: Grid, at: datetime) -> bool:
    """True when the post of the grid is open; where no hours are written it counts as closed."""
    return grid.post_hours is not None and grid.post_hours.covers(at.astimezone(ZONE))


def responders(
    grid_id: str, at: datetime, away: Collection[str], rules: Rules, not_again: Collection[str] = ()
) -> list[Person]:
    """Everybody who could step in, the nearest first; never anybody who is away or was asked."""
    order = sorted(
        grids_by_distance(grid_id, rules), key=lambda pair: (pair[1], not is_open(pair[0], at))
    )
    found = [
        person
        for grid, _ in order
        for role in _ROLES
        for person in rules.duty(role, at, grid.id, away)
    ]
    found += [person for role in _LAST for person in rules.duty(role, at, None, away)]
    return [person for person in dict.fromkeys(found) if person.id not in not_again]


def post_at(grid_id: str, at: datetime, rules: Rules) -> str:
    """The nearest post that is open at ``at``; the grid's own where none says its hours."""
    order = sorted(grids_by_distance(grid_id, rules), key=lambda pair: pair[1])
    open_then = (grid.post for grid, _ in order if grid.post_hours is None or is_open(grid, at))
    own = rules.grid(grid_id)
    return next(open_then, own.post if own else "")
