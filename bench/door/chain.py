"""Callback → read → ticket and its rows durable → encrypted reply, beside raw SQL (全程).

The raw one gets its rows from our own database: as many of each table as a Turn of ours left.
"""

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence

from bench.door import databases, house, raw, rows
from bench.door.load import closed
from bench.door.said import reports
from bench.door.served import Served, pin, serving
from bench.door.wire import Cipher, Said, frames, new_aes_key
from bench.lines import Asked, Found, Measure, Side, alternating

_WHAT = Measure("chain", "callback → rows of a Turn → encrypted reply ÷ raw SQL", 0.35, 0.55)
_MESSAGES, _WARM, _BEFORE = 200, 100, 200  # as long as there are houses (``said.DIFFERENT``)


class Talk:
    """Says new sentences to a robot's door each time it is asked."""

    def __init__(
        self, aes_key: str, count: int, say: Callable[[int, int], Iterator[Said]] = reports
    ) -> None:
        self._cipher, self._count, self._say = Cipher(aes_key, ""), count, say
        self._next = 0

    def load(self, path: str, count: int = 0) -> Sequence[bytes]:
        """The next so many requests."""
        start, count = self._next, count or self._count
        self._next += count
        return frames(self._cipher, path, self._say(start, count))

    def side(self, served: Served, path: str) -> Side:
        """One round of one program."""
        requests = self.load(path)
        return served.round(lambda url: closed(url, requests))[0]


def run(asked: Asked) -> Iterator[Found]:
    """SQLite, then PostgreSQL."""
    pin()
    for where in databases.NAMES:
        with databases.fresh(where) as url, databases.fresh(where) as other:
            if url is not None and other is not None:
                yield _measured(where, url, other, asked)


def _measured(where: str, url: str, other: str, asked: Asked) -> Found:
    key = new_aes_key()
    talk = Talk(key, int(_MESSAGES * asked.scale))
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="jingge-bench-"))
        given = [folder, url, key, "answer"]
        ours = stack.enter_context(serving("bench.door.house", given))
        closed(ours.url, talk.load(house.ANSWERING, _BEFORE))
        inserts = rows.left_by(url, _BEFORE)
        plain = [key, other, json.dumps(inserts)]
        theirs = stack.enter_context(serving("bench.door.raw", plain))
        closed(theirs.url, talk.load(raw.PATH, _WARM))
        rounds = alternating(
            lambda: talk.side(ours, house.ANSWERING),
            lambda: talk.side(theirs, raw.PATH),
            asked.rounds,
        )
    left = ", ".join(f"{table} {count}" for table, _, count in inserts)
    return Found(_WHAT, where, rounds, (f"rows for each message: {left}",))
