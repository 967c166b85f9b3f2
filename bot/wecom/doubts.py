"""Sends whose end is not known (存疑): what a lane remembers between two tries of one row.

A text in several parts may break off in the middle, and an answer may get lost after WeCom has
acted. The next try asks here how far the last one came. Kept in memory only: after a restart the
platform's own keys (stream id, task_id) are the guard. Used by the lanes.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.wecom.errors import Unreachable

_REMEMBERED = 1000


class Doubts:
    """Parts already said and outcomes unknown, by the key of the outgoing row."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[int, bool]] = OrderedDict()

    def parts_said(self, key: str) -> int:
        """How many parts of this row have certainly arrived."""
        return self._known.get(key, (0, False))[0]

    def is_doubtful(self, key: str) -> bool:
        """Whether the last try may have arrived without our knowing."""
        return self._known.get(key, (0, False))[1]

    def part_said(self, key: str) -> None:
        """One more part has arrived."""
        self._keep(key, self.parts_said(key) + 1, False)

    def forget(self, key: str) -> None:
        """The row is done."""
        self._known.pop(key, None)

    @contextmanager
    def watching(self, key: str) -> Iterator[None]:
        """Remembers an unknown outcome of the send inside. Raises: what the send raises."""
        try:
            yield
        except Unreachable as fault:
            if fault.unknown:
                self._keep(key, self.parts_said(key), True)
            raise

    def _keep(self, key: str, parts: int, doubtful: bool) -> None:
        self._known[key] = (parts, doubtful)
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
