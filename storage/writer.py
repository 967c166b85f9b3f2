"""The writer (写线程): one thread, many jobs, one commit (group commit).

Whoever wants to change the database hands a plain function to ``do``. The thread takes what has
gathered, runs each job under its own savepoint in one transaction, commits once, and only then
tells everybody. A job that raises undoes only itself; a commit that fails as a whole is repeated
job by job, so that one poisonous job cannot sink its neighbours; one that met a dead connection,
or that another process's commit was in a knot with, is tried again by itself. Jobs must be
repeatable.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.database import Database

log = logging.getLogger(__name__)
T = TypeVar("T")
MOST_PER_COMMIT = 64
_DEADLOCK = "40P01"
_KNOT_PAUSES = (0.01, 0.05, 0.2)


class _Job:
    """A function, its future, and what it returned before the commit made it true."""

    def __init__(self, fn: Callable[[Connection], Any]) -> None:
        self.fn = fn
        self.future: Future[Any] = Future()
        self.result: Any = None
        self.fault: Exception | None = None

    def alone(self, conn: Connection) -> None:
        """Run with the whole transaction for itself: what it raises undoes all of it."""
        self.result, self.fault = None, None
        self.result = self.fn(conn)

    def run(self, conn: Connection) -> None:
        """Run under a savepoint; a fault of the job is kept, a dead connection is raised."""
        self.result, self.fault = None, None
        try:
            with conn.begin_nested():
                self.result = self.fn(conn)
        except Exception as fault:
            if not conn.in_transaction() or conn.invalidated:
                raise
            self.fault = fault

    def tell(self) -> None:
        """Give the outcome to whoever waits."""
        if self.fault is not None:
            self.future.set_exception(self.fault)
        else:
            self.future.set_result(self.result)


class Writer:
    """The one thread that writes; ``start`` before use, ``stop`` finishes what was handed in."""

    def __init__(self, database: Database, window_s: float = 0.002) -> None:
        self._database = database
        self._window_s = window_s
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self.commits = 0
        self.committed: Callable[[float], None] = lambda _seconds: None
        """Hears how long each commit took, in the writing thread."""
        self._began = 0.0

    @property
    def is_running(self) -> bool:
        """True while the thread lives."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """How many jobs wait for the thread, those at work left out."""
        return self._jobs.qsize()

    @property
    def busy_s(self) -> float:
        """Seconds that the thread has been at its present batch; 0 while it waits for work."""
        began = self._began
        return time.monotonic() - began if began else 0.0

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is queued, then end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def submit(self, fn: Callable[[Connection], T]) -> Future[T]:
        """Future of ``fn``'s result; done only after its commit."""
        job = _Job(fn)
        self._jobs.put(job)
        return job.future

    async def do(self, fn: Callable[[Connection], T]) -> T:
        """``fn``'s result after its commit. Raises: what ``fn`` raised, or the database's fault."""
        return await asyncio.shield(asyncio.wrap_future(self.submit(fn)))

    def _work(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch, last = self._gather(first)
            wanted = [job for job in batch if job.future.set_running_or_notify_cancel()]
            if wanted:
                self._began = time.monotonic()
                self._commit(wanted)
                self.committed(time.monotonic() - self._began)
                self._began = 0.0
            if last:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        """What is waiting now; only when there is company does it wait for more."""
        batch = [first]
        while len(batch) < MOST_PER_COMMIT:
            try:
                wait = self._window_s if len(batch) > 1 else 0.0
                job = self._jobs.get(timeout=wait) if wait else self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _commit(self, batch: list[_Job], *, is_last_try: bool = False, knots: int = 0) -> None:
        try:
            with self._database.writer_engine.begin() as conn:
                if len(batch) == 1:
                    batch[0].alone(conn)
                for job in batch if len(batch) > 1 else ():
                    job.run(conn)
        except Exception as fault:
            if not is_last_try and (len(batch) > 1 or _lost_connection(fault)):
                log.warning(
                    "commit of %d failed (%s); one by one", len(batch), type(fault).__name__
                )
                for job in batch:
                    self._commit([job], is_last_try=len(batch) == 1)
                return
            batch[0].fault = fault
        self.commits += 1
        again = [job for job in batch if knots < len(_KNOT_PAUSES) and _is_knot(job.fault)]
        for job in batch:
            if job not in again:
                job.tell()
        for job in again:
            time.sleep(_KNOT_PAUSES[knots])  # else it may be back before the other has gone on
            self._commit([job], is_last_try=True, knots=knots + 1)


def _is_knot(fault: Exception | None) -> bool:
    """True when two writers waited for each other and PostgreSQL chose this one to give way."""
    return isinstance(fault, DBAPIError) and getattr(fault.orig, "sqlstate", "") == _DEADLOCK


def _lost_connection(fault: Exception) -> bool:
    """True when the connection had died, perhaps long before: a new one may well succeed."""
    return isinstance(fault, DBAPIError) and fault.connection_invalidated
