"""Keeps this process's leases (守租约): partitions, the clock, lanes, in fair shares.

Says regularly that this process lives, renews what is its part, takes what is free of that part,
gives the rest back, and everything at a clean stop (``bot.engine.sharing``). ``fence`` inside a
transaction makes a process that slept too long harmless to the database; ``holds`` ends with the
lease's own time, so that such a process says nothing either of what it had read before.
"""

import asyncio
import logging
import os
import socket
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.clock import passed_time
from bot.engine.sharing import shares
from storage import leases, processes
from storage.leases import LeaseLost
from storage.processes import Process
from storage.writer import Writer

log = logging.getLogger(__name__)
# One process alone has nobody to hurry for, and each beat is a commit on its disk.
RENEW_S, RENEW_ALONE_S = 0.5, 1.0


class Keeper:
    """Which leases this process holds now; ``others`` is how many processes live beside it."""

    def __init__(
        self,
        writer: Writer,
        seeks: Iterable[str],
        wake: Callable[[], None],
        *,
        loops: tuple[str, ...] = (),
        head: str = "",
        every_s: float = RENEW_S,
        good_s: float = leases.TTL_S,
    ) -> None:
        self.owner = uuid.uuid4().hex[:12]
        self._writer = writer
        self._wake = wake
        self._every_s = every_s
        self._good_s = good_s
        self._good_until = 0.0
        host, pid = socket.gethostname(), os.getpid()
        self._me = Process(self.owner, host, pid, loops, head, frozenset(seeks))
        self._epochs: dict[str, int] = {}
        self.others = 0

    def also(self, name: str) -> None:
        """From the next renewal on that lease is sought as well (a door that only listens)."""
        self._me = replace(self._me, seeks=self._me.seeks | {name})

    def no_more(self, name: str) -> None:
        """That lease is given back with the next renewal: its lane is gone."""
        self._me = replace(self._me, seeks=self._me.seeks - {name})
        self._epochs.pop(name, None)

    @property
    def held(self) -> int:
        """How many leases this process holds."""
        return len(self._epochs)

    def holds(self, name: str) -> bool:
        """Whether that lease is ours for certain: its last renewal has not run out."""
        return name in self._epochs and passed_time() < self._good_until

    def epoch(self, name: str) -> int | None:
        """Our epoch of that lease as the database last said; None when it was somebody else's."""
        return self._epochs.get(name)

    def fence(self, conn: Connection, name: str) -> None:
        """Pass when the lease is still ours in this transaction. Raises: LeaseLost."""
        epoch = self._epochs.get(name)
        if epoch is None:
            raise LeaseLost(name)
        leases.fence(conn, name, self.owner, epoch)

    async def run(self) -> None:
        """Renew for ever; at a clean stop everything is given back."""
        try:
            while True:
                await self.renew()
                await asyncio.sleep(self._every_s)
        finally:
            await asyncio.shield(self._release())

    async def renew(self) -> None:
        """Take or renew every lease of our part once."""
        asked_at = passed_time()
        try:
            held, self.others = await self._writer.do(self._beat)
        except SQLAlchemyError as fault:
            log.warning("leases wait for the database: %s", type(fault).__name__)
            return
        is_news = set(held) - set(self._epochs) or passed_time() > self._good_until
        self._epochs, self._good_until = held, asked_at + self._good_s
        if is_news:
            self._wake()

    def _beat(self, conn: Connection) -> tuple[dict[str, int], int]:
        now = processes.beat(conn, self._me)
        living, holders = processes.living(conn, now), leases.holders(conn, now)
        owners = shares(living, holders)
        part = {name for name, owner in owners.items() if owner == self.owner}
        leases.release(conn, self.owner, but=part)
        held = leases.renew(conn, part, self.owner)
        for name in sorted(part - set(held)):
            epoch = leases.hold(conn, name, self.owner)
            if epoch is not None:
                held[name] = epoch
        return held, len(living) - 1

    async def _release(self) -> None:
        self._epochs = {}
        await self._writer.do(self._leave)

    def _leave(self, conn: Connection) -> None:
        leases.release(conn, self.owner)
        processes.leave(conn, self.owner)
