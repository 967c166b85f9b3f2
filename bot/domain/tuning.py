"""Learns words by hand (调词): proposes words to add or to weaken, with figures a clerk can judge.

``propose`` compares how the rules read a site's own confirmed rows with what they turned out to
be. A word is a run of two to four Chinese characters seen in at least five tickets; names of
people and places and everything protected stay out. Nothing is changed here: a clerk accepts line
by line in ``run_bot.py tune``, and ``regressed`` shows which rows would be read otherwise. Pure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.proportions import Proportion
from bot.domain.words import is_han, normalise
from config.own_words import Level, levels_of, plain_words
from config.reading_rules import Category, ReadingRules

NEVER_LEARNT = frozenset({"P04", "P05", "P07", "P08", "P09", "P19", "P23"})
LEAST_TICKETS = 5
MOST_PROPOSALS = 40
_SHORTEST, _LONGEST = 2, 4
_SURE, _LIKELY, _UNLIKELY = 0.7, 0.5, 0.5
_NOT_FIRST = frozenset("的了着过吗呢吧啊呀哦嘛也都就还又很和跟与及们")
_NOT_LAST = frozenset("的吗呢吧啊呀哦嘛我你他她它们这那是在就也都还又很太把被给跟和与及个一")


class Direction(StrEnum):
    """What to do with a word."""

    ADD = "添"
    WEAKEN = "减"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was said, masked: what it turned out to be and how it is read now.

    Codes of categories; empty means that it is no report.
    """

    text: str
    truth: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line for the clerk: this word, for this category, at this weight, and why.

    ``precision``: of the rows with the word, those that are of the category; ``recall``: of the
    category's rows, those with the word; ``mended``: rows with it that are read wrongly now.
    """

    word: str
    category: str
    direction: Direction
    level: Level
    tickets: int
    precision: Proportion
    recall: Proportion
    mended: int


def propose(rows: Sequence[Row], rules: ReadingRules, names: Iterable[str] = ()) -> list[Proposal]:
    """Words to add or to weaken, the most useful first, at most ``MOST_PROPOSALS``.

    ``names`` of people, estates and landmarks are never proposed, nor anything that holds one.
    """
    never = NEVER_LEARNT | {c.code for c in rules.categories if c.protected}
    usable = [row for row in rows if not {row.truth, row.read_as} & never]
    categories = {c.code: c for c in rules.categories if c.code not in never}
    seen = _seen(usable, names)
    found = [*_additions(usable, seen, categories), *_weakenings(usable, categories)]
    found.sort(key=lambda p: (-p.mended, -p.precision.low, -p.tickets, p.category, p.word))
    return found[:MOST_PROPOSALS]


def regressed(rows: Sequence[Row], read: Callable[[str], str]) -> list[tuple[Row, str]]:
    """Rows that ``read`` takes for something else than ``read_as`` says, with what it says."""
    now = ((row, read(row.text)) for row in rows)
    return [(row, code) for row, code in now if code != row.read_as]


def _seen(rows: Sequence[Row], names: Iterable[str]) -> dict[str, frozenset[int]]:
    """In which rows each word stands; only words of at least five tickets."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    known = sorted({normalise(name).text for name in names if name}, key=len, reverse=True)
    named = re.compile("|".join(map(re.escape, known)) or r"(?!)")
    for index, row in enumerate(rows):
        for word in set(_grams(named.sub(" ", normalise(row.text).text))):
            found[word].add(index)
    return {word: frozenset(at) for word, at in found.items() if _tickets(rows, at)}


def _tickets(rows: Sequence[Row], at: Iterable[int]) -> int:
    """In how many tickets; 0 where they are fewer than five."""
    count = sum(1 for index in at if rows[index].truth)
    return count if count >= LEAST_TICKETS else 0


def _grams(text: str) -> Iterator[str]:
    """Every run of two to four Chinese characters that does not begin or end in a particle."""
    for start in range(len(text)):
        for end in range(start + 1, min(start + _LONGEST, len(text)) + 1):
            if not is_han(text[end - 1]):
                break
            if end - start >= _SHORTEST and _is_word(text[start:end]):
                yield text[start:end]


def _is_word(gram: str) -> bool:
    return gram[0] not in _NOT_FIRST and gram[-1] not in _NOT_LAST


def _additions(
    rows: Sequence[Row],
    seen: dict[str, frozenset[int]],
    categories: dict[str, Category],
) -> Iterator[Proposal]:
    """The longest of all words that stand in the same rows speaks for them."""
    sizes = Counter(row.truth for row in rows)
    best: dict[tuple[str, frozenset[int]], Proposal] = {}
    for word, at in seen.items():
        proposal = _addition(rows, word, at, categories, sizes)
        if proposal:
            known = best.get((proposal.category, at))
            if known is None or (len(word), known.word) > (len(known.word), word):
                best[proposal.category, at] = proposal
    yield from (one for one in best.values() if not _is_told_shorter(one, best.values()))


def _is_told_shorter(one: Proposal, others: Iterable[Proposal]) -> bool:
    """True when a shorter word inside it says the same at least as surely."""
    return any(
        other.word != one.word
        and other.word in one.word
        and other.category == one.category
        and other.precision.low >= one.precision.low
        for other in others
    )


def _addition(
    rows: Sequence[Row],
    word: str,
    at: frozenset[int],
    categories: dict[str, Category],
    sizes: Counter[str],
) -> Proposal | None:
    truths = Counter(rows[index].truth for index in at)
    code, hits = max(((c, n) for c, n in truths.items() if c), key=lambda pair: (pair[1], pair[0]))
    category = categories.get(code)
    if category is None:
        return None
    precision = Proportion(hits, len(at))
    mended = sum(rows[i].truth == code != rows[i].read_as for i in at)
    level = Level.WORD if precision.low >= _SURE and not truths[""] else Level.WEAK
    known = levels_of(category, word)
    if not mended or precision.low < _LIKELY or (known and known[0].rank <= level.rank):
        return None
    recall = Proportion(hits, sizes[code])
    tickets = _tickets(rows, at)
    return Proposal(word, code, Direction.ADD, level, tickets, precision, recall, mended)


def _weakenings(rows: Sequence[Row], categories: dict[str, Category]) -> Iterator[Proposal]:
    """Words of the rules that mostly stand in rows which turned out to be something else."""
    texts = [normalise(row.text).text for row in rows]
    for category in categories.values():
        for level in (Level.STRONG, Level.WORD, Level.WEAK):
            for word in plain_words(getattr(category, level.field)):
                at = [index for index, text in enumerate(texts) if word.lower() in text]
                proposal = _weakening(rows, category.code, word, level, at)
                if proposal:
                    yield proposal


def _weakening(
    rows: Sequence[Row], code: str, word: str, level: Level, at: list[int]
) -> Proposal | None:
    tickets, weaker = _tickets(rows, at), level.weaker
    mended = sum(rows[i].read_as == code != rows[i].truth for i in at)
    precision = Proportion(sum(rows[i].truth == code for i in at), len(at))
    if not tickets or not mended or weaker is None or precision.high >= _UNLIKELY:
        return None
    recall = Proportion(precision.hits, sum(row.truth == code for row in rows))
    return Proposal(word, code, Direction.WEAKEN, weaker, tickets, precision, recall, mended)
