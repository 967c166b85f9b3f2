"""Reads a station's own test sentences (自己的测试句) and says how each stands.

Pure; called by ``check``, the trial of a change and the page of the rules.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.reading import GridView
from bot.domain.trying import GRADES, Said, read_as
from config.reading_rules import ReadingRules
from config.sentence_rules import NO_TICKET, Sentence
from config.vocabulary import Danger

_NAMES = {Danger.NONE: "无", Danger.SUSPECTED: "疑似", Danger.CONFIRMED: "险情"}
_SPOKEN = {"无": "", "疑似": "疑似险情", "险情": "险情"}
GridOf = Callable[[str], GridView | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """One sentence: how it should be read and how it is, in words; ``lost``: danger is missed."""

    text: str
    wanted: str
    found: str
    is_right: bool
    lost: bool = False


def standing(
    sentences: Iterable[Sentence], rules: ReadingRules, at: datetime, grid_of: GridOf
) -> list[Standing]:
    """How each sentence is read by these rules, in the order of the file."""
    names = {one.code: one.name for one in rules.categories}
    return [_one(one, rules, at, grid_of(one.chat), names) for one in sentences]


def _one(
    wanted: Sentence,
    rules: ReadingRules,
    at: datetime,
    grid: GridView | None,
    names: dict[str, str],
) -> Standing:
    found = read_as(Said(wanted.say, at, wanted.chat, wanted.at_us), rules, grid)
    grade, code = _NAMES[found.danger], found.category or NO_TICKET
    lost = GRADES.index(found.danger) < [*_NAMES.values()].index(wanted.danger)
    return Standing(
        text=wanted.say,
        wanted=_words(wanted.read or "", wanted.danger, names),
        found=_words(code if wanted.read else "", grade, names),
        is_right=grade == wanted.danger and wanted.read in (None, code),
        lost=lost,
    )


def _words(code: str, grade: str, names: dict[str, str]) -> str:
    """险情 · N03 市政设施, 不立单 and the like."""
    parts = (_SPOKEN[grade], f"{code} {names.get(code, '')}".strip())
    return " · ".join(part for part in parts if part) or "没有险情"
