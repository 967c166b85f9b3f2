"""The simulated clock and what falls due on it: token lives, reply windows, frozen streams.

Real time plus an offset, flowing at 1x: `POST /sim/clock` moves the offset, never backwards.
Transport (5 s answers, retries) stays on the real monotonic clock and does not come here.
"""

import heapq
import itertools
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))


class SimClock:
    """Simulated time of one running simulator."""

    def __init__(self, start: datetime | None = None) -> None:
        self._heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self.restart(start)

    def restart(self, start: datetime | None) -> None:
        """Set the clock to ``start`` (now, when None) and forget everything scheduled."""
        self._base = (start or datetime.now(SHANGHAI)).astimezone(SHANGHAI)
        self._since = time.monotonic()
        self._heap.clear()

    def now(self) -> datetime:
        """The simulated moment, aware, in +08:00."""
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def seconds(self) -> float:
        """The simulated moment in seconds since 1970."""
        return self.now().timestamp()

    def move_to(self, moment: datetime) -> None:
        """Jump to ``moment``; a moment in the past changes nothing."""
        ahead = moment - self.now()
        if ahead > timedelta(0):
            self._base += ahead

    def later(self, delay_s: float, do: Callable[[], None]) -> None:
        """Call ``do`` when ``delay_s`` simulated seconds have passed."""
        due = self.now() + timedelta(seconds=delay_s)
        heapq.heappush(self._heap, (due, next(self._order), do))

    def next_due(self) -> datetime | None:
        """When the next scheduled call falls due, or None."""
        return self._heap[0][0] if self._heap else None

    def run_due(self) -> int:
        """Do everything that is due, in order; how many calls that were."""
        done = 0
        while self._heap and self._heap[0][0] <= self.now():
            heapq.heappop(self._heap)[2]()
            done += 1
        return done


def iso(moment: datetime) -> str:
    """``moment`` as ISO 8601 with milliseconds and +08:00."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="milliseconds")


def parse_moment(text: str) -> datetime:
    """The aware moment that ``text`` (ISO 8601) names; without zone it is +08:00.

    Raises: ValueError, when it is no such text.
    """
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
