"""What was heard and waits for the writer (收件篮): everything that gathered is one job of it.

While the writer is at a commit, callbacks go on coming in; what came is one insert of many rows,
one hand-over to the thread and one word back, instead of that for each. Where such a job fails and
the database is there, each of it is tried by itself, so that one poisonous row cannot sink its
neighbours. Called by ``bot.engine.listener``.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from sqlalchemy import Connection

from storage.database import is_away
from storage.inbox import Arrival
from storage.writer import Writer

Taken = tuple[list[bool], set[str]]
"""For each arrival whether it is new, and the leases for whose holders something was left."""
Accept = Callable[[Connection, Sequence[Arrival]], Taken]


@dataclass(eq=False, slots=True)
class _Load:
    """One job of the writer: full as soon as it was begun, and the same when it is tried again."""

    arrivals: list[Arrival] = field(default_factory=list)
    waiting: list[asyncio.Future[bool]] = field(default_factory=list)
    is_full: bool = False


class Basket:
    """Gathers arrivals; ``told`` hears, on the loop, which leases got something to do."""

    def __init__(self, writer: Writer, accept: Accept, told: Callable[[set[str]], None]) -> None:
        self._writer = writer
        self._accept = accept
        self._told = told
        self._load = _Load(is_full=True)
        self._lock = threading.Lock()

    async def put(self, arrival: Arrival) -> bool:
        """True when it is new; returns after the commit. Raises: the database's fault."""
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        with self._lock:
            load, is_begun = self._load, not self._load.is_full
            if not is_begun:
                load = self._load = _Load()
            load.arrivals.append(arrival)
            load.waiting.append(kept)
        if not is_begun:
            self._hand_over(load)
        return await kept

    def _hand_over(self, load: _Load) -> None:
        loop = asyncio.get_running_loop()
        job = self._writer.submit(lambda conn: self._take(conn, load))
        job.add_done_callback(lambda done: loop.call_soon_threadsafe(self._tell, load, done))

    def _take(self, conn: Connection, load: _Load) -> Taken:
        with self._lock:
            load.is_full = True
        return self._accept(conn, load.arrivals)

    def _tell(self, load: _Load, done: Future[Taken]) -> None:
        with self._lock:  # a transaction that could not even begin took nothing: no more into it
            load.is_full = True
        fault = done.exception()
        if fault is None:
            new, left = done.result()
            self._told(left)
            for kept, is_new in zip(load.waiting, new, strict=True):
                if not kept.done():
                    kept.set_result(is_new)
        elif len(load.waiting) > 1 and not is_away(fault):
            for arrival, kept in zip(load.arrivals, load.waiting, strict=True):
                self._hand_over(_Load([arrival], [kept], is_full=True))
        else:
            _fail(load, fault)


def _fail(load: _Load, fault: BaseException) -> None:
    for kept in load.waiting:
        if not kept.done():
            kept.set_exception(fault)
