"""How good each row of the diversion list is (清单优化): diverted, returned, on time, satisfied.

Counts by row and version and says how many each share rests on; below five it proposes nothing.
Pure; used by the chat command and by ``run_bot.py divert``.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

LEAST = 5
_LEAST_FOR_PERCENT = 10
_TOO_MANY_RETURNS, _TOO_FEW_IN_TIME, _TOO_FEW_SATISFIED = 0.2, 0.8, 0.6
_SATISFIED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """One diversion and how it ended; ``row`` is empty where no row of the list said so."""

    row: str
    version: str
    department: str
    was_returned: bool
    is_answered: bool
    was_on_time: bool
    rating: int | None


@dataclass(frozen=True, slots=True)
class Precision:
    """What a row has led to."""

    row: str
    version: str
    department: str
    diverted: int
    returned: int
    answered: int
    on_time: int
    rated: int
    satisfied: int


def counted(fates: Iterable[Fate]) -> list[Precision]:
    """One figure for each row, version and department; the most used first."""
    groups: dict[tuple[str, str, str], list[Fate]] = defaultdict(list)
    for fate in fates:
        groups[fate.row, fate.version, fate.department].append(fate)
    found = [_precision(key, those) for key, those in groups.items()]
    return sorted(found, key=lambda one: (-one.diverted, one.row, one.version, one.department))


def _precision(key: tuple[str, str, str], those: list[Fate]) -> Precision:
    ratings = [fate.rating for fate in those if fate.rating is not None and fate.is_answered]
    return Precision(
        *key,
        diverted=len(those),
        returned=sum(fate.was_returned for fate in those),
        answered=sum(fate.is_answered for fate in those),
        on_time=sum(fate.is_answered and fate.was_on_time for fate in those),
        rated=len(ratings),
        satisfied=sum(score >= _SATISFIED for score in ratings),
    )


def lines(fates: Iterable[Fate], days: int) -> list[str]:
    """The figures as people read them, each share with what it rests on."""
    found = counted(fates)
    if not found:
        return [f"近{days}天没有分流。"]
    total = sum(one.diverted for one in found)
    returned = sum(one.returned for one in found)
    head = f"清单优化（近{days}天，仅统计本系统登记事项，不含110警情）：分流{total}件，"
    return [f"{head}退回{share(returned, total)}", *(_line(one) for one in found)]


def _line(one: Precision) -> str:
    row = f"{one.row or '人工分流'}（{one.version}）→{one.department}"
    figures = (
        f"分流{one.diverted}，退回{share(one.returned, one.diverted)}，"
        f"按时{share(one.on_time, one.answered)}，满意{share(one.satisfied, one.rated)}"
    )
    hint = hint_of(one)
    return f"{row}：{figures}。{hint}" if hint else f"{row}：{figures}"


def hint_of(one: Precision) -> str:
    """What a clerk should look at; empty while the numbers are small or good."""
    if not one.row and one.diverted >= LEAST:
        return "常靠人工分流，看看要不要在清单里加一行"
    if one.diverted >= LEAST and one.returned > _TOO_MANY_RETURNS * one.diverted:
        return "退回多，看看条件和部门写得对不对"
    if one.answered >= LEAST and one.on_time < _TOO_FEW_IN_TIME * one.answered:
        return "常超时，看看时限，或请综治中心协调"
    if one.rated >= LEAST and one.satisfied < _TOO_FEW_SATISFIED * one.rated:
        return "满意的少，请部门说说卡在哪"
    return ""


def share(part: int, whole: int) -> str:
    """A percentage only from ten on: below that it says nothing."""
    return (
        f"{part}/{whole}（{part / whole:.0%}）"
        if whole >= _LEAST_FOR_PERCENT
        else f"{part}/{whole}"
    )
