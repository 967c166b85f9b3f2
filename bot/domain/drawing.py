"""Draws a fair handful (抽样): the same share of each kind, at random, the same for the same seed.

A kind with too little gives its places to the others. Pure; used by the daily sample.
"""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def draw(pools: Mapping[str, Sequence[T]], count: int, seed: str) -> list[T]:
    """At most ``count`` of all pools, shared out evenly, in random order.

    The same pools and seed give the same draw, so that a repeated event draws nothing else.
    """
    dice = random.Random(seed)  # noqa: S311 - a sample that can be checked, not a secret
    mixed = {name: dice.sample(list(pool), len(pool)) for name, pool in pools.items()}
    taken: list[T] = []
    while len(taken) < count and any(mixed.values()):
        for pool in mixed.values():
            if pool and len(taken) < count:
                taken.append(pool.pop())
    dice.shuffle(taken)
    return taken
