"""Whether two spots can be one (是不是一个地方), from their place keys ``grid|spot``.

Called by ``bot.domain.deciding``, which makes the keys.
"""

import re

from config.alike_rules import Alike

_BUILDING = re.compile(r"[0-9a-z甲乙丙丁]{1,4}")


def fits(one: str, other: str) -> bool:
    """True when both are the same, or one was not said."""
    return not one or not other or one == other


def other_stairwell(one: str, other: str, category: str, rules: Alike) -> bool:
    """True for two stairwells (单元), both named, where a matter of this category is of one."""
    return bool(one and other) and one != other and category in rules.by_stairwell


def apart(one: str, other: str) -> bool:
    """True for two different buildings; a gate or a shop may stand in front of either."""
    spots = [key.partition("|")[2] for key in (one, other)]
    return one != other and all(_BUILDING.fullmatch(spot) for spot in spots)
