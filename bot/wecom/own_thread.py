"""A thread of its own (专用线程): for a library whose calls block for seconds.

One call after the other, never on the loop and never in the shared pool, where a hanging call would
hold up the reading of messages. The thread is a daemon: a library that never returns cannot keep
the program from ending. Used by ``archive_sdk``.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class OwnThread:
    """Runs what it is given, in order; begins with the first call, ends with ``close``."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    async def do(self, fn: Callable[[], T], within_s: float) -> T:
        """What ``fn`` returns. Raises: what ``fn`` raises; TimeoutError after ``within_s``."""
        if self._thread.ident is None:
            self._thread.start()
        future: Future[T] = Future()
        self._calls.put((future, fn))
        async with asyncio.timeout(within_s):
            return await asyncio.wrap_future(future)

    def close(self, last: Callable[[], None]) -> None:
        """End after what is queued, with ``last`` in the same thread; nobody waits for it."""
        if self._thread.ident is None:
            last()
            return
        self._calls.put((Future(), last))
        self._calls.put(None)

    def join(self, timeout_s: float) -> None:
        """Wait until the thread has ended, at most that long."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            future, fn = call
            if future.set_running_or_notify_cancel():
                _settle(future, fn)


def _settle(future: Future[Any], fn: Callable[[], Any]) -> None:
    try:
        result = fn()
    except BaseException as fault:  # handed on to whoever waits, as a pool does
        future.set_exception(fault)
    else:
        future.set_result(result)
