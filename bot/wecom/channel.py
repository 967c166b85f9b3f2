"""What a door needs and gives (门): the seams between WeCom's wire and the machine.

Doors translate and nothing else. They receive an ``Ears`` (where events go), a ``Tokens`` store and
``Buckets`` from the engine, and are themselves ``Lane`` objects that the sender calls. Nothing
here knows storage; the engine plugs the real ones in.
"""

from datetime import datetime
from typing import Protocol

from bot.events import Event
from bot.messages import Message, Outgoing, Receipt


class Ears(Protocol):
    """Where a door hands over what it heard."""

    async def hear(self, event: Event) -> bool:
        """True when the event is new, False when its key was known; returns after the commit.

        Raises: OSError-like storage faults; the door must then answer so that WeCom repeats.
        """

    async def answer(self, key: str, within_s: float) -> Message | None:
        """The passive answer that the Turn of event ``key`` gave, or None after ``within_s``."""


class Now(Protocol):
    """Business time; transport time-outs use the loop's monotonic clock instead."""

    def __call__(self) -> datetime:
        """Aware UTC now."""


class Tokens(Protocol):
    """Remembers access tokens over processes and restarts; losing it costs one fetch."""

    async def get(self, name: str) -> tuple[str, datetime] | None:
        """Token and the business time it ends, or None."""

    async def put(self, name: str, token: str, until: datetime) -> None:
        """Keep it."""

    async def drop(self, name: str) -> None:
        """Forget it (it was refused)."""


class Buckets(Protocol):
    """Rate limits shared by all processes, in business time."""

    async def take(self, name: str, limits: tuple[tuple[int, int], ...], reserve: int = 0) -> float:
        """0.0 when one may go now (a token is taken), else business seconds to wait.

        ``limits`` are (count, seconds) windows, for example ((30, 60), (1000, 3600)). ``reserve``
        tokens of each window are kept back: danger passes 0, everything else the reserve.
        """


class Lane(Protocol):
    """One way out into WeCom."""

    name: str

    async def send(self, out: Outgoing) -> Receipt:
        """Say it once; the receipt tells what WeCom answered.

        Raises: ``bot.wecom.errors``: Limited (retry_after_s), Gone (this reply handle or code is
        used up; another way may work), Unreachable (``unknown`` tells whether it may have arrived),
        Refusal (will never work), NotAllowed (the operator must act).
        """
