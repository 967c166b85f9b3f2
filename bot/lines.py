"""Order keys (先后的线): which events must be handled one after the other, and by which partition.

A line tells two conversations apart without telling whose they are. Called through ``bot.events``.
"""

import hashlib
from functools import lru_cache

PARTITIONS = 8


@lru_cache(maxsize=4096)  # asked several times for every event and every send
def line_of(chat: str) -> str:
    """Twelve hex digits that name a conversation without telling whose it is."""
    return hashlib.sha256(chat.encode()).hexdigest()[:12]


def partition_of(line: str) -> int:
    """0..7, stable over processes and versions."""
    return int(line, 16) % PARTITIONS
