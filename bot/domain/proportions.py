"""Shares that say how sure they are (比例): right out of n, with Wilson's interval.

Twenty of twenty is not "100 %": the interval says what the share may really be. Used for the
daily sample and for the words that ``tune`` proposes. Pure.
Source: E. B. Wilson, Probable Inference, JASA 22 (1927) 209–212.
"""

from dataclasses import dataclass
from math import sqrt

_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Proportion:
    """``hits`` of ``n``; ``low`` and ``high`` hold the true share with 95 %."""

    hits: int
    n: int

    @property
    def share(self) -> float:
        """Hits per trial; 0 where nothing was tried."""
        return self.hits / self.n if self.n else 0.0

    @property
    def low(self) -> float:
        """Lower end of the interval; 0 where nothing was tried."""
        return self._middle_and_half()[0]

    @property
    def high(self) -> float:
        """Upper end of the interval; 1 where nothing was tried."""
        return self._middle_and_half()[1]

    def _middle_and_half(self) -> tuple[float, float]:
        if not self.n:
            return 0.0, 1.0
        z2 = _Z95 * _Z95
        middle = (self.share + z2 / (2 * self.n)) / (1 + z2 / self.n)
        spread = self.share * (1 - self.share) / self.n + z2 / (4 * self.n * self.n)
        half = _Z95 * sqrt(spread) / (1 + z2 / self.n)
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def words(self) -> str:
        """``45/50（90%，79–96%）`` for people; 没有 where nothing was tried."""
        if not self.n:
            return "没有"
        return f"{self.hits}/{self.n}（{self.share:.0%}，{self.low * 100:.0f}–{self.high:.0%}）"
