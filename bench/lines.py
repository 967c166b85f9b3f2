"""A line of the performance table (性能表的一行): what is measured, its rounds, its limits.

A line is a ratio of ours to somebody else's, taken in one run: in each round both are measured one
after the other, who begins changes from round to round, and the median of the rounds is the
figure. Some lines have nobody beside them (milliseconds, lost events): there ``theirs`` is None.
Who measures makes a module whose ``run`` yields ``Found`` and names it in ``bench/table.py``.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Side:
    """What one side showed in one round: messages per second, milliseconds … and its CPU."""

    value: float
    cpu_us: float | None = None
    """Microseconds (user+sys of the measured process) per message."""


@dataclass(frozen=True, slots=True)
class Round:
    """Both sides, measured one after the other; without a peer ``theirs`` is None."""

    ours: Side
    theirs: Side | None = None

    @property
    def figure(self) -> float:
        """The ratio of the round; without a peer the value itself."""
        return self.ours.value / self.theirs.value if self.theirs else self.ours.value

    @property
    def cpu(self) -> float | None:
        """CPU of ours by CPU of theirs, for each message."""
        if self.theirs is None or not self.ours.cpu_us or not self.theirs.cpu_us:
            return None
        return self.ours.cpu_us / self.theirs.cpu_us


@dataclass(frozen=True, slots=True)
class Measure:
    """What a line measures and what it must reach."""

    name: str
    says: str
    """The row's words, ``ours ÷ theirs`` or what is counted."""
    floor: float
    goal: float
    unit: str = "×"
    less_is_better: bool = False
    value_unit: str = "/s"
    """Of the two sides' own values."""


@dataclass(frozen=True, slots=True)
class Found:
    """One measured row: a measure, where it ran, its rounds."""

    measure: Measure
    where: str
    """SQLite, PostgreSQL, … or the variant."""
    rounds: Sequence[Round]
    notes: Sequence[str] = field(default=())

    @property
    def median(self) -> float:
        """The figure of the row."""
        return statistics.median(one.figure for one in self.rounds)

    @property
    def span(self) -> tuple[float, float]:
        """The smallest and the largest round."""
        figures = [one.figure for one in self.rounds]
        return min(figures), max(figures)

    @property
    def grade(self) -> str:
        """``goal`` or ``floor``, whichever is reached, else ``below``."""
        if self._reaches(self.measure.goal):
            return "goal"
        return "floor" if self._reaches(self.measure.floor) else "below"

    def _reaches(self, limit: float) -> bool:
        return self.median <= limit if self.measure.less_is_better else self.median >= limit


_TITLES = (
    *("measure", "where", "n", "median (range)", "floor", "goal", "reached"),
    *("ours", "theirs", "CPU ours", "CPU ÷"),
)
HEAD = f"| {' | '.join(_TITLES)} |\n{'|---' * len(_TITLES)}|\n"


def row(found: Found) -> str:
    """The Markdown row, with its newline."""
    what, (low, high) = found.measure, found.span
    unit = what.unit if what.unit == "×" else f" {what.unit}"
    cells = (
        what.says,
        found.where,
        str(len(found.rounds)),
        f"{_short(found.median)}{unit} ({_short(low)}–{_short(high)})",
        f"{_short(what.floor)}{unit}",
        f"{_short(what.goal)}{unit}",
        found.grade,
        *_sides(found),
    )
    return f"| {' | '.join(cells)} |\n"


def _sides(found: Found) -> tuple[str, str, str, str]:
    unit = found.measure.value_unit
    ours = _middle([one.ours.value for one in found.rounds])
    theirs = _middle([one.theirs.value for one in found.rounds if one.theirs])
    cpu = _middle([one.ours.cpu_us for one in found.rounds])
    ratio = _middle([one.cpu for one in found.rounds])
    return (
        f"{_short(ours)}{unit}" if ours is not None else "–",
        f"{_short(theirs)}{unit}" if theirs is not None else "–",
        f"{_short(cpu)} µs" if cpu is not None else "–",
        f"{_short(ratio)}×" if ratio is not None else "–",
    )


def _middle(values: Sequence[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return statistics.median(known) if known else None


def _short(value: float) -> str:
    """Three figures that mean something; whole numbers from a hundred on."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def alternating(
    ours: Callable[[], Side], theirs: Callable[[], Side], rounds: int = ROUNDS
) -> list[Round]:
    """So many rounds of both, each beginning where the last one ended."""
    found = []
    for number in range(rounds):
        if number % 2:
            second = theirs()
            found.append(Round(ours(), second))
        else:
            first = ours()
            found.append(Round(first, theirs()))
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """How a run was asked for: rounds, and a factor on seconds and messages (``--short``)."""

    rounds: int = ROUNDS
    scale: float = 1.0


Run = Callable[[Asked], Iterator[Found]]
