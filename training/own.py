"""A site's own second reader (本所的模型): the shipped one, taught two questions anew.

Kind and category are fitted on the corpus and the site's confirmed tickets together. Danger,
despair and danger class are taken from the shipped model as they are: no one confirmed for a
ticket's words that they were none, and what is closed calmly must not teach calm. The shipped
features stay; words of the site join them only where several people use them. The same tickets
give the same model. Called by ``training.site``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from bot.domain.features import sign
from bot.domain.second import SIGN_WORTH, Head, SecondReader
from bot.domain.tuning import LEAST_TICKETS
from bot.domain.words import normalise
from config.reading_rules import ReadingRules
from training.corpus import Row
from training.fit import Example, Question, filled, questions, small
from training.space import Seen, Space, seen
from training.tickets import Confirmed

TAUGHT = ("kind", "category")
OWN_WORTH = 2.0
"""One ticket weighs as much as two messages of the corpus: real, but of one place only."""
KIND_SHARE = 0.1
"""Nearly all tickets are reports; more than this and chat would open tickets."""
MOST_ADDED = 4_000
_NO_WRITER = -1


@dataclass(frozen=True, slots=True)
class Lesson:
    """A ticket as numbers; ``shareable`` are its n-grams without names of people and places."""

    told: Confirmed
    seen: Seen
    shareable: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class School:
    """What every model of this site begins with; the corpus is looked at once."""

    base: SecondReader
    factors: dict[str, float]
    rows: Sequence[Row]
    looked: Sequence[Seen]
    rules: ReadingRules

    def taught(self, lessons: Sequence[Lesson]) -> tuple[SecondReader, int]:
        """(the model that also knows ``lessons``, how many features they added)."""
        added = added_features(lessons, {*self.base.features.tolist()})
        signs = {name for one in self.looked for name in one.signs}
        space = _widened(self.base, added, len(lessons), signs)
        matrix = space.matrix([*self.looked, *(lesson.seen for lesson in lessons)])
        asked = questions(self.rows, self.rules)
        reader = _kept(self.base, space)
        for name in TAUGHT:
            question = _joined(name, asked[name], len(self.rows), lessons)
            reader = _with(reader, name, question, matrix, self.factors[name])
        return reader, len(added)


def lessons_of(
    told: Iterable[Confirmed], rules: ReadingRules, names: Iterable[str]
) -> list[Lesson]:
    """Every ticket as numbers; nothing that holds one of ``names`` is shareable."""
    known = sorted({normalise(name).text for name in names if name}, key=len, reverse=True)
    named = re.compile("|".join(map(re.escape, known)) or r"(?!)")
    found = []
    for one in told:
        plain = named.sub(" ", normalise(one.text).text)
        found.append(Lesson(one, seen(one.text, rules), seen(plain, rules).grams))
    return found


def added_features(lessons: Sequence[Lesson], known: set[int]) -> dict[int, int]:
    """N-grams that join the model, with the number of tickets that have them.

    Each stands in at least five tickets of at least five people; all tickets of which nobody knows
    who reported them count as one person's. At most ``MOST_ADDED``, the commonest.
    """
    tickets: Counter[int] = Counter()
    people: defaultdict[int, set[str]] = defaultdict(set)
    for lesson in lessons:
        for number in lesson.shareable.tolist():
            if number not in known:
                tickets[number] += 1
                people[number].add(lesson.told.by)
    shared = [n for n in tickets if len(people[n]) >= LEAST_TICKETS]
    shared.sort(key=lambda number: (-tickets[number], number))
    return {number: tickets[number] for number in shared[:MOST_ADDED]}


def weight_of(corpus: float, own: int, share: float = 1.0) -> float:
    """What one of ``own`` tickets of a class weighs beside ``corpus`` messages of it.

    Two, but all together at most ``share`` of what the corpus weighs; a class that the corpus does
    not have is the site's alone.
    """
    return min(OWN_WORTH, share * corpus / own) if corpus else OWN_WORTH


def _widened(base: SecondReader, added: dict[int, int], total: int, signs: set[str]) -> Space:
    """The shipped features as they are, and the new ones: words, and signs of the site's rules.

    A new word is worth what it is worth among the site's tickets: the corpus would call it very
    rare, and it would drown what else a message says.
    """
    worth = {n: float(np.log((1 + total) / (1 + count))) + 1.0 for n, count in added.items()}
    worth |= {sign(name): SIGN_WORTH for name in signs}
    worth |= dict(zip(base.features.tolist(), base.worth.tolist(), strict=True))
    numbers = sorted(worth)
    values = np.array([worth[number] for number in numbers])
    return Space(np.array(numbers, np.uint32), values, {n: i for i, n in enumerate(numbers)})


def _joined(name: str, question: Question, begin: int, lessons: Sequence[Lesson]) -> Question:
    """The question with the tickets as further examples, from line ``begin`` on."""
    answers = [_answer(name, lesson.told) for lesson in lessons]
    sizes = Counter(answers)
    corpus: defaultdict[str, float] = defaultdict(float)
    for _, label, weight in question.examples:
        corpus[label] += weight
    share = KIND_SHARE if name == "kind" else 1.0
    own: list[Example] = [
        (begin + line, label, weight_of(corpus[label], sizes[label], share))
        for line, label in enumerate(answers)
        if label in question.classes
    ]
    return replace(question, examples=[*question.examples, *own])


def _answer(name: str, told: Confirmed) -> str:
    if name == "category":
        return told.truth
    return "report" if told.truth else "chat"


def _kept(base: SecondReader, space: Space) -> SecondReader:
    """The questions that are not taught anew: every weight of theirs, none for new features."""
    heads: dict[str, Head] = {}
    columns: list[int] = []
    for name, head in base.heads.items():
        if name not in TAUGHT:
            heads[name] = Head(head.classes, len(columns))
            columns += range(head.start, head.stop)
    weights = np.zeros((len(space.numbers), len(columns)), np.int8)
    weights[[space.at[n] for n in base.features.tolist()]] = base.weights[:, columns]
    return SecondReader(
        features=space.numbers,
        worth=space.worth.astype(np.float32),
        weights=weights,
        scales=base.scales[columns],
        biases=base.biases[columns],
        heads=heads,
    )


def _with(
    reader: SecondReader, name: str, question: Question, matrix: sp.csr_matrix, factor: float
) -> SecondReader:
    """The reader with one more question."""
    weights, biases = filled(question, matrix, factor)
    whole, scales = small(weights.T)
    head = Head(question.classes, len(reader.scales))
    return replace(
        reader,
        weights=np.hstack((reader.weights, whole)),
        scales=np.concatenate((reader.scales, scales)),
        biases=np.concatenate((reader.biases, biases.astype(np.float32))),
        heads={**reader.heads, name: head},
    )
