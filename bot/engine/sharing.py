"""Who should hold which lease (分工): the same answer in every process that sees the same rows.

Pure. Nobody leads and nobody is told: each process computes this from the living processes and
the present holders, gives back what is not its own and takes what is free and its own. The lease
rows decide when two see different things for a moment. Called by ``bot.engine.keeper``.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import groupby

from storage.processes import Process


def shares(living: list[Process], holders: Mapping[str, str]) -> dict[str, str]:
    """Lease → owner, for each lease that somebody living seeks.

    ``living`` oldest first, ``holders`` as the lease rows say. Partitions are shared among
    themselves, all other leases among themselves; among processes that seek the same, numbers
    differ by one at most. A lease moves only to somebody who has two fewer.
    """
    names = sorted({name for one in living for name in one.seeks}, key=lambda n: (_kind(n), n))
    found: dict[str, str] = {}
    for _, kind in groupby(names, key=_kind):
        found |= _shared(tuple(kind), living, holders)
    return found


def _kind(name: str) -> str:
    return "partition" if name[0] == "p" and name[1:].isdigit() else "other"


def _shared(
    names: tuple[str, ...], living: list[Process], holders: Mapping[str, str]
) -> dict[str, str]:
    seeks = {one.owner: one.seeks for one in living}
    found = {n: holders[n] for n in names if n in seeks.get(holders.get(n, ""), ())}
    load = Counter(found.values())
    for name in names:
        if name not in found:
            _give(name, _least(name, living, load), found, load)
    while move := _unfair(names, living, found, load):
        _give(*move, found, load)
    return found


def _give(name: str, owner: str, found: dict[str, str], load: Counter[str]) -> None:
    load.subtract([found[name]] if name in found else [])
    load.update([owner])
    found[name] = owner


def _unfair(
    names: tuple[str, ...], living: list[Process], found: dict[str, str], load: Counter[str]
) -> tuple[str, str] | None:
    """A lease whose holder has two more than another who seeks it; that other."""
    for name in names:
        other = _least(name, living, load)
        if load[found[name]] - load[other] > 1:
            return name, other
    return None


def _least(name: str, living: list[Process], load: Counter[str]) -> str:
    """Who seeks it and has least to do; the oldest of those."""
    return min((one for one in living if name in one.seeks), key=lambda one: load[one.owner]).owner
