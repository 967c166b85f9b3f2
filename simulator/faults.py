"""Faults that a test arms: lost requests, lost answers, cuts, errors, delays.

A fault waits armed until a call, frame, callback or connection fits it, acts ``times`` times and
is spent. What it breaks is the test's doing and never stands in ``/sim/errors``.
"""

import itertools
from dataclasses import asdict, dataclass, field

from simulator.world import Json

ACTIONS = (
    "delay",
    "drop_request",
    "drop_answer",
    "duplicate",
    "error",
    "http",
    "cut",
    "refuse",
    "silent",
)
_KEYS = {"on", "do", "code", "delay_s", "after", "times", "user", "chat"}


class BadFault(ValueError):
    """The fault cannot be armed; the text says why."""


@dataclass
class Fault:
    """One armed fault; ``left`` counts down to zero."""

    id: str
    on: str
    do: str
    code: int = 0
    delay_s: float = 0.0
    after: str | None = None
    left: int = 1
    user: str | None = None
    chat: str | None = None

    def fits(self, on: str, users: set[str], chats: set[str]) -> bool:
        """Whether it acts on this call."""
        return (
            self.left > 0
            and self.on == on
            and (self.user is None or self.user.lower() in users)
            and (self.chat is None or self.chat in chats)
        )

    @property
    def processes(self) -> bool:
        """Whether the call is carried out although its answer is disturbed."""
        return self.after is not None or self.do in ("drop_answer", "duplicate", "delay")


@dataclass
class FaultBoard:
    """All faults of this run."""

    faults: list[Fault] = field(default_factory=list)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def arm(self, body: Json) -> Fault:
        """Arm what the control API was asked for.

        Raises: BadFault, when a key or value is unknown.
        """
        unknown = set(body) - _KEYS
        if unknown:
            raise BadFault(f"unknown key {sorted(unknown)}")
        if not isinstance(body.get("on"), str) or not body["on"]:
            raise BadFault("on: endpoint, ws cmd, callback or socket")
        if body.get("do") not in ACTIONS:
            raise BadFault(f"do: one of {', '.join(ACTIONS)}")
        if body.get("after") not in (None, "accept", "deliver"):
            raise BadFault("after: accept or deliver")
        try:
            fault = Fault(
                id=f"fault{next(self._ids)}",
                on=body["on"].removeprefix("/cgi-bin/"),
                do=body["do"],
                code=int(body.get("code") or 0),
                delay_s=float(body.get("delay_s") or 0),
                after=body.get("after"),
                left=int(body.get("times", 1)),
                user=body.get("user"),
                chat=body.get("chat"),
            )
        except (TypeError, ValueError) as bad:
            raise BadFault("code, delay_s and times are numbers") from bad
        self.faults.append(fault)
        return fault

    def take(
        self,
        on: str,
        users: set[str] | None = None,
        chats: set[str] | None = None,
        do: tuple[str, ...] = ACTIONS,
        after: tuple[str | None, ...] = (None, "accept", "deliver"),
    ) -> Fault | None:
        """The first fault that fits, used up by one; None when there is none."""
        lowered = {user.lower() for user in users or set()}
        for fault in self.faults:
            if fault.do in do and fault.after in after and fault.fits(on, lowered, chats or set()):
                fault.left -= 1
                return fault
        return None

    def holds(self, on: str, do: str) -> bool:
        """Whether such a fault is armed, without using it up."""
        return any(one.on == on and one.do == do and one.left > 0 for one in self.faults)

    def as_json(self) -> list[Json]:
        """All faults, spent ones with ``left`` 0."""
        return [asdict(fault) for fault in self.faults]

    def clear(self, fault_id: str | None = None) -> int:
        """Forget one fault or all; how many."""
        kept = [one for one in self.faults if fault_id is not None and one.id != fault_id]
        gone = len(self.faults) - len(kept)
        self.faults = kept
        return gone
