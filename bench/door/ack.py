"""Encrypted callback → durable inbox row → 200, beside the bare one (确认).

The bare one decrypts, parses and answers; ours keeps the event as well before it answers, in the
real program. What is kept is not worked meanwhile, so that the line is about the acknowledgement.
"""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.door import bare, databases
from bench.door.load import Answered, closed
from bench.door.said import reports
from bench.door.served import Served, pin, serving
from bench.door.wire import CORP, Cipher, letters, new_aes_key
from bench.lines import Asked, Found, Measure, Side, alternating

_WHAT = Measure("ack", "callback → durable row → 200 ÷ bare aiohttp + AES + parse", 0.55, 0.8)
_MESSAGES, _WARM = 12_000, 500


def run(asked: Asked) -> Iterator[Found]:
    """SQLite, then PostgreSQL."""
    pin()
    for where in databases.NAMES:
        with databases.fresh(where) as url:
            if url is not None:
                yield _measured(where, url, asked)


class Mouth:
    """Says new sentences each time it is asked."""

    def __init__(self, aes_key: str, count: int) -> None:
        self._cipher = Cipher(aes_key, CORP)
        self._count = count
        self._next = 0

    def load(self, path: str, count: int = 0) -> Sequence[bytes]:
        """The next so many requests."""
        start, count = self._next, count or self._count
        self._next += count
        return letters(self._cipher, path, reports(start, count))

    def side(self, served: Served, path: str) -> Side:
        """One round of one program."""
        requests = self.load(path)

        def loaded(url: str) -> Answered:
            return closed(url, requests)

        return served.round(loaded)[0]


def _measured(where: str, url: str, asked: Asked) -> Found:
    key = new_aes_key()
    mouth = Mouth(key, int(_MESSAGES * asked.scale))
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="jingge-bench-"))
        house = [str(Path(folder)), url, key, "ack"]
        ours = stack.enter_context(serving("bench.door.house", house))
        theirs = stack.enter_context(serving("bench.door.bare", [key]))
        for served, path in ((ours, "/wecom/app"), (theirs, bare.PATH)):
            closed(served.url, mouth.load(path, _WARM))
        rounds = alternating(
            lambda: mouth.side(ours, "/wecom/app"),
            lambda: mouth.side(theirs, bare.PATH),
            asked.rounds,
        )
    return Found(_WHAT, where, rounds)
