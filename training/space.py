"""The features of a training set (特征空间), valued exactly as the second reader values them.

Called by ``training.fit``; the numbers themselves come from ``bot.domain.features``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from bot.domain.features import grams, sign
from bot.domain.reading import observed
from bot.domain.second import SIGN_WORTH
from config.reading_rules import ReadingRules

MOST_FEATURES = 60_000
_LEAST_SEEN = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as numbers: its n-grams and the rules' signs."""

    grams: NDArray[np.uint32]
    signs: tuple[str, ...]


def seen(text: str, rules: ReadingRules) -> Seen:
    """The features of ``text`` under ``rules``."""
    found = observed(text, None, rules)
    return Seen(np.unique(grams(found.scan.text)), found.signs)


@dataclass(frozen=True, slots=True)
class Space:
    """All features of a training set: numbers in order, the worth of each."""

    numbers: NDArray[np.uint32]
    worth: NDArray[np.float64]
    at: dict[int, int]

    def matrix(self, rows: Sequence[Seen]) -> sp.csr_matrix:
        """One line per message, as ``SecondReader`` values it."""
        lines: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for line, one in enumerate(rows):
            known = [self.at[n] for n in one.grams.tolist() if n in self.at]
            worth = self.worth[known]
            worth = worth / (np.linalg.norm(worth) or 1.0)
            signs = [at for name in one.signs if (at := self.at.get(sign(name))) is not None]
            columns += [*known, *signs]
            values += [*worth.tolist(), *[SIGN_WORTH] * len(signs)]
            lines += [line] * (len(known) + len(signs))
        shape = (len(rows), len(self.numbers))
        return sp.csr_matrix((values, (lines, columns)), shape=shape)


def space_of(rows: Sequence[Seen], least: int = _LEAST_SEEN) -> Space:
    """The features that at least ``least`` messages have; rare n-grams are worth more (idf)."""
    met = Counter(n for one in rows for n in one.grams.tolist())
    named = {sign(name) for one in rows for name in one.signs}
    kept = {n for n, count in met.most_common(MOST_FEATURES) if count >= least}
    numbers = sorted(kept | named)
    worth = [
        SIGN_WORTH if n in named else float(np.log((1 + len(rows)) / (1 + met[n]))) + 1.0
        for n in numbers
    ]
    at = {n: i for i, n in enumerate(numbers)}
    return Space(np.array(numbers, np.uint32), np.array(worth), at)
