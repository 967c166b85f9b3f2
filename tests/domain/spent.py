"""How much slower something is than a plain loop over the same text; no clock decides alone."""

import time
from collections.abc import Callable

ALLOWED = 400
"""Steps of a plain loop per character; about 20 ms per 1,000 characters on a common machine."""


def steps_per_character(read: Callable[[str], object], text: str) -> float:
    """Cost of ``read(text)`` in steps of a plain loop, per character; the best of three runs."""
    read(text)
    return min(_ratio(read, text) for _ in range(3))


def _ratio(read: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    total = 0
    for char in text * 10:
        total += ord(char)
    loop = (time.thread_time() - began) / 10
    began = time.thread_time()
    read(text)
    return (time.thread_time() - began) / loop
