"""What a change of the rules would do (试算): old and new rules read the same sentences.

Two sets of sentences: what was said last week, masked, and one made of every word of the old
danger lines, so that a danger word cannot go unseen because nobody happened to say it. Pure; the
roof calls it in a process of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.reading import GridView, read
from config.reading_rules import ReadingRules
from config.vocabulary import Danger, Kind

MOST_SHOWN = 30
_LONGEST = 80
_GROUP = re.compile(r"<([^<>]+)>")
GRADES = (Danger.NONE, Danger.SUSPECTED, Danger.CONFIRMED)


class Sort(StrEnum):
    """How a sentence is read otherwise; the gravest first."""

    DANGER_LOST = "danger_lost"  # 险情读漏了，或降了一级
    DANGER_GAINED = "danger_gained"  # 新读成险情，或升了一级
    CLOSED = "closed"  # 原来立单，现在不立
    OPENED = "opened"  # 原来不立，现在立单
    OTHER = "other"  # 换了类别


@dataclass(frozen=True, slots=True)
class Said:
    """One masked sentence of last week; ``hidden`` counts, and its words are shown to nobody."""

    text: str
    at: datetime
    chat: str = ""
    addressed: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """How it is read: the category under which it opens a ticket (empty: none), and the danger."""

    category: str
    danger: Danger


@dataclass(frozen=True, slots=True)
class Changed:
    """A sentence that is read otherwise."""

    sort: Sort
    text: str
    was: str
    now: str


def read_as(said: Said, rules: ReadingRules, grid: GridView | None = None) -> Read:
    """How these rules read it."""
    found = read(said.text, said.at, grid, rules, addressed=said.addressed)
    code = (found.category or "") if found.kind is Kind.REPORT else ""
    return Read(code, found.danger)


def sort_of(was: Read, now: Read) -> Sort | None:
    """What is otherwise; None when nothing is."""
    grades = GRADES.index(was.danger), GRADES.index(now.danger)
    if grades[0] != grades[1]:
        return Sort.DANGER_LOST if grades[0] > grades[1] else Sort.DANGER_GAINED
    if was.category == now.category:
        return None
    if was.category and now.category:
        return Sort.OTHER
    return Sort.CLOSED if was.category else Sort.OPENED


def compared(
    lines: Sequence[Said],
    old: ReadingRules,
    new: ReadingRules,
    grids: dict[str, GridView | None],
    secret: frozenset[str],
) -> tuple[dict[Sort, int], list[Changed]]:
    """How many are read otherwise, and the first of each sort in words.

    What either side reads as one of the ``secret`` categories is counted and never shown.
    """
    counts = dict.fromkeys(Sort, 0)
    shown: list[Changed] = []
    for line in lines:
        grid = grids.get(line.chat)
        was, now = read_as(line, old, grid), read_as(line, new, grid)
        sort = sort_of(was, now)
        if sort is None:
            continue
        counts[sort] += 1
        is_secret = line.hidden or {was.category, now.category} & secret
        if not is_secret and counts[sort] <= MOST_SHOWN:
            shown.append(Changed(sort, line.text[:_LONGEST], _words(was, old), _words(now, new)))
    order = list(Sort)
    return counts, sorted(shown, key=lambda one: order.index(one.sort))


def lost(sentences: Iterable[str], at: datetime, old: ReadingRules, new: ReadingRules) -> list[str]:
    """The sentences that the old rules read as danger and the new ones no more, or as less."""
    found = []
    for text in sentences:
        said = Said(text, at)
        now = read_as(said, new)
        if now.danger is Danger.CONFIRMED:
            continue  # more it cannot be
        if sort_of(read_as(said, old), now) is Sort.DANGER_LOST:
            found.append(text)
    return found


def danger_sentences(rules: ReadingRules) -> tuple[str, ...]:
    """Short sentences that hold every word of every danger line at least once."""
    lines = (line for rule in rules.danger for line in (*rule.sure, *rule.signs))
    return tuple(dict.fromkeys(text for line in lines for text in _sentences(line, rules)))


def _sentences(line: str, rules: ReadingRules) -> Iterator[str]:
    """As many as the longest list of alternatives has; the others begin again at their end."""
    needs = line.split("!")[0]
    pieces = re.split(r"[+…]", needs)
    terms = [_words_of(piece, rules) for piece in pieces]
    for turn in range(max(len(term) for term in terms)):
        yield "，".join(term[turn % len(term)] for term in terms)


def _words_of(piece: str, rules: ReadingRules) -> list[str]:
    found: list[str] = []
    for part in (part.strip() for part in piece.split("|")):
        group = _GROUP.fullmatch(part)
        if group:
            found += [word for inner in rules.cues[group[1]] for word in _words_of(inner, rules)]
        else:
            found.append(part.strip("^$ "))
    return found


def _words(read: Read, rules: ReadingRules) -> str:
    """险情 · 邻里纠纷, 不立单 and the like."""
    names = {c.code: c.name for c in rules.categories}
    code = f"{read.category} {names.get(read.category, '')}".strip() or "不立单"
    grade = {Danger.SUSPECTED: "疑似险情 · ", Danger.CONFIRMED: "险情 · "}
    return f"{grade.get(read.danger, '')}{code}"
