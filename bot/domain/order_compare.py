"""What WeCom's grids and ours say differently (对照网格): who is missing where, nothing is changed.

Grids belong together by name, else by id. WeCom's admins and members are held against everybody
whom grids.yaml names in a grid; accounts that the roster does not know are named apart. Used by
``commands.orders``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from config.people_rules import Grid
from config.rules import Rules


@dataclass(frozen=True, slots=True)
class TheirGrid:
    """A grid of WeCom; ``has_children`` marks a community or street above the grids."""

    id: str
    name: str
    admins: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    has_children: bool = False


@dataclass(frozen=True, slots=True)
class GridDiff:
    """One grid on both sides and what differs; account names in WeCom's order."""

    ours: Grid
    theirs: TheirGrid
    missing_here: tuple[str, ...]
    missing_there: tuple[str, ...]
    strangers: tuple[str, ...]

    @property
    def new_workers(self) -> tuple[str, ...]:
        """Members of WeCom's grid whom the roster knows and grids.yaml does not name in it."""
        return tuple(user for user in self.missing_here if user in self.theirs.members)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs."""

    pairs: tuple[GridDiff, ...]
    only_there: tuple[TheirGrid, ...]
    only_here: tuple[Grid, ...]
    categories_there: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """True when nothing differs."""
        differs = any(p.missing_here or p.missing_there or p.strangers for p in self.pairs)
        return not (differs or self.only_there or self.only_here or self.categories_there)


def compare(rules: Rules, theirs: Sequence[TheirGrid], categories: Sequence[str]) -> Comparison:
    """What differs between WeCom's grids and categories and this site's rules."""
    found = [(grid, _ours(rules, grid)) for grid in theirs]
    matched = {ours.id for _, ours in found if ours is not None}
    named = {category.name for category in rules.reading.categories}
    return Comparison(
        pairs=tuple(_diff(rules, ours, grid) for grid, ours in found if ours is not None),
        only_there=tuple(g for g, ours in found if ours is None and not g.has_children),
        only_here=tuple(g for g in rules.grids.grids if g.id not in matched),
        categories_there=tuple(dict.fromkeys(name for name in categories if name not in named)),
    )


def _ours(rules: Rules, theirs: TheirGrid) -> Grid | None:
    by_name = [grid for grid in rules.grids.grids if grid.name == theirs.name]
    return by_name[0] if len(by_name) == 1 else rules.grid(theirs.id)


def _diff(rules: Rules, ours: Grid, theirs: TheirGrid) -> GridDiff:
    there = tuple(dict.fromkeys((*theirs.admins, *theirs.members)))
    known = [user for user in there if rules.person(user) is not None]
    return GridDiff(
        ours=ours,
        theirs=theirs,
        missing_here=tuple(user for user in known if user not in ours.team),
        missing_there=tuple(user for user in ours.team if user not in there),
        strangers=tuple(user for user in there if user not in known),
    )
