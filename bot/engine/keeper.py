"""Keeps this process's leases (守租约): partitions, lanes, the clock.

Renews every second what it holds, takes what is free, and gives everything back at a clean stop.
``fence`` inside a transaction makes a process that slept too long harmless.
"""

import asyncio
import logging
import uuid

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.bells import Bell
from bot.lines import PARTITIONS
from storage import leases
from storage.leases import LeaseLost
from storage.writer import Writer

log = logging.getLogger(__name__)
RENEW_S = 1.0


class Keeper:
    """Which leases this process holds now."""

    def __init__(self, writer: Writer, lanes: tuple[str, ...], bell: Bell) -> None:
        self.owner = uuid.uuid4().hex[:12]
        self._writer = writer
        self._bell = bell
        self._names = (
            *(f"p{n}" for n in range(PARTITIONS)),
            "clock",
            *(f"lane:{n}" for n in lanes),
        )
        self._epochs: dict[str, int] = {}

    def also(self, name: str) -> None:
        """From the next renewal on that lease is sought as well (a door that only listens)."""
        if name not in self._names:
            self._names = (*self._names, name)

    @property
    def held(self) -> int:
        """How many leases this process holds."""
        return len(self._epochs)

    def epoch(self, name: str) -> int | None:
        """Our epoch of that lease, or None when somebody else holds it."""
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
                await asyncio.sleep(RENEW_S)
        finally:
            await asyncio.shield(self._release())

    async def renew(self) -> None:
        """Take or renew every lease once."""
        try:
            held = await self._writer.do(self._hold_all)
        except SQLAlchemyError as fault:
            log.warning("leases wait for the database: %s", type(fault).__name__)
            return
        if set(held) - set(self._epochs):
            self._bell.ring()
        self._epochs = held

    def _hold_all(self, conn: Connection) -> dict[str, int]:
        found = {name: leases.hold(conn, name, self.owner) for name in self._names}
        return {name: epoch for name, epoch in found.items() if epoch is not None}

    async def _release(self) -> None:
        self._epochs = {}
        await self._writer.do(lambda conn: leases.release(conn, self.owner))
