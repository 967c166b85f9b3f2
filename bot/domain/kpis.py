"""What the figures of a station (指标) are made of, and how one of them is said.

``Matter`` is a ticket that the rules have judged, ``Book`` all that a period has, ``Figure`` one
result with its base. A share is no per cent below a base of ten and says how sure it is (Wilson);
numbers stand always. Pure; the definitions are in ``bot.domain.kpi_rows``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bot.domain.proportions import Proportion

LEAST = 10  # below this a share says nothing (field practice: no % under a base of ten)


class Fate(StrEnum):
    """What became of a matter by the end of the period."""

    OPEN = "open"
    OUTSIDE = "outside"
    CLOSED = "closed"
    REJECTED = "rejected"
    VOID = "void"
    MERGED = "merged"


class Timing(StrEnum):
    """How a limit was kept; ``RUNNING`` is not over yet, ``NONE`` had no limit."""

    IN_TIME = "in_time"
    LATE = "late"
    RUNNING = "running"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One ticket as the figures see it; what is judged by rules has been judged."""

    category: str = ""
    grid: str = ""
    unit: str = ""
    origin: str = ""
    fate: Fate = Fate.OPEN
    is_new: bool = False
    ended_now: bool = False
    came_back: bool = False
    was_reopened: bool = False
    is_touched: bool = False
    is_non_police: bool = False
    is_dispute: bool = False
    is_criminal: bool = False
    is_settled: bool = False
    is_repeat: bool = False
    was_given: bool = False
    was_diverted: bool = False
    was_returned: bool = False
    was_extended: bool = False
    sign: Timing = Timing.NONE
    sign_span: timedelta | None = None
    contact: Timing = Timing.NONE
    due: Timing = Timing.NONE
    overdue_by: timedelta | None = None

    @property
    def is_real(self) -> bool:
        """True for what was a matter of its own: taken on, and no part of another one."""
        return self.fate not in (Fate.REJECTED, Fate.VOID, Fate.MERGED)

    @property
    def is_taken(self) -> bool:
        """True for what was taken on, merged ones included: this is what 登记 counts."""
        return self.fate not in (Fate.REJECTED, Fate.VOID)

    @property
    def is_closed_now(self) -> bool:
        """True for what was closed in the period: this is what 办结 counts."""
        return self.ended_now and self.fate is Fate.CLOSED

    @property
    def is_open(self) -> bool:
        """True while somebody has to do something, here or in a department."""
        return self.fate in (Fate.OPEN, Fate.OUTSIDE)


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``n``."""

    hits: int = 0
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All that the figures of a period rest on."""

    matters: Sequence[Matter] = ()
    response: Share = Share()
    solved: Share = Share()
    satisfied: Share = Share()
    rated: Share = Share()
    left_out: Share = Share()
    reasons: str = ""
    diverted: int = 0
    divert_returned: int = 0
    judged: Share = Share()
    lasting: Share = Share()
    hazards: Share = Share()
    burden: str = ""
    new: tuple[Matter, ...] = field(init=False)
    real: tuple[Matter, ...] = field(init=False)
    closed: tuple[Matter, ...] = field(init=False)
    due: tuple[Matter, ...] = field(init=False)

    def __post_init__(self) -> None:
        """The parts that most figures rest on: new, real, closed and due."""
        new = tuple(one for one in self.matters if one.is_new)
        closed = (one for one in self.matters if one.is_closed_now)
        due = (one for one in self.matters if one.due is not Timing.NONE)
        object.__setattr__(self, "new", new)
        object.__setattr__(self, "real", tuple(one for one in new if one.is_real))
        object.__setattr__(self, "closed", tuple(closed))
        object.__setattr__(self, "due", tuple(due))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: ``hits`` of ``n``, or ``value`` in words; ``note`` says what was left out."""

    key: str
    name: str
    formula: str
    hits: int
    n: int
    value: str = ""
    note: str = ""

    @property
    def percent(self) -> str:
        """``90%``; empty where the base is too small, or where it is no share."""
        is_share = not self.value and self.n >= LEAST
        return f"{self.hits / self.n:.1%}" if is_share else ""

    @property
    def interval(self) -> str:
        """``79–96%``: where the true share lies with 95 %; empty where there is no per cent."""
        sure = Proportion(self.hits, self.n)
        return f"{sure.low * 100:.0f}–{sure.high:.0%}" if self.percent else ""

    @property
    def range(self) -> tuple[float, float, float] | None:
        """The share and both ends of its interval, in per cent; None where there is no per cent."""
        sure = Proportion(self.hits, self.n)
        ends = (sure.share, sure.low, sure.high)
        share, low, high = (round(one * 100, 1) for one in ends)
        return (share, low, high) if self.percent else None

    @property
    def words(self) -> str:
        """``45/50（90.0%）``; without the per cent below ten; the value where it is no share."""
        if self.value:
            return self.value
        return f"{self.hits}/{self.n}" + (f"（{self.percent}）" if self.percent else "")


def change(now: int, before: int) -> str:
    """``12件，比8件多4件``; the per cent stands only where the base is ten or more."""
    more = now - before
    said = f"多{more}件" if more > 0 else f"少{-more}件" if more else "一样"
    percent = f"，{more / before:+.1%}" if before >= LEAST else ""
    return f"{before}件，{said}{percent}"


@dataclass(frozen=True, slots=True)
class Group:
    """The plain numbers of one class, grid or unit."""

    name: str
    opened: int
    closed: int
    open: int
    overdue: int


def grouped(matters: Sequence[Matter], key: Callable[[Matter], str]) -> list[Group]:
    """The numbers by ``key``, most newcomers first; no share, so nobody is ranked by one."""
    found: dict[str, list[Matter]] = {}
    for one in matters:
        found.setdefault(key(one), []).append(one)
    groups = [_group(name, those) for name, those in found.items()]
    return sorted(groups, key=lambda one: (-one.opened, -one.open, one.name))


def _group(name: str, those: list[Matter]) -> Group:
    return Group(
        name=name,
        opened=sum(one.is_new and one.is_taken for one in those),
        closed=sum(one.is_closed_now for one in those),
        open=sum(one.is_open for one in those),
        overdue=sum(one.is_open and one.overdue_by is not None for one in those),
    )
