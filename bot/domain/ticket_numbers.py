"""Ticket numbers (编号): station, day, serial and a check letter, readable by phone.

``XH260304-0012K``: people type only ``0012`` while that is unique among the tickets they may see.
The check letter catches a slip of one digit. Handlers make and find numbers with this module.
"""

import re
from datetime import datetime

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23, a prime: no slip of one digit keeps its letter
_FULL = re.compile(r"[A-Z]{1,6}\d{6}-\d{4,6}[A-Z]", re.IGNORECASE)
_ANY = re.compile(r"[A-Z]{1,6}\d{6}-\d{4,6}[A-Z]|(?<![\dA-Z-])\d{4}[A-Z]?(?![\d-])", re.IGNORECASE)


def make(prefix: str, local: datetime, serial: int) -> str:
    """The full number of the ``serial``-th ticket of that local day."""
    body = f"{prefix}{local:%y%m%d}-{serial:04d}"
    return body + check_letter(body)


def check_letter(body: str) -> str:
    """The letter that belongs to a number without its letter."""
    digits = [int(c) for c in body if c.isdigit()]
    return _LETTERS[sum(d * (7 - i % 6) for i, d in enumerate(digits)) % len(_LETTERS)]


def is_full(text: str) -> bool:
    """True when ``text`` is a whole number with prefix and letter."""
    return _FULL.fullmatch(text) is not None


def found_in(text: str) -> list[str]:
    """All numbers in a text, in order, each once: full ones in capitals, short ones as 4 digits."""
    seen: dict[str, None] = {}
    for match in _ANY.finditer(text):
        word = match.group().upper()
        seen[word if is_full(word) else word[:4]] = None
    return list(seen)


def serial_in(number: str) -> str:
    """The digits people say; a text that is no whole number stays as it is."""
    return number.rsplit("-", 1)[1][:-1] if is_full(number) else number
