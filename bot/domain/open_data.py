"""Counts that may be given to everybody (开放数据): no row speaks of fewer than five, in any way.

Every matter stands in one row at most. A cell with fewer than ``K`` matters, or of fewer than ``K``
reporters, is merged into 其余 of its class; where that would still be small, the smallest open
cells of the class go with it (complementary suppression), and classes that are small as a whole go
together the same way. So totals are sums of rows that stand there, and subtracting gives rows
again, never a cell that was merged. Pure; called by ``commands.opendata``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

K = 5
REST, TOTAL, REST_CLASS, ALL = "其余合并", "合计", "其余类别合并", "全部"
Cells = Mapping[tuple[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One published count; ``cells`` are what it is the sum of, never written anywhere."""

    group: str
    part: str
    count: int
    cells: frozenset[tuple[str, str]]

    @property
    def is_total(self) -> bool:
        """True for a sum of other rows."""
        return self.part == TOTAL or self.group == ALL


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table, and whether too few were left over to be counted at all."""

    rows: tuple[Row, ...]
    is_short: bool


def table(cells: Cells, k: int = K) -> Table:
    """What may be published of ``cells``: reporters by (group, part), one for each matter."""
    groups: dict[str, dict[str, Sequence[str]]] = {}
    for (group, part), members in cells.items():
        if members:
            groups.setdefault(group, {})[part] = members
    whole = {
        group: [one for those in parts.values() for one in those] for group, parts in groups.items()
    }
    open_ones, pooled, is_good = _parted(whole, k)
    rows = [row for group in open_ones for row in _of_group(group, groups[group], k)]
    if pooled and is_good:
        inside = frozenset((group, part) for group in pooled for part in groups[group])
        rows.append(Row(REST_CLASS, TOTAL, sum(len(whole[group]) for group in pooled), inside))
    return Table((*rows, *_all(rows)), is_short=bool(pooled) and not is_good)


def _of_group(group: str, parts: Mapping[str, Sequence[str]], k: int) -> list[Row]:
    """The rows of a class that is large enough as a whole."""
    shown, merged, _ = _parted(parts, k)
    rows = [
        Row(group, part, len(parts[part]), frozenset({(group, part)})) for part in sorted(shown)
    ]
    if merged:
        inside = frozenset((group, part) for part in merged)
        rows.append(Row(group, REST, sum(len(parts[part]) for part in merged), inside))
    everything = frozenset((group, part) for part in parts)
    return [*rows, Row(group, TOTAL, sum(map(len, parts.values())), everything)]


def _all(rows: Sequence[Row]) -> list[Row]:
    totals = [row for row in rows if row.part == TOTAL]
    if not totals:
        return []
    inside = frozenset(cell for row in totals for cell in row.cells)
    return [Row(ALL, TOTAL, sum(row.count for row in totals), inside)]


def _parted(parts: Mapping[str, Sequence[str]], k: int) -> tuple[list[str], list[str], bool]:
    """Which parts stand alone, which are merged, and whether those are enough together."""
    shown = sorted(
        (name for name in parts if is_enough(parts[name], k)), key=lambda n: len(parts[n])
    )
    merged = sorted(name for name in parts if name not in set(shown))
    while merged and shown and not is_enough(_members(parts, merged), k):
        merged.append(shown.pop(0))
    return shown, merged, is_enough(_members(parts, merged), k)


def _members(parts: Mapping[str, Sequence[str]], names: Iterable[str]) -> list[str]:
    return [one for name in names for one in parts[name]]


def is_enough(members: Sequence[str], k: int = K) -> bool:
    """True when so many matters, of so many reporters, stand behind it."""
    return len(members) >= k and len(set(members)) >= k
