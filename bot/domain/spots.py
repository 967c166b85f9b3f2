"""Whether two spots can be one (是不是一个地方), from their place keys ``grid|spot``.

Called by ``bot.domain.deciding``, which makes the keys.
"""

import re

_BUILDING = re.compile(r"[0-9a-z甲乙丙丁]{1,4}")


def fits(one: str, other: str) -> bool:
    """True when both are the same, or one was not said."""
    return not one or not other or one == other


def apart(one: str, other: str) -> bool:
    """True for two different buildings; a gate or a shop may stand in front of either."""
    spots = [key.partition("|")[2] for key in (one, other)]
    return one != other and all(_BUILDING.fullmatch(spot) for spot in spots)
