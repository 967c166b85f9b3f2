"""Danger that waits behind a held event (排在后面的险情): looked for where something is held.

What is heard is kept before anybody reads it, so that its door is answered at once; its Turn reads
it. Only where an event of the same conversation is held would it wait longer, and there each of
those that wait is read once, in a thread, so that danger goes first. Called by the worker.
"""

import logging
from collections.abc import Collection

from bot.domain.reading import read
from bot.events import unpack, words_of
from config.rules import Rules
from config.vocabulary import Danger
from storage import inbox
from storage.session import Db

log = logging.getLogger(__name__)
LONGEST_TEXT = 10_000


class Behind:
    """Remembers what was looked at as long as anything is held."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def dangers(
        self, db: Db, lines: Collection[str], held: Collection[int], rules: Rules
    ) -> list[int]:
        """The rows of these conversations in which danger is; each row is told once at most."""
        if not lines:
            self._seen.clear()
            return []
        waiting = inbox.behind(db, lines, self._seen | set(held))
        self._seen.update(waiting)
        return [row for row, payload in waiting.items() if _is_dangerous(row, payload, rules)]

    def again(self, rows: Collection[int]) -> None:
        """Their mark was not kept: they are looked at once more."""
        self._seen.difference_update(rows)


def _is_dangerous(row: int, payload: str, rules: Rules) -> bool:
    try:
        event = unpack(payload)
        words = words_of(event)[:LONGEST_TEXT]
        if not words:
            return False
        reading = read(words, event.at, None, rules.reading, addressed=True)
    except Exception:  # its own Turn stumbles too, and the operator is told
        log.exception("cannot look at row %d", row)
        return False
    return reading.danger is not Danger.NONE
