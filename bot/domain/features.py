"""What the second reader looks at (特征): character n-grams and the signs that the rules found.

Every feature is a 32-bit number, so that a model is a few arrays and no dictionary: n-grams of one
to four characters are mixed from their code points by numpy, signs of the rules (``cat:P10``,
``tone:ask``) by their names. The same code serves reading and training. Pure.
"""

import zlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]

LONGEST = 4
_MOST_CHARS = 600
_FIRST, _LAST = "\x02", "\x03"
_DIGITS = str.maketrans("123456789", "000000000")
_STEPS = np.array((0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F), dtype=np.uint32)
_SALTS = np.array((0x165667B1, 0xD3A2646C, 0xFD7046C5, 0xB55A4F09), dtype=np.uint32)
_PADDING = np.zeros(LONGEST - 1, dtype=np.uint32)
_WINDOWS = np.arange(_MOST_CHARS + 2)[:, None] + np.arange(LONGEST)
_MIX = (np.uint32(0x2C1B3C6D), np.uint32(0x297A2D39))
_SHIFT = (np.uint32(15), np.uint32(12))


def squeezed(text: str) -> str:
    """Normalised text as the n-grams see it: one blank for any run of blanks, digits as 0."""
    kept = " ".join(text[:_MOST_CHARS].translate(_DIGITS).split())
    return f"{_FIRST}{kept}{_LAST}"


def grams(text: str) -> Hashes:
    """The numbers of the n-grams (1–4) of a normalised text, each once, rising; at most 2,408."""
    table = _table(text)
    return _unlike(table.ravel())


def grams_at(text: str) -> list[Hashes]:
    """For n = 1…4 the number of the n-gram that begins at each character of ``squeezed(text)``."""
    table = _table(text)
    return [table[: max(0, len(table) - size), size] for size in range(LONGEST)]


def _table(text: str) -> Hashes:
    """Row i, column n: the number of the n+1 characters from i; past the end that of (0, 0)."""
    codes = np.frombuffer(squeezed(text).encode("utf-32-le", "replace"), dtype=np.uint32)
    length = len(codes)
    padded = np.concatenate((codes, _PADDING))
    table = _mixed(np.cumsum(padded[_WINDOWS[:length]] * _STEPS, axis=1, dtype=np.uint32) ^ _SALTS)
    for size in range(1, LONGEST):
        table[max(0, length - size) :, size] = table[0, 0]
    return table


def _unlike(numbers: Hashes) -> Hashes:
    """The same numbers, each once, in rising order."""
    rising = np.sort(numbers)
    kept = np.ones(len(rising), dtype=np.bool_)
    np.not_equal(rising[1:], rising[:-1], out=kept[1:])
    return rising[kept]


def _mixed(values: Hashes) -> Hashes:
    """The bits of every number spread over the whole, so that near n-grams lie far apart."""
    for factor, shift in zip(_MIX, _SHIFT, strict=True):
        values = (values ^ (values >> shift)) * factor
    return values ^ (values >> _SHIFT[0])


@lru_cache(maxsize=4096)
def sign(name: str) -> int:
    """The number of a rule's sign such as ``cat:P10``."""
    return zlib.crc32(f"sign {name}".encode())


def signs(names: Iterable[str]) -> Hashes:
    """The numbers of signs, in their order."""
    return np.fromiter((sign(name) for name in names), dtype=np.uint32)
