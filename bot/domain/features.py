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
_STEPS = tuple(np.uint32(n) for n in (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F))
_SALTS = tuple(np.uint32(n) for n in (0x165667B1, 0xD3A2646C, 0xFD7046C5, 0xB55A4F09))
_MIX = (np.uint32(0x2C1B3C6D), np.uint32(0x297A2D39))
_SHIFT = (np.uint32(15), np.uint32(12))


def squeezed(text: str) -> str:
    """Normalised text as the n-grams see it: one blank for any run of blanks, digits as 0."""
    kept = " ".join(text[:_MOST_CHARS].translate(_DIGITS).split())
    return f"{_FIRST}{kept}{_LAST}"


def grams(text: str) -> Hashes:
    """The numbers of all n-grams (1–4) of a normalised text, by size and place; at most 2,408."""
    return np.concatenate(grams_at(text))


def grams_at(text: str) -> list[Hashes]:
    """For n = 1…4 the number of the n-gram that begins at each character of ``squeezed(text)``."""
    codes = np.frombuffer(squeezed(text).encode("utf-32-le", "replace"), dtype=np.uint32)
    found: list[Hashes] = []
    total = np.zeros(len(codes), dtype=np.uint32)
    for size in range(1, min(LONGEST, len(codes)) + 1):
        total = total[: len(codes) - size + 1] + codes[size - 1 :] * _STEPS[size - 1]
        found.append(_mixed(total ^ _SALTS[size - 1]))
    return found


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
